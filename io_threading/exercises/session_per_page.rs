//! `session_per_page`: five threads make a new session for each of 160 pages.
//!
//! - **Run** `cargo run -p io_threading --example session_per_page`
//! - **Fault** Each session opens a connection of its own and is thrown away after one page.
//! - **Reach** At most 5 connections, with all pages read and still 5 requests at once.
//! - **Hint** `cargo run -p io_threading --example session_per_page -- --hint`
//! - **Next** `errors_vanish`, where all seems to go well.

use std::process::ExitCode;
use std::time::Duration;

use experiment::Goal;
use io_lesson::Behaviour;
use io_lesson::Result;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const PAGES: usize = 160;
const THREADS: usize = 5;
const LATENCY: Duration = Duration::from_millis(10);

const HINT: &str = "A session keeps its connection open, so make fewer of them. io_threading/src/main.rs has one \
                    for each thread. One for all threads does as well: make it before the pool.";

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

fn attempt() -> Result<bool> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    download_all_sites(&vec![site.url("/dice"); PAGES])?;
    let saw = site.counts();
    Ok(experiment::all_reached(&[
        Goal::at_most("connections", 5, saw.connections),
        Goal::exactly("requests at once", 5, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 160, saw.answered),
    ]))
}

fn main() -> ExitCode {
    experiment::exercise(HINT, attempt)
}
