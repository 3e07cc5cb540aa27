//! An order with the smallest result, and why none ends lower.

use std::ops::Range;

use lesson::{plural, say, thousands};

use super::case::Case;
use super::listing;
use every_interleaving::{Machine, Thread};

/// Some threads, by position, and how many steps each of them takes, one thread after the other.
type Turn = (Range<usize>, usize);

/// An order that ends as low as any.
pub fn order(case: Case) -> Vec<Turn> {
    let (first, second, others) = (0..1, 1..2, 2..case.threads);
    let increment = case.code().body.len();
    let all = case.code().length();
    let one_step_each = |thread: &Range<usize>| vec![(thread.clone(), 1); increment - 1];
    if case.threads == 1 {
        return vec![(first, all)];
    }
    // While thread 1 holds the 0 that it has read, the others work in vain.
    let mut turns = vec![(first.clone(), 1)];
    if case.threads > 2 {
        turns.push((others, all));
    }
    if case.increments == 1 {
        turns.push((second, all));
        turns.extend(one_step_each(&first));
        return turns;
    }
    turns.push((second.clone(), all - increment));
    turns.extend(one_step_each(&first));
    // And now thread 1 works in vain, while thread 2 holds the 1 that thread 1 has written.
    turns.push((second.clone(), 1));
    turns.push((first, all - increment));
    turns.extend(one_step_each(&second));
    turns
}

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
    let code = vec![case.code(); case.threads];
    let machine = Machine::new(&code);
    let mut state = machine.start();
    for (threads, steps) in order(case) {
        let column = threads.start.min(2);
        let several = match threads.len() {
            1 => String::new(),
            threads => format!("{} x ", thousands(threads as u64)),
        };
        let mut what = String::new();
        for thread in threads {
            for _ in 0..steps {
                what = listing::step(machine, &mut state, Thread(thread));
            }
        }
        let increment = case.code().body.len();
        if steps % increment == 0 {
            what = plural((steps / increment) as u64, "increment");
        }
        let what = several + &what;
        let mut cells = [""; 3];
        cells[column] = &what;
        print_row(cells, &thousands(state.counter().unsigned_abs()));
    }
    let (expected, counter) =
        (thousands(case.expected()), thousands(state.counter().unsigned_abs()));
    say!("\nIt should end at {expected}, and ends at {counter}.");
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
