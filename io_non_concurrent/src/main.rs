//! `io_non_concurrent`: 160 pages, downloaded one after the other.
//!
//! - **Run** `cargo run -p io_non_concurrent`
//! - **See** 160 lines `Read 10966 from …`, in the order of the list, then a time of about 14.7 s.
//! - **Why** 160 answers of 90 ms, one at a time, take 14.4 s, and the CPU is idle nearly all of that
//!   time. A program that waits for several pages at once is faster.
//! - **Diff** none: the other three are compared with this one.
//! - **Next** `io_threading`, where five threads wait at the same time.

use std::process::ExitCode;
use std::time::Instant;

use io_lesson::{Concurrency, Failure, Result, progress, say};
use reqwest::blocking::Client as Session;

const SITES: [&str; 2] = ["https://www.jython.org", "http://olympus.realpython.org/dice"];
const TIMES: usize = 80; // downloads of each site: 160 in all

fn download_site(url: &str, session: &Session) -> Result<(), Failure> {
    let _item = io_lesson::item(url); // until it is dropped: for --quiet, --diagram and errors
    let content = session.get(url).send()?.error_for_status()?.bytes()?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str]) -> Result<Vec<Result<(), Failure>>> {
    let session = io_lesson::session()?;
    // The line that matters: a download begins when the one before it has ended.
    Ok(sites.iter().map(|url| download_site(url, &session)).collect())
}

fn main() -> Result<ExitCode> {
    // Reads the options, and opens the built-in site, which stands for SITES unless --live is given.
    let lesson = io_lesson::open(&SITES, TIMES, Concurrency::Sequential)?;
    let sites = lesson.sites().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites)?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().filter(|download| download.is_ok()).count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    // Prints what the site saw, the bound, and what failed. The exit status is 1 if anything did.
    lesson.report(&downloads, duration)
}
