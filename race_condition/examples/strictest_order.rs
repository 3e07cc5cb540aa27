//! `strictest_order`: the strictest memory order loses as many updates as the weakest.
//!
//! - **Run** `cargo run -p race_condition --example strictest_order`
//! - **See** half of all updates lost with each of three memory orders, and none with a `fetch_add` of
//!   the weakest.
//! - **Why** A memory order says in which order other threads see what a thread does. It does not make
//!   one step of two: between a load and a store another thread may still store. Here it does so every
//!   time, because a `Barrier` lets both threads read before either writes.
//! - **Try** `Barrier::new(1)`, which waits for nobody: predict how much is lost then.
//! - **Next** `passing_runs`, where nothing is lost, and the code is wrong all the same.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use lesson::say;

const INCREMENTS: u64 = 100; // by each of two threads

/// What the counter is if a load and a store with these orders make an increment.
fn load_and_store(load: Ordering, store: Ordering) -> u64 {
    let counter = AtomicU64::new(0);
    let both_have_read = Barrier::new(2);
    run_threads(|| {
        let value = counter.load(load);
        both_have_read.wait();
        // The line that matters: whatever the order, the other thread has read the same value.
        counter.store(value + 1, store);
    });
    counter.into_inner()
}

fn fetch_add(order: Ordering) -> u64 {
    let counter = AtomicU64::new(0);
    run_threads(|| _ = counter.fetch_add(1, order));
    counter.into_inner()
}

/// Lets two threads increment, and waits for both.
fn run_threads(increment: impl Fn() + Sync) {
    let work = || (0..INCREMENTS).for_each(|_| increment());
    thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
}

// From here on: what is printed.

fn main() {
    use Ordering::{Acquire, Relaxed, Release, SeqCst};
    let should_be = 2 * INCREMENTS;
    say!("2 threads, {INCREMENTS} increments each; they meet between load and store.\n");
    say!("{:40}{:>12}{:>8}{:>8}\n", "", "should be", "is", "lost");
    for (how, counter) in [
        ("load and store, Relaxed", load_and_store(Relaxed, Relaxed)),
        ("load and store, Acquire and Release", load_and_store(Acquire, Release)),
        ("load and store, SeqCst: the strictest", load_and_store(SeqCst, SeqCst)),
        ("fetch_add, Relaxed: the weakest", fetch_add(Relaxed)),
    ] {
        say!("{how:40}{should_be:>12}{counter:>8}{:>8}", should_be - counter);
    }
    say!("\nA memory order does not close the gap between load and store. One step does.");
}
