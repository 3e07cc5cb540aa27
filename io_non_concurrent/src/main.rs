//! `io_non_concurrent`: 160 pages, downloaded one after the other.
//!
//! - **Run** `cargo run -p io_non_concurrent`
//! - **See** 160 lines `Read 10966 from …`, in the order of the list, then a time of about 14.6 s.
//! - **Why** Nearly all of that is waiting: 160 answers of 90 ms, one at a time, take 14.4 s. The CPU
//!   is idle meanwhile, so whatever can wait for several pages at once will be faster.
//! - **Diff** none: this is where the other three begin.
//! - **Next** `io_threading`, where five threads wait at the same time.

use std::process::ExitCode;
use std::time::Instant;

use classroom::lesson::{self, At, Concurrency, Download, Result, progress, say};
use reqwest::blocking::{Client as Session, Response};

const TIMES: usize = 80; // downloads of each page: 2 pages, 160 downloads

fn download_site(url: &str, session: &Session) -> Download {
    let _item = lesson::item(url);
    let response = session.get(url).send().and_then(Response::error_for_status).at(url)?;
    let content = response.bytes().at(url)?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str]) -> Result<Vec<Download>> {
    let session = lesson::session()?;
    // The line that matters: a download begins when the one before it has ended.
    let downloads = sites.iter().map(|url| download_site(url, &session)).collect();
    Ok(downloads)
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::io(TIMES, Concurrency::None)?;
    let sites = lesson.pages().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites)?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().flatten().count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    lesson.report(&downloads, duration)
}
