//! Tries the global variable again, with the promise that the compiler asked for.
//!
//! The compiler accepts it, unless it is told to forbid `unsafe`, as it is in this workspace. The
//! promise is broken: this is a data race, so the behaviour is undefined, whatever it prints.

use std::thread;

static mut COUNTER: u64 = 0;

fn increment_counter() {
    for _ in 0..100 {
        unsafe { COUNTER += 1 } // no other thread uses COUNTER now: not true
    }
}

fn main() {
    thread::scope(|s| {
        for _ in 0..5_000 {
            s.spawn(increment_counter);
        }
    });
    let counter = unsafe { COUNTER }; // true here: every thread has ended
    println!("{counter}");
}
