//! `gil`: threads that gain nothing and lose a little, under a lock like Python's.
//!
//! - **Run** `cargo run -p cpu_threading --example gil`
//! - **See** five threads that take as long as one, longer if the lock is handed on more often, and
//!   half as long without it.
//! - **Why** Python has one lock for all threads, the GIL. Only the thread that has it runs Python
//!   code, and hands it on every 5 ms. So one core computes, and each hand-over costs a little. A
//!   thread that waits for a page gives the lock up, and so waits overlap: that is why the article's
//!   `io_threading` is fast. Rust has no such lock. Here `Gil` stands for it.
//! - **Try** `OFTEN` with 20 microseconds. How many hand-overs are there, and what do they cost?
//! - **Next** `scaling`, for what threads gain without it.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use lesson::words::readable;
use lesson::{Result, say, thousands};
use rayon::ThreadPoolBuilder;

const THREADS: usize = 5;
const NUMBER: u64 = 200_000_000; // the squares below it are summed, by all threads together
const PIECE: usize = 10_000; // squares from one look at the clock to the next
const ROUNDS: usize = 3; // of all runs in turn; the fastest counts
const SWITCH: Duration = Duration::from_millis(5); // how long a thread has the lock, as in Python
const OFTEN: Duration = Duration::from_micros(100);
const WAITS: u32 = 4; // by each thread
const WAIT: Duration = Duration::from_millis(20); // it stands for a page that is on its way

/// A lock that is handed on, in the order in which the threads ask for it.
///
/// Each of them draws a ticket, as in a shop, and waits until its number is called. Whoever hands
/// the lock on stands at the end of the queue, so it cannot snatch the lock back: Python forces a
/// switch as well.
struct Gil {
    interval: Duration,
    tickets: AtomicU64,
    turn: Mutex<Turn>,
    called: Condvar,
}

/// Whose turn it is, since when, and what the hand-overs before have cost.
struct Turn {
    ticket: u64,
    taken: Instant,
    released: Instant,
    hand_overs: HandOvers,
}

/// How often a thread had to wait for the lock, and for how long nobody had it at those times.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct HandOvers {
    count: u32,
    took: Duration,
}

impl Gil {
    /// A lock that nobody has, to be handed on every `interval`.
    fn new(interval: Duration) -> Self {
        let (now, hand_overs) = (Instant::now(), HandOvers::default());
        let turn = Mutex::new(Turn { ticket: 0, taken: now, released: now, hand_overs });
        Self { interval, tickets: AtomicU64::new(0), turn, called: Condvar::new() }
    }

    /// Draws the next ticket.
    fn queue(&self) -> u64 {
        self.tickets.fetch_add(1, Relaxed)
    }

    /// Waits for the turn of this ticket.
    fn take(&self, ticket: u64) {
        let turn = self.turn();
        let has_to_wait = turn.ticket != ticket;
        let called = self.called.wait_while(turn, |turn| turn.ticket != ticket);
        let mut turn = called.expect("no thread panics with it");
        turn.taken = Instant::now();
        if has_to_wait {
            let took = turn.taken - turn.released;
            turn.hand_overs.count += 1;
            turn.hand_overs.took += took;
        }
    }

    /// Calls the next ticket.
    fn release(&self) {
        let mut turn = self.turn();
        turn.ticket += 1;
        turn.released = Instant::now();
        drop(turn);
        self.called.notify_all();
    }

    /// Hands the lock on to all that wait already, and waits for another turn behind them.
    fn hand_on(&self) {
        let ticket = self.queue();
        self.release();
        self.take(ticket);
    }

    /// Hands the lock on if this thread has had it for the interval.
    fn hand_on_in_time(&self) {
        let kept = self.turn().taken.elapsed();
        if kept >= self.interval {
            self.hand_on();
        }
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().expect("no thread panics with it")
    }
}

