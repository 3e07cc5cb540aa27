//! `io_asyncio`: 160 pages, downloaded on one thread, by one task for each page.
//!
//! - **Run** `cargo run -p io_asyncio`
//! - **See** 160 lines `Read 10966 from …`, in the order of arrival, then a time of about 0.12 s.
//! - **Why** A task that waits costs next to nothing, so all 160 wait at the same time. The bound is
//!   a single answer, 90 ms. With only 5 tasks (`-- -c 5`) it is no faster than 5 threads.
//! - **Diff** `diff io_threading/src/main.rs io_asyncio/src/main.rs`
//! - **Next** `io_mp`, where processes do the waiting.

use std::process::ExitCode;
use std::time::Instant;

use io_lesson::{Concurrency, Failure, Result, progress, say};
use reqwest::Client as Session;
use tokio::task::JoinSet;

const SITES: [&str; 2] = ["https://www.jython.org", "http://olympus.realpython.org/dice"];
const TIMES: usize = 80; // downloads of each site: 160 in all

async fn download_site(session: Session, url: String) -> Result<(), Failure> {
    let content = session.get(&url).send().await?.error_for_status()?.bytes().await?;
    progress!("Read {} from {url}", content.len());
    Ok(())
}

async fn download_all_sites(sites: &[&str], at_once: usize) -> Result<Vec<Result<(), Failure>>> {
    let session = io_lesson::async_session()?;
    let mut tasks = JoinSet::new();
    let mut downloads = Vec::new(); // in the order in which they end
    for url in sites {
        let download = download_site(session.clone(), url.to_string());
        // The line that matters: the task is started, and not waited for.
        tasks.spawn(io_lesson::task(url, download));
        if tasks.len() == at_once {
            // As many as `-c` allows are under way: wait until one of them has ended.
            let ended = tasks.join_next().await.expect("there is a task to wait for");
            downloads.push(ended?);
        }
    }
    downloads.extend(tasks.join_all().await);
    Ok(downloads)
}

fn main() -> Result<ExitCode> {
    // Reads the options, and opens the built-in site, which stands for SITES unless --live is given.
    let lesson = io_lesson::open(&SITES, TIMES, Concurrency::Tasks)?;
    let sites = lesson.sites().repeat(lesson.times());

    let start_time = Instant::now();
    let event_loop = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let downloads = event_loop.block_on(download_all_sites(&sites, lesson.concurrency()))?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().filter(|download| download.is_ok()).count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    // Prints what the site saw, the bound, and what failed. The exit status is 1 if anything did.
    lesson.report(&downloads, duration)
}
