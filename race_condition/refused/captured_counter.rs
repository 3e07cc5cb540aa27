//! Tries the article's counter as a plain variable that 5,000 closures change.
//!
//! The compiler refuses it with E0499: each closure borrows `counter` mutably until the end of the
//! scope, and there can be only one mutable borrow at a time.

use std::thread;

fn increment_counter(counter: &mut u64) {
    for _ in 0..100 {
        *counter += 1;
    }
}

fn main() {
    let mut counter = 0;
    thread::scope(|s| {
        for _ in 0..5_000 {
            s.spawn(|| increment_counter(&mut counter));
        }
    });
    println!("{counter}");
}
