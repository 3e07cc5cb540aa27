//! `better_algorithm`: do less, before you do several things at once.
//!
//! - **Run** `cargo run -p cpu_non_concurrent --example better_algorithm`
//! - **See** the article's 20 sums in five ways: the time, and how many squares are computed.
//! - **Why** Two cores are at most twice as fast. A cache of the sums computes a twentieth of the
//!   squares, and a formula none. The compiler finds that formula itself, if it may: then the loop has
//!   vanished, and there is nothing left to measure. So the eight programs hide the loop from it.
//! - **Try** another `COUNT`: which of the times grow with it?
//! - **Next** `scaling` of `cpu_threading`, for what more cores gain.

mod judged;

use std::collections::BTreeMap;
use std::env;
use std::hint::black_box;
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use lesson::words::readable;
use lesson::{Result, say, thousands};

const NUMBER: u64 = 5_000_000; // the first number
const COUNT: u64 = 20; // how many numbers
const ROUNDS: usize = 3; // the fastest counts

fn looped(number: u64) -> u128 {
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

/// The compiler may see every number, and need not look out for a sum that is too large.
fn vanishing(number: u64) -> u128 {
    (0..number).fold(0, |sum: u128, i| sum.wrapping_add(u128::from(i) * u128::from(i)))
}

fn formula(number: u64) -> u128 {
    let n = u128::from(number);
    n.saturating_sub(1) * n * (2 * n).saturating_sub(1) / 6
}

/// The sums that are known, and how many squares were computed for them.
#[derive(Default)]
struct Cache(BTreeMap<u64, u128>, u64);

impl Cache {
    fn sum(&mut self, number: u64) -> u128 {
        // The line that matters: it goes on from the nearest sum that is known.
        let (&first, &known) = self.0.range(..=number).next_back().unwrap_or((&0, &0));
        self.1 += number - first;
        let squares = (first..number).map(black_box).map(|i| u128::from(i) * u128::from(i));
        *self.0.entry(number).or_insert(known + squares.sum::<u128>())
    }
}

/// A recursion needs a place on the stack for every number.
fn recursive(number: u64) -> u128 {
    let Some(i) = number.checked_sub(1) else { return 0 };
    // Without `black_box` the compiler may make a loop of it.
    black_box(recursive(i)) + u128::from(i) * u128::from(i)
}

/// A new object for each step.
fn new_object(i: u64) {
    drop(black_box(vec![i; 16]));
}

/// One object for all steps.
fn same_object(object: &mut [u64; 16], i: u64) {
    black_box(object).fill(i);
}

// From here on: what is printed and judged.

/// Runs a job some times, and returns how long the fastest takes.
fn time(mut job: impl FnMut()) -> Duration {
    let round = |_| {
        let start_time = Instant::now();
        job();
        start_time.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

/// How long all sums take.
fn time_of_sums(mut sum_of: impl FnMut(u64) -> u128) -> Duration {
    let right = (NUMBER..NUMBER + COUNT).map(formula).sum();
    time(|| {
        let sums: u128 = (NUMBER..NUMBER + COUNT).map(black_box).map(&mut sum_of).sum();
        assert_eq!(sums, right);
    })
}

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|argument| argument == judged::TOO_DEEP) {
        return judged::go_too_deep();
    }
    let mut cache = Cache::default();
    let start_time = Instant::now();
    (NUMBER..NUMBER + COUNT).for_each(|number| _ = cache.sum(number));
    let (filled, few, all) = (start_time.elapsed(), cache.1, (NUMBER..NUMBER + COUNT).sum());
    let (slow, fast) = (time_of_sums(looped), time_of_sums(formula));
    say!("{COUNT} sums of the squares below {} and the next:\n", thousands(NUMBER));
    say!("{:32}{:>16}{:>14}\n", "", "squares", "time");
    for (how, squares, time) in [
        ("the loop", all, slow),
        ("the loop, left to the compiler", all, time_of_sums(vanishing)),
        ("a cache, empty at first", few, filled),
        ("the same cache again", 0, time_of_sums(|number| cache.sum(number))),
        ("the formula", 0, fast),
    ] {
        say!("{how:32}{:>16}{:>14}", thousands(squares), readable(time));
    }
    judged::bits();
    judged::last_number();
    let [slow_time, cached, fast_time] = [slow, filled, fast].map(readable);
    let numbers = format!("a loop takes {slow_time}, a cache {cached}, a formula {fast_time}");
    claim("C84", Verdict::Holds.counted(fast.max(filled) < slow), numbers);
    let numbers = format!("{} squares become {}, and then none", thousands(all), thousands(few));
    claim("C98", Verdict::Holds.counted(few < all), numbers);
    judged::objects();
    judged::recursion()?;
    judged::compiler()
}
