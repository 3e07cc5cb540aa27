//! `io_threading`: 160 pages, downloaded by a pool of 5 threads.
//!
//! - **Run** `cargo run -p io_threading`
//! - **See** 160 lines `Read 10966 from …`, in the order of arrival, then a time of about 2.9 s.
//! - **Why** Five threads wait at the same time: 160 / 5 = 32 rounds of 90 ms are 2.88 s. No page
//!   comes sooner than before, but the waiting for five of them overlaps.
//! - **Diff** `diff io_non_concurrent/src/main.rs io_threading/src/main.rs`
//! - **Next** `io_asyncio`, where one thread waits for all pages at once.

use std::process::ExitCode;
use std::time::Instant;

use io_lesson::{Concurrency, Failure, Result, progress, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::Client as Session;
use thread_local::ThreadLocal;

const SITES: [&str; 2] = ["https://www.jython.org", "http://olympus.realpython.org/dice"];
const TIMES: usize = 80; // downloads of each site: 160 in all
const THREADS: usize = 5;

// Not the standard library's `thread_local!`: it drops a session when its thread ends, which can hang
// on Windows.
static THREAD_LOCAL: ThreadLocal<Session> = ThreadLocal::new();

fn get_session() -> Result<&'static Session> {
    // A thread that has no session yet makes its own.
    THREAD_LOCAL.get_or_try(io_lesson::session)
}

fn download_site(url: &str) -> Result<(), Failure> {
    let _item = io_lesson::item(url); // until it is dropped: for --quiet, --diagram and errors
    let session = get_session()?;
    let content = session.get(url).send()?.error_for_status()?.bytes()?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

// The outer `Result` fails if there is no pool, an inner one if its download fails.
fn download_all_sites(sites: &[&str], threads: usize) -> Result<Vec<Result<(), Failure>>> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    // By itself rayon hands out several neighbours at once; `with_max_len(1)` hands out one.
    let sites = sites.par_iter().copied().with_max_len(1);
    // The line that matters: a thread that is free takes another site.
    Ok(pool.install(|| sites.map(download_site).collect()))
}

fn main() -> Result<ExitCode> {
    // Reads the options, and opens the built-in site, which stands for SITES unless --live is given.
    let lesson = io_lesson::open(&SITES, TIMES, Concurrency::Threads(THREADS))?;
    let sites = lesson.sites().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites, lesson.concurrency())?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().filter(|download| download.is_ok()).count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    // Prints what the site saw, the bound, and what failed. The exit status is 1 if anything did.
    lesson.report(&downloads, duration)
}
