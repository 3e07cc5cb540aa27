//! Tries a counter with many owners that may all change it: an `Rc<Cell<u64>>`.
//!
//! The compiler refuses it with E0277: an `Rc` cannot be sent to another thread, because it counts
//! its own owners with a plain `+= 1`.

use std::{cell::Cell, rc::Rc, thread};

fn increment_counter(counter: &Cell<u64>) {
    for _ in 0..100 {
        counter.set(counter.get() + 1);
    }
}

fn main() {
    let counter = Rc::new(Cell::new(0));
    thread::scope(|s| {
        for _ in 0..5_000 {
            let counter = Rc::clone(&counter);
            s.spawn(move || increment_counter(&counter));
        }
    });
    println!("{}", counter.get());
}
