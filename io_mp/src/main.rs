//! `io_mp`: 160 pages, downloaded by a pool of processes, one for each CPU.
//!
//! - **Run** `cargo run -p io_mp`
//! - **See** 160 lines `SpawnPoolWorker-1:Read 10966 from …`, then a time of about 7.3 s on 2 CPUs.
//! - **Why** Two processes wait at the same time: 160 / 2 = 80 rounds of 90 ms are 7.2 s. A process
//!   waits no better than a thread, and there is one for each CPU, although no CPU is busy.
//! - **Diff** `diff io_threading/src/main.rs io_mp/src/main.rs`
//! - **Next** `cpu_non_concurrent`, a job that waits for nothing.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;

use classroom::lesson::{self, At, Concurrency, Download, Error, Result, progress, say};
use classroom::pool::{Pool, current_process_name};
use reqwest::blocking::{Client as Session, Response};

const TIMES: usize = 80; // downloads of each page: 2 pages, 160 downloads

static POOL: Pool<String, Download> = Pool::new(download_site).initializer(set_global_session);

static SESSION: OnceLock<Session> = OnceLock::new();

fn set_global_session() -> Result<()> {
    SESSION.set(lesson::session()?).map_err(|_| Error::new("The session is set already"))
}

fn download_site(url: String) -> Download {
    let _item = lesson::item(&url);
    let session = SESSION.get().expect("the initializer has set it");
    let response = session.get(&url).send().and_then(Response::error_for_status).at(&url)?;
    let content = response.bytes().at(&url)?;
    let name = current_process_name();
    progress!("{name}:Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str], processes: usize) -> Result<Vec<Download>> {
    let mut pool = POOL.start(processes, lesson::time_limit())?;
    // The line that matters: each process takes the next site as soon as it is free.
    let downloads = pool.map(sites);
    // A page that was lost with its process is one that failed.
    Ok(downloads.into_iter().map(|download| download?).collect())
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::io(TIMES, Concurrency::Processes(num_cpus::get()))?;
    POOL.serve_if_worker(); // as Python's `if __name__ == "__main__"` keeps its workers out
    let sites = lesson.pages().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites, lesson.concurrency())?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().flatten().count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    lesson.report(&downloads, duration)
}
