//! `io_threading`: 160 pages, downloaded by a pool of 5 threads.
//!
//! - **Run** `cargo run -p io_threading`
//! - **See** 160 lines `Read 10966 from …`, in the order of arrival, then a time of about 2.9 s.
//! - **Why** Five threads wait at the same time: 160 / 5 = 32 rounds of 90 ms are 2.88 s. No page
//!   comes sooner than before; a fifth of the waiting is left because it overlaps.
//! - **Diff** `diff io_non_concurrent/src/main.rs io_threading/src/main.rs`
//! - **Next** `io_asyncio`, where one thread waits for all pages at once.

use std::process::ExitCode;
use std::time::Instant;

use classroom::lesson::{self, At, Concurrency, Download, Result, progress, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::{Client as Session, Response};

const TIMES: usize = 80; // downloads of each page: 2 pages, 160 downloads
const THREADS: usize = 5;

thread_local! {
    // Made when a thread first asks for it, so each thread has its own.
    static SESSION: Result<Session> = lesson::session();
}

fn get_session() -> Result<Session> {
    SESSION.with(Clone::clone)
}

fn download_site(url: &str) -> Download {
    let _item = lesson::item(url);
    let session = get_session().at(url)?;
    let response = session.get(url).send().and_then(Response::error_for_status).at(url)?;
    let content = response.bytes().at(url)?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str], threads: usize) -> Result<Vec<Download>> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    // By itself rayon would hand out runs of sites; `max_len(1)` hands them out one by one.
    let sites = sites.par_iter().with_max_len(1);
    // The line that matters: each thread takes the next site as soon as it is free.
    let downloads = pool.install(|| sites.map(|url| download_site(url)).collect());
    Ok(downloads)
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::io(TIMES, Concurrency::Threads(THREADS))?;
    let sites = lesson.pages().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites, lesson.concurrency())?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().flatten().count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    lesson.report(&downloads, duration)
}
