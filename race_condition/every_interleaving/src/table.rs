//! One schedule as a table: which thread takes each step, and what that does.

use every_interleaving::Step::{Add, Load, Store, StoreSum};
use every_interleaving::{Case, Thread};
use lesson::{say, thousands};

pub const MOST_THREADS: usize = 4; // columns of the table
pub const MOST_STEPS: usize = 60; // lines of the table

/// Prints the schedule and how it ends.
///
/// Without `answers` there is a `?` in the place of each register and of the counter.
pub fn show(case: Case, schedule: &[Thread], answers: bool) {
    let machine = case.machine();
    let mut state = machine.start();
    let names: Vec<_> = (1..=case.threads).map(|name| format!("thread {name:<6}")).collect();
    say!("step   {}register   counter\n", names.concat());
    let row = |step: &str, cells: &str, register: &str, counter: &str| {
        say!("{step:>4}   {cells}{register:>8}   {counter:>7}");
    };
    row("", &" ".repeat(13 * case.threads), "", &state.counter().to_string());
    for (&thread, number) in schedule.iter().zip(1..) {
        let what = match machine.step(&mut state, thread) {
            Ok(Load) => "load",
            Ok(Add) => "add",
            Ok(Store) => "store",
            Ok(StoreSum) => "store + 1",
            Ok(_) | Err(_) => unreachable!("there is no mutex, and no thread has too many turns"),
        };
        let cell = |other| format!("{:13}", if other == thread { what } else { "" });
        let cells = machine.threads().map(cell).collect::<Vec<_>>().concat();
        let [register, counter] = if answers {
            [state.register(thread).unwrap_or_default(), state.counter()].map(|it| it.to_string())
        } else {
            ["?", "?"].map(String::from)
        };
        row(&number.to_string(), &cells, &register, &counter);
    }
    let (expected, counter) = (case.expected(), state.counter().unsigned_abs());
    let [should, is] = [expected, counter].map(thousands);
    if answers {
        let verdict = if expected == counter { "right" } else { "WRONG" };
        say!("\nIt should end at {should}, and ends at {is}: {verdict}.");
    } else {
        say!("\nThe register is that of the thread that takes the step. It should end at");
        say!("{should}. Does it? For the answers give the same command with --reveal.");
    }
}
