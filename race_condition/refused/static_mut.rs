//! Tries what the article has, a global variable that every thread changes.
//!
//! The compiler refuses it with E0133, twice: code that uses a `static mut` must promise, in
//! an `unsafe` block, that no other thread uses it at the same time.

use std::thread;

static mut COUNTER: u64 = 0;

fn increment_counter() {
    for _ in 0..100 {
        COUNTER += 1;
    }
}

fn main() {
    thread::scope(|s| {
        for _ in 0..5_000 {
            s.spawn(increment_counter);
        }
    });
    let counter = COUNTER;
    println!("{counter}");
}
