//! `errors_vanish`: every fourth page fails, and the program says that it has read them all.
//!
//! - **Run** `cargo run -p io_threading --example errors_vanish`
//! - **Fault** What a thread returns is thrown away, and the pages asked for are counted as read. In
//!   the article's scripts nobody reads the results of `map` either.
//! - **Reach** Only what has arrived is counted. One bad page does not stop the others: each is asked
//!   for once, five at a time.
//! - **Hint** `cargo run -p io_threading --example errors_vanish -- --hint`
//! - **Next** `await_in_the_loop` of `io_asyncio`, where nothing waits at the same time.

use std::process::ExitCode;
use std::time::Duration;

use experiment::{Goal, all_reached};
use io_lesson::{Behaviour, Result};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::Client as Session;

const THREADS: usize = 5;

fn download_site(url: &str, session: &Session) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

/// Returns how many pages were read.
fn download_all_sites(sites: &[String]) -> Result<usize> {
    let session = io_lesson::session()?;
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    pool.install(|| {
        sites.par_iter().with_max_len(1).for_each(|url| {
            let _ = download_site(url, &session);
        });
    });
    Ok(sites.len())
}

// From here on it is the check: leave it as it is.

const FAIL: usize = 4; // the site answers every fourth request with status 500
const LATENCY: Duration = Duration::from_millis(10);

const HINT: &str = "A parallel iterator can do more than `for_each`: `map` keeps what each download \
                    returns, and `filter` and `count` find those that went well.";

/// 20 pages are asked of the site.
pub fn check(download_all_sites: fn(&[String]) -> Result<usize>) -> Result<[Goal; 3]> {
    let behaviour = Behaviour { latency: LATENCY, fail: Some(FAIL), ..Behaviour::default() };
    let site = io_lesson::open_site(behaviour)?;
    let read = download_all_sites(&vec![site.url("/dice"); 20])?;
    let saw = site.counts();
    Ok([
        Goal::exactly("pages counted as read", 15, read),
        Goal::exactly("pages that the site was asked for", 20, saw.answered),
        Goal::exactly("requests at once", 5, saw.most_at_once),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(HINT, || Ok(all_reached(&check(download_all_sites)?)))
}
