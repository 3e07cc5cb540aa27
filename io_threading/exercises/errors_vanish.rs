//! `errors_vanish`: every fourth page is missing, and the program says that it has read them all.
//!
//! - **Run** `cargo run -p io_threading --example errors_vanish`
//! - **Fault** What a thread returns is thrown away, and the pages asked for are taken for read. In the
//!   article's scripts nobody reads the results of `map` either.
//! - **Reach** Only what has arrived is returned. One bad page does not stop the others: each is asked
//!   for once, five at once at some moment and never more.
//! - **Hint** `cargo run -p io_threading --example errors_vanish -- --hint`
//! - **Next** `await_in_the_loop` of `io_asyncio`, where nothing waits at the same time.

use std::process::ExitCode;
use std::time::Duration;

use io_lesson::{Behaviour, Result};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::Client as Session;

const THREADS: usize = 5;

fn download_site(url: &str, session: &Session) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

/// Returns the pages that were read.
fn download_all_sites(sites: &[String]) -> Result<Vec<String>> {
    let session = io_lesson::session()?;
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    pool.install(|| {
        sites.par_iter().with_max_len(1).for_each(|url| {
            let _ = download_site(url, &session);
        });
    });
    Ok(sites.to_vec())
}

// From here on it is the check: leave it as it is.

use experiment::{Goal, all_reached};

const LATENCY: Duration = Duration::from_millis(10);

/// 20 pages are asked of the site, and every fourth is missing.
pub fn check(download_all_sites: fn(&[String]) -> Result<Vec<String>>) -> Result<[Goal; 4]> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    let [dice, missing] = ["/dice", "/missing"].map(|path| site.url(path));
    let sites = [&dice, &dice, &dice, &missing].repeat(5);
    let read = download_all_sites(&sites.into_iter().cloned().collect::<Vec<_>>())?;
    let saw = site.counts();
    let of = |page| read.iter().filter(|read| *read == page).count();
    Ok([
        Goal::exactly("pages returned", 15, of(&dice)),
        Goal::exactly("missing pages returned", 0, of(&missing)),
        Goal::exactly("pages that the site was asked for", 20, saw.answered),
        Goal::exactly("requests at once", 5, saw.most_at_once),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(download_all_sites)?)))
}
