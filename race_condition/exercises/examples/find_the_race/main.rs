//! `find_the_race`: a function that passes thousands of tests, and a model checker that finds its race.
//!
//! - **Run** `cargo run -p race_exercises --example find_the_race`
//! - **See** that real threads sell the one ticket once, 20,000 times, and that in half of all orders it
//!   is sold twice.
//! - **Why** A test runs one order, and nearly always the same one. The model checker runs the same
//!   file, `shop.rs`, once for each order there is.
//! - **Try** to mend `sell` in `shop.rs`, with `fetch_update` or a `Mutex`.
//! - **Next** `classroom/pages/your_program.md`, for a function of your own.

use std::sync::{Arc, Mutex, PoisonError};

use lesson::{plural, say, thousands};

const RUNS: u64 = 20_000; // a test that is repeated so often takes about a second

/// The function as your program has it.
mod yours {
    use std::{sync, thread};
    include!("shop.rs");
}

/// The same file with the types of the model checker, which stop at each step.
mod checked {
    use shuttle::{sync, thread};
    include!("shop.rs");
}

fn main() {
    let wrong = (0..RUNS).filter(|_| yours::two_customers() != 1).count();
    say!("Real threads, {} runs: in {wrong} the one ticket is sold twice.", thousands(RUNS));

    let sold = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&sold);
    // The line that matters: each time the threads take their steps in another order.
    shuttle::check_dfs(move || note(&all, checked::two_customers()), None);
    let sold = sold.lock().unwrap_or_else(PoisonError::into_inner);
    let wrong = sold.iter().filter(|sold| **sold != 1).count();
    say!("Every order, {}: in {wrong} it is sold twice.", plural(sold.len() as u64, "order"));
}

fn note(all: &Mutex<Vec<usize>>, sold: usize) {
    all.lock().unwrap_or_else(PoisonError::into_inner).push(sold);
}
