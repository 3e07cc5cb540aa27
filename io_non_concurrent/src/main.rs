//! Header.

use std::process::ExitCode;
use std::time::Instant;

use classroom::lesson::{self, At, Concurrency, Download, Result, progress, say};
use reqwest::blocking::{Client as Session, Response};

const TIMES: usize = 80; // downloads of each page: 2 pages, 160 downloads

fn download_site(url: &str, session: &Session) -> Download {
    let response = session.get(url).send().and_then(Response::error_for_status).at(url)?;
    let content = response.bytes().at(url)?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str]) -> Result<Vec<Download>> {
    let session = lesson::session()?;
    // The line that matters: a download begins when the one before it has ended.
    let downloads = sites.iter().map(|url| download_site(url, &session));
    Ok(downloads.collect())
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
