//! The race of `race_condition` alone: two threads, a counter that loses updates and one that does not.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

const INCREMENTS: u64 = 10_000_000; // by each thread

fn main() {
    let (racy, sound) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for _ in 0..INCREMENTS {
                    racy.store(racy.load(Relaxed) + 1, Relaxed);
                    sound.fetch_add(1, Relaxed);
                }
            });
        }
    });
    let all = 2 * INCREMENTS;
    println!("load, then store: {} of {all}", racy.into_inner());
    println!("fetch_add:        {} of {all}", sound.into_inner());
}
