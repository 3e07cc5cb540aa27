//! What other threads do while a thread has given the lock up.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use lesson::Result;
use rayon::ThreadPoolBuilder;

use crate::lock::Gil;
use crate::{SWITCH, THREADS};

const WAITS: u32 = 4; // by each thread
const WAIT: Duration = Duration::from_millis(20); // it stands for a page that is on its way

/// They wait as well: how many of them at once, at most.
pub fn wait(with_the_lock: bool) -> Result<usize> {
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let (under_way, at_once) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let wait = || {
        at_once.fetch_max(1 + under_way.fetch_add(1, SeqCst), SeqCst);
        thread::sleep(WAIT);
        under_way.fetch_sub(1, SeqCst);
    };
    let gil = Gil::new(SWITCH);
    pool.broadcast(|_| {
        for _ in 0..WAITS {
            gil.hold(gil.queue(), || if with_the_lock { wait() } else { gil.without(wait) });
        }
    });
    Ok(at_once.into_inner())
}

/// They increment the same counter: what it comes to, if two threads add one each and hand the lock
/// on between their read and their write.
pub fn increment() -> Result<u64> {
    let pool = ThreadPoolBuilder::new().num_threads(2).build()?;
    let (gil, counter) = (Gil::new(SWITCH), AtomicU64::new(0));
    // Both have their tickets before they begin, so the order is the same in every run.
    let tickets = [gil.queue(), gil.queue()];
    pool.broadcast(|thread| {
        gil.hold(tickets[thread.index()], || {
            let value = counter.load(SeqCst);
            gil.hand_on();
            counter.store(value + 1, SeqCst);
        });
    });
    Ok(counter.into_inner())
}
