//! `how_many_threads`: 160 pages on 1 to 320 threads, and where more of them stop paying.
//!
//! - **Run** `cargo run -p io_threading --example how_many_threads`
//! - **See** two charts: a site that answers all at once, and one that serves 8 at a time. It takes
//!   about 10 seconds.
//! - **Why** The article was fastest with 5 to 10 threads. Starting a thread takes less than a tenth
//!   of a millisecond here, so far more of them pay, until starting them takes as long as the waiting
//!   does. A site that serves 8 at a time ends the gain at 8, whatever a thread costs.
//! - **Try** `LATENCY` = 90, as in the article (it takes a minute and a half): which number is the
//!   best, and is it nearer to its bound?
//! - **Next** `pool_by_hand`, for what stands behind the words "a pool of threads".

use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{iter, thread};

use experiment::{AS_GOOD, Curve, Verdict, claim};
use io_lesson::{Behaviour, Error, Result, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const PAGES: u32 = 160;
const LATENCY: Duration = Duration::from_millis(10); // short, so that the cost of threads shows
const THREADS: [u32; 8] = [1, 5, 10, 20, 40, 80, 160, 320];
const CAPACITY: u32 = 8; // requests that the second site serves at once

/// Downloads a page.
type Download<'a> = &'a (dyn Fn() -> Result<()> + Sync);

fn plain_threads(threads: u32, download: Download) -> Result<()> {
    let queue = Mutex::new(0..PAGES);
    let next = || queue.lock().expect("nothing panics with the lock").next();
    let work = || iter::from_fn(next).try_for_each(|_| download());
    thread::scope(|scope| {
        let start = |_| thread::Builder::new().spawn_scoped(scope, work).ok();
        let started: Option<Vec<_>> = (0..threads).map(start).collect();
        let started = started.ok_or(Error::no_more_threads())?;
        started.into_iter().try_for_each(|thread| thread.join().expect("no download panics"))
    })
}

fn rayon_pool(threads: u32, download: Download) -> Result<()> {
    let pool = ThreadPoolBuilder::new().num_threads(threads as usize).build()?;
    pool.install(|| (0..PAGES).into_par_iter().with_max_len(1).try_for_each(|_| download()))
}

type Engine = fn(u32, Download) -> Result<()>;

/// From the start of the first thread to the last page.
fn time(engine: Engine, threads: u32, capacity: Option<u32>) -> Result<Duration> {
    let capacity = capacity.map(|most| most as usize);
    let site =
        io_lesson::open_site(Behaviour { latency: LATENCY, capacity, ..Behaviour::default() })?;
    let (session, url) = (io_lesson::session()?, site.url("/dice"));
    let start = Instant::now();
    // The line that matters: the engines differ in nothing but their threads.
    engine(threads, &|| {
        session.get(&url).send()?.error_for_status()?.bytes()?;
        Ok(())
    })?;
    Ok(start.elapsed())
}

// From here on: what is printed and judged.

/// Draws the curve of plain threads, and returns it with the curve of rayon's pool.
fn curves(counts: &[u32], capacity: Option<u32>) -> Result<[Curve; 2]> {
    let (mut plain, mut rayon) = (Curve::new(LATENCY * PAGES), Curve::new(LATENCY * PAGES));
    for &threads in counts {
        // So many rounds of waiting are left, whatever a thread costs.
        let bound = LATENCY * PAGES.div_ceil(threads.min(capacity.unwrap_or(PAGES)));
        rayon.add(threads, time(rayon_pool, threads, capacity)?, bound, "");
        let (time, other) = (time(plain_threads, threads, capacity)?, rayon.seconds(threads));
        let words = format!("{:.3} s, rayon {other:.3} s", time.as_secs_f64());
        plain.add(threads, time, bound, words);
    }
    say!("{plain}\n");
    Ok([plain, rayon])
}

fn main() -> Result<()> {
    say!("{PAGES} pages of {} ms, on so many threads. Each doubling of the", LATENCY.as_millis());
    say!("speed makes a bar longer by the same length; | is the bound.\n");
    let [plain, rayon] = curves(&THREADS, None)?;
    say!("The same, from a site that serves {CAPACITY} at a time (another scale):\n");
    let [crowded, _] = curves(&THREADS[1..], Some(CAPACITY))?;

    let (most, start) = (THREADS[THREADS.len() - 1], Instant::now());
    plain_threads(most, &|| Ok(()))?;
    let starting = start.elapsed().as_secs_f64();
    let (alone, pool) = (plain.seconds(most), rayon.seconds(most));
    say!("{most} threads took {alone:.3} s, {starting:.3} s of it to start and end them. rayon's");
    say!("pool took {:.3} s more: its threads search each other for work.\n", pool - alone);

    let (five, ten, each) = (plain.seconds(5), plain.seconds(10), plain.seconds(PAGES));
    let (best, fastest) = (plain.fastest(), plain.seconds(plain.fastest()));
    let (free, limited) = (plain.enough(), crowded.enough());
    let ten_are_enough = Verdict::Holds.timed(AS_GOOD * fastest / five.min(ten));
    let five_are_better = Verdict::Holds.timed(each / five);
    // What is enough for the second site is too few for the first.
    let it_differs = Verdict::Holds.timed(plain.seconds(limited) / (AS_GOOD * fastest));
    claim("C23", ten_are_enough, format!("10 threads {ten:.3} s, {best} threads {fastest:.3} s"));
    let numbers = format!("a thread for each page {each:.3} s, 5 threads {five:.3} s");
    claim("C24", five_are_better, numbers);
    let numbers =
        format!("{free} threads are nearly the best, {limited} with a capacity of {CAPACITY}");
    claim("C25", it_differs, numbers);
    Ok(())
}
