//! A lock that one thread holds for all that it computes, like Python's.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A lock that is handed on, in the order in which the threads ask for it.
///
/// Each of them draws a ticket, as in a shop, and waits until its number is called. Whoever hands
/// the lock on stands at the end of the queue, so it cannot snatch the lock back: Python forces a
/// switch as well.
pub struct Gil {
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
pub struct HandOvers {
    pub count: u32,
    pub took: Duration,
}

impl Gil {
    /// A lock that nobody has, to be handed on every `interval`.
    pub fn new(interval: Duration) -> Self {
        let (now, hand_overs) = (Instant::now(), HandOvers::default());
        let turn = Mutex::new(Turn { ticket: 0, taken: now, released: now, hand_overs });
        Self { interval, tickets: AtomicU64::new(0), turn, called: Condvar::new() }
    }

    /// Draws the next ticket.
    pub fn queue(&self) -> u64 {
        self.tickets.fetch_add(1, Relaxed)
    }

    /// Waits for this ticket's turn, has the lock while it does something, and gives it up.
    pub fn hold<T>(&self, ticket: u64, something: impl FnOnce() -> T) -> T {
        self.take(ticket);
        let result = something();
        self.release();
        result
    }

    /// Does something without the lock, which this thread has, and waits for another turn.
    pub fn without<T>(&self, something: impl FnOnce() -> T) -> T {
        self.release();
        let result = something();
        self.take(self.queue());
        result
    }

    /// Hands the lock on to all that wait already, and waits for another turn behind them.
    pub fn hand_on(&self) {
        let ticket = self.queue();
        self.release();
        self.take(ticket);
    }

    /// Hands the lock on if this thread has had it for the interval.
    pub fn hand_on_in_time(&self) {
        let kept = self.turn().taken.elapsed();
        if kept >= self.interval {
            self.hand_on();
        }
    }

    /// The hand-overs so far.
    pub fn hand_overs(&self) -> HandOvers {
        self.turn().hand_overs
    }

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

    fn release(&self) {
        let mut turn = self.turn();
        turn.ticket += 1;
        turn.released = Instant::now();
        drop(turn);
        self.called.notify_all();
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.turn.lock().expect("no thread panics with it")
    }
}
