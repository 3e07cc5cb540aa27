//! One schedule as a table: which thread takes each step, and what that does.

use lesson::say;

use super::case::Case;
use every_interleaving::Step::{Add, Load, Store, StoreSum};
use every_interleaving::{Machine, Thread};

pub const MOST_THREADS: usize = 4; // columns of the table
pub const MOST_STEPS: usize = 60; // lines of the table

/// The schedule in which the threads take turns, and each takes so many steps at a time.
///
/// The last turn of a thread is shorter if it has fewer steps left.
pub fn in_turns(case: Case, steps: usize) -> Vec<Thread> {
    let mut left = vec![case.code().length(); case.threads];
    let mut schedule = Vec::new();
    while left.iter().any(|left| *left > 0) {
        for (thread, left) in left.iter_mut().enumerate() {
            let turn = steps.min(*left);
            *left -= turn;
            schedule.extend(vec![Thread(thread); turn]);
        }
    }
    schedule
}

/// A schedule that only the seed decides. Every schedule has the same chance.
pub fn random(case: Case, seed: u64) -> Vec<Thread> {
    // All steps, in an order that is drawn like cards.
    let mut cards: Vec<Thread> =
        (0..case.threads).flat_map(|thread| vec![Thread(thread); case.code().length()]).collect();
    let mut state = seed;
    for last in (1..cards.len()).rev() {
        let drawn = split_mix(&mut state) % (last as u64 + 1);
        cards.swap(last, usize::try_from(drawn).expect("it is at most `last`"));
    }
    cards
}

/// The next random number: the generator `SplitMix64`, which gives the same on every machine.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Prints the schedule and returns what the counter is at its end.
///
/// Without `answers` there is a `?` in the place of each register and of the counter.
pub fn show(case: Case, schedule: &[Thread], answers: bool) -> u64 {
    let code = vec![case.code(); case.threads];
    let machine = Machine::new(&code);
    let mut state = machine.start();
    let names = (1..=case.threads).map(|name| format!("{:13}", format!("thread {name}")));
    say!("step   {}register   counter\n", names.collect::<Vec<_>>().concat());
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
        let cell = |other| if other == thread { what } else { "" };
        let cells: Vec<String> =
            machine.threads().map(|other| format!("{:13}", cell(other))).collect();
        if answers {
            let register = state.register(thread).unwrap_or_default().to_string();
            row(&number.to_string(), &cells.concat(), &register, &state.counter().to_string());
        } else {
            row(&number.to_string(), &cells.concat(), "?", "?");
        }
    }
    state.counter().unsigned_abs()
}
