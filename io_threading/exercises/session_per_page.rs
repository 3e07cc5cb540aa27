//! `session_per_page`: five threads make a new session for each of 160 pages.
//!
//! - **Run** `cargo run -p io_threading --example session_per_page`
//! - **Fault** Each session opens a connection of its own and is thrown away after one page.
//! - **Reach** At most 5 connections. All pages are answered, still 5 at once at some moment and never
//!   more. A page that is missing is still an error.
//! - **Hint** `cargo run -p io_threading --example session_per_page -- --hint`
//! - **Next** `errors_vanish`, where all seems to go well.

use std::process::ExitCode;
use std::time::Duration;

use io_lesson::{Behaviour, Result};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const THREADS: usize = 5;

fn download_site(url: &str) -> Result<()> {
    let session = io_lesson::session()?;
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

fn download_all_sites(sites: &[String]) -> Result<()> {
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    pool.install(|| sites.par_iter().with_max_len(1).try_for_each(|url| download_site(url)))
}

// From here on it is the check: leave it as it is.

use experiment::{Goal, all_reached};

const LATENCY: Duration = Duration::from_millis(10);

/// 160 pages are asked of the site, and then three of which one is missing.
pub fn check(download_all_sites: fn(&[String]) -> Result<()>) -> Result<[Goal; 4]> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    download_all_sites(&vec![site.url("/dice"); 160])?;
    let saw = site.counts();
    let missing = [site.url("/dice"), site.url("/missing"), site.url("/dice")];
    let error = download_all_sites(&missing);
    Ok([
        Goal::at_most("connections", 5, saw.connections),
        Goal::exactly("requests at once", 5, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 160, saw.answered),
        Goal::exactly("errors, if one of three is missing", 1, usize::from(error.is_err())),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(download_all_sites)?)))
}
