//! `io_asyncio`: 160 pages, downloaded on one thread, by one task for each page.
//!
//! - **Run** `cargo run -p io_asyncio`
//! - **See** 160 lines `Read 10966 from …`, in the order of arrival, then a time of about 0.12 s.
//! - **Why** A task that waits costs next to nothing, so all 160 wait at the same time, and the bound
//!   is a single answer: 90 ms. With only 5 tasks (`-- -c 5`) it is no faster than 5 threads.
//! - **Diff** `diff io_threading/src/main.rs io_asyncio/src/main.rs`
//! - **Next** `io_mp`, where processes do the waiting.

use std::process::ExitCode;
use std::time::Instant;

use classroom::lesson::{self, At, Concurrency, Download, Result, progress, say};
use reqwest::{Client as Session, Response};
use tokio::task::JoinSet;

const TIMES: usize = 80; // downloads of each page: 2 pages, 160 downloads

// `'static`, because a task may outlive the function that starts it.
async fn download_site(url: &'static str, session: Session) -> Download {
    let response = session.get(url).send().await.and_then(Response::error_for_status).at(url)?;
    let content = response.bytes().await.at(url)?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

async fn download_all_sites(sites: &[&'static str], concurrency: usize) -> Result<Vec<Download>> {
    let session = lesson::async_session()?;
    let mut tasks = JoinSet::new();
    let mut downloads = Vec::new();
    for &url in sites {
        if tasks.len() == concurrency {
            // As many as `-c` allows are under way: one of them ends first.
            downloads.extend(tasks.join_next().await.transpose()?);
        }
        let download = lesson::task(url, download_site(url, session.clone()));
        // The line that matters: the task is started, and not waited for.
        tasks.spawn(download);
    }
    downloads.extend(tasks.join_all().await);
    Ok(downloads)
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::io(TIMES, Concurrency::Tasks)?;
    let sites = lesson.pages().repeat(lesson.times());

    let start_time = Instant::now();
    let event_loop = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let downloads = event_loop.block_on(download_all_sites(&sites, lesson.concurrency()))?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().flatten().count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    lesson.report(&downloads, duration)
}