/// Sums the squares: how long that takes, and how often the lock was handed on meanwhile.
fn find_sum(threads: usize, locks: usize, interval: Duration) -> Result<(Duration, HandOvers)> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    let gils: Vec<Gil> = (0..locks).map(|_| Gil::new(interval)).collect();
    let start_time = Instant::now();
    let sums = pool.broadcast(|thread| {
        let gil = &gils[thread.index() % locks];
        let pieces = (0..NUMBER).step_by(PIECE).skip(thread.index()).step_by(threads);
        let sum_of_piece = |start| -> u128 {
            gil.hand_on_in_time();
            let piece = start..start + PIECE as u64;
            piece.map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
        };
        // The line that matters: only the thread that has the lock computes.
        gil.take(gil.queue());
        let sum = pieces.map(sum_of_piece).sum::<u128>();
        gil.release();
        sum
    });
    let (time, hand_overs) = (start_time.elapsed(), gils[0].turn().hand_overs);
    let n = u128::from(NUMBER);
    assert_eq!(sums.into_iter().sum::<u128>(), (n - 1) * n * (2 * n - 1) / 6);
    Ok((time, hand_overs))
}

/// Has all threads wait for pages, with the lock or without it: how many wait at once, at most.
fn wait(with_the_lock: bool) -> Result<usize> {
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let (under_way, at_once) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let gil = Gil::new(SWITCH);
    pool.broadcast(|_| {
        for _ in 0..WAITS {
            gil.take(gil.queue());
            if !with_the_lock {
                gil.release();
            }
            at_once.fetch_max(1 + under_way.fetch_add(1, SeqCst), SeqCst);
            thread::sleep(WAIT);
            under_way.fetch_sub(1, SeqCst);
            if !with_the_lock {
                gil.take(gil.queue());
            }
            gil.release();
        }
    });
    Ok(at_once.into_inner())
}

/// What a counter comes to, if two threads add one each, and hand the lock on between their read and
/// their write.
fn increment() -> Result<u64> {
    let pool = ThreadPoolBuilder::new().num_threads(2).build()?;
    let (gil, counter) = (Gil::new(SWITCH), AtomicU64::new(0));
    // Both have their tickets before they begin, so the order is the same in every run.
    let tickets = [gil.queue(), gil.queue()];
    pool.broadcast(|thread| {
        gil.take(tickets[thread.index()]);
        let value = counter.load(SeqCst);
        gil.hand_on();
        counter.store(value + 1, SeqCst);
        gil.release();
    });
    Ok(counter.into_inner())
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    let every = |interval| format!("{THREADS} threads, one lock, every {}", readable(interval));
    let runs = [
        ("1 thread".into(), 1, 1, SWITCH),
        (every(SWITCH), THREADS, 1, SWITCH),
        (every(OFTEN), THREADS, 1, OFTEN),
        (format!("{THREADS} threads, a lock for each"), THREADS, THREADS, SWITCH),
    ];
    let mut best = [(Duration::MAX, HandOvers::default()); 4];
    for _ in 0..ROUNDS {
        for (best, (_, threads, locks, interval)) in best.iter_mut().zip(&runs) {
            *best = find_sum(*threads, *locks, *interval)?.min(*best);
        }
    }
    say!("The squares below {}, summed by threads that need a lock:\n", thousands(NUMBER));
    say!("{:34}{:>11}{:>9}{:>13}{:>11}\n", "", "time", "ratio", "hand-overs", "they took");
    let ratios = best.map(|(time, _)| time.div_duration_f64(best[0].0));
    for (((name, ..), (time, all)), ratio) in runs.into_iter().zip(best).zip(ratios) {
        let took = readable(all.took);
        say!("{name:34}{:>11}{ratio:>9.2}{:>13}{took:>11}", readable(time), all.count);
    }
    let (kept, released, counter) = (wait(true)?, wait(false)?, increment()?);
    say!("\nWaiting at once: {kept} with the lock, {released} without it.");
    say!("Two threads add 1, and hand the lock on before they write: {counter}, not 2.\n");

    let [_, locked, often, free] = ratios;
    let (time, all) = best[2];
    let (count, percent) = (thousands(all.count), 100.0 * all.took.div_duration_f64(time));
    let numbers = format!("{count} hand-overs took {percent:.1} % of the time, and made it");
    let slower = Verdict::PythonOnly.timed(often);
    claim("C76", slower, format!("{numbers} {often:.2} times as long"));
    let numbers = format!("under one lock {locked:.2} times as long as 1 thread, else {free:.2}");
    claim("C90", Verdict::PythonOnly.timed(0.8 * locked / free), numbers);
    let numbers = format!("one thread ran at a time, and the counter is {counter} instead of 2");
    claim("C91", Verdict::Holds.counted(counter == 2), numbers);
    let numbers = format!("{released} waited at once without the lock, {kept} with it");
    claim("C93", Verdict::PythonOnly.counted(kept < released), numbers);
    Ok(())
}
