//! `io_mp`: 160 pages, downloaded by a pool of processes, one for each CPU.
//!
//! - **Run** `cargo run -p io_mp`
//! - **See** 160 lines `SpawnPoolWorker-1:Read 10966 from …`, then a time of about 7.4 s on 2 CPUs.
//! - **Why** Two processes wait at the same time: 160 / 2 = 80 rounds of 90 ms are 7.2 s. A process
//!   waits no better than a thread, and there is one for each CPU, although no CPU is busy.
//! - **Diff** `diff io_threading/src/main.rs io_mp/src/main.rs`
//! - **Next** `cpu_non_concurrent`, a job that waits for nothing.

use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Instant;

use io_lesson::{Concurrency, Failure, Result, progress, say};
use pool::{Pool, Worker, current_process_name};
use reqwest::blocking::Client as Session;

const SITES: [&str; 2] = ["https://www.jython.org", "http://olympus.realpython.org/dice"];
const TIMES: usize = 80; // downloads of each site: 160 in all

static WORKER: Worker<String, Result<(), Failure>> =
    Worker::new(download_site).initializer(set_global_session);

static SESSION: OnceLock<Session> = OnceLock::new();

fn set_global_session() -> Result<()> {
    // Once in each worker, so there is no need for Python's `if not session`.
    io_lesson::session().map(|session| SESSION.set(session).expect("a process calls this once"))
}

fn download_site(url: String) -> Result<(), Failure> {
    let _item = io_lesson::item(&url); // until it is dropped: for --quiet, --diagram and errors
    let session = SESSION.get().expect("the initializer has set it");
    let content = session.get(&url).send()?.error_for_status()?.bytes()?;
    let name = current_process_name();
    progress!("{name}:Read {} from {url}", content.len());
    Ok(())
}

fn download_all_sites(sites: &[&str], processes: usize) -> Result<Vec<Result<(), Failure>>> {
    let mut pool = Pool::start(&WORKER, processes, io_lesson::time_limit())?;
    // The line that matters: a process that is free takes the next site.
    Ok(pool.try_map(sites))
}

fn main() -> Result<ExitCode> {
    // Reads the options, and opens the built-in site, which stands for SITES unless --live is given.
    let lesson = io_lesson::open(&SITES, TIMES, Concurrency::Processes(num_cpus::get()))?;
    // A worker begins in this `main`, too. Here it does its jobs, and it never comes back.
    WORKER.run_if_worker();
    let sites = lesson.sites().repeat(lesson.times());

    let start_time = Instant::now();
    let downloads = download_all_sites(&sites, lesson.concurrency())?;
    let duration = start_time.elapsed();

    let downloaded = downloads.iter().filter(|download| download.is_ok()).count();
    say!("Downloaded {downloaded} in {:.3} seconds", duration.as_secs_f64());
    // Prints what the site saw, the bound, and what failed. The exit status is 1 if anything did.
    lesson.report(&downloads, duration)
}
