//! An order with the smallest result, and why none ends lower.

use every_interleaving::{Case, Thread};
use lesson::{plural, say, thousands};

use crate::listing;

/// Prints such an order, and why none ends lower.
pub fn show(case: Case) {
    let second = if case.threads > 1 { "thread 2" } else { "" };
    let others = match case.threads {
        ..=2 => "",
        3 => "thread 3",
        _ => "the others",
    };
    print_row(["thread 1", second, others], "counter");
    say!("");
    let machine = case.machine();
    let mut state = machine.start();
    let increment = case.code().body.len();
    for (threads, steps) in case.smallest() {
        let column = threads.start.min(2);
        let several = match threads.len() {
            1 => String::new(),
            threads => format!("{} x ", thousands(threads as u64)),
        };
        let mut what = String::new();
        for thread in threads {
            for _ in 0..steps {
                what = listing::step(&machine, &mut state, Thread(thread));
            }
        }
        if steps % increment == 0 {
            what = plural((steps / increment) as u64, "increment");
        }
        let what = several + &what;
        let mut cells = [""; 3];
        cells[column] = &what;
        print_row(cells, &thousands(state.counter().unsigned_abs()));
    }
    let [should, is] = [case.expected(), state.counter().unsigned_abs()].map(thousands);
    say!("\nIt should end at {should}, and ends at {is}.");
    say!("\nWhy no order ends lower:");
    if case.threads == 1 {
        say!("one thread alone loses nothing, so this is its only order.");
    } else if case.increments == 1 {
        say!("a thread reads at least 0, so it writes at least 1.");
    } else {
        say!("the last of all stores is the last one of its thread. That thread has stored");
        say!("before, and then read again. After a first store no thread can read a 0, so");
        say!("it has read at least 1, and stores at least 2.");
    }
}

fn print_row([first, second, others]: [&str; 3], counter: &str) {
    say!("{}", format!("  {first:20}{second:20}{others:26}{counter:>9}").trim_end());
}
