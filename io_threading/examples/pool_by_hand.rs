//! `pool_by_hand`: what stands behind the words "a pool of threads", in three steps.
//!
//! - **Run** `cargo run -p io_threading --example pool_by_hand`
//! - **See** five threads start, 160 addresses go into a queue at once, and three seconds later the
//!   last thread end. The referee counts the same as in `io_threading`.
//! - **Why** The article takes `ThreadPoolExecutor` apart into thread, pool and executor. A *thread*
//!   does one thing after another. A *pool* is threads that are started once and take their work from
//!   a queue. The *executor* fills the queue, and waits for the threads at the end.
//! - **Try** the loop as `while let Ok(url) = queue.lock().expect("…").recv() { … }`. The lock is then
//!   held to the end of the body: how many requests does the referee see at once?
//! - **Next** `io_mp`, where the threads of the pool are processes.

use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use experiment::{Verdict, claim};
use io_lesson::{Behaviour, Error, PAGES, Result, plural, say};

const TIMES: usize = 80; // downloads of each of the two pages: 160 in all
const THREADS: usize = 5;

/// What one thread does: it takes addresses from the queue until the queue is closed.
fn work(queue: &Mutex<Receiver<&str>>) -> Result<u32> {
    let session = io_lesson::session()?;
    let mut pages = 0;
    loop {
        // The line that matters: who is free takes the next one. It gives the lock back at once.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(url) = next else { return Ok(pages) };
        session.get(url).send()?.error_for_status()?.bytes()?;
        pages += 1;
    }
}

/// Downloads all pages, and returns how many each thread has read.
fn download_all_sites(sites: &[&str]) -> Result<Vec<u32>> {
    let begin = Instant::now();
    let step = |name: &str, what: String| {
        say!("  {name:<6} {what:<38} {:>9.3} s", begin.elapsed().as_secs_f64());
    };
    let (sender, queue) = mpsc::channel();
    let queue = Mutex::new(queue);
    // The scope waits for its threads. Other threads would be cut off when `main` ends.
    thread::scope(|scope| {
        let start = |_| thread::Builder::new().spawn_scoped(scope, || work(&queue)).ok();
        let pool: Option<Vec<_>> = (0..THREADS).map(start).collect();
        let pool = pool.ok_or(Error::no_more_threads())?;
        step("start", plural(pool.len() as u64, "thread"));

        for url in sites {
            sender.send(*url).expect("its other end is open as long as this function runs");
        }
        drop(sender); // it closes the queue: a thread that finds it empty goes home
        step("queue", format!("{} addresses, and no more will come", sites.len()));

        let pages = pool.into_iter().map(|thread| thread.join().expect("no download panics"));
        let pages = pages.collect();
        step("join", "the last thread has ended".into());
        pages
    })
}

fn main() -> Result<()> {
    let site = io_lesson::open_site(Behaviour::default())?;
    let pages = PAGES.map(|page| site.url(page));
    let sites = pages.each_ref().map(String::as_str).repeat(TIMES);
    say!("A pool by hand, and when each step was done:\n");
    let pages = download_all_sites(&sites)?;

    // From here on: what is judged.
    let counts = site.counts();
    say!("\npages of each thread: {pages:?}");
    say!("{counts}\n");
    let (answered, at_once) = (counts.answered, counts.most_at_once);
    let is_a_pool = Verdict::Holds.counted((answered, at_once) == (sites.len(), THREADS));
    claim("C31", is_a_pool, format!("{answered} pages, at most {at_once} at once"));
    Ok(())
}
