//! How many schedules end at which value.

use std::collections::BTreeMap;

use every_interleaving::Case;
use experiment::{Verdict, claim};
use lesson::{plural, say, thousands};

use crate::{COLUMNS, listing};

const SHORT: Case = Case { threads: 2, increments: 1, addition: false };
const LONG: Case = Case { addition: true, ..SHORT };

/// What is shown if nothing is asked for: the six orders of load and store, and how many more there
/// are with the addition, on one screen.
pub fn show_overview() {
    let [(right, all), (long_right, long_all)] =
        [SHORT, LONG].map(|case| right_of_all(case, &case.results().unwrap_or_default()));
    say!("Load and store by 2 threads: {all} orders. A column for each thread.\n");
    listing::show(SHORT);
    say!(
        "{right} of {all} orders are right. With the addition as a step of its own there are {long_all}:"
    );
    let wrong = long_all - long_right;
    say!("{wrong} of them end at 1, which is wrong, and {long_right} end at 2.");
    judge(wrong, long_all);
    say!("The share depends on how steps are counted; real machines prefer long turns.");
}

/// Prints how many schedules of a case end at which value, and what that means.
pub fn show(case: Case, results: &BTreeMap<u64, u128>) {
    let (right, all) = right_of_all(case, results);
    let most = results.values().copied().max().unwrap_or(1);
    let width = thousands(most).len().max("schedules".len());
    let longest = COLUMNS.saturating_sub(width + 34); // a bar, in what the numbers leave
    say!("ends at   {:>width$}     share\n", "schedules");
    for (&result, &count) in results {
        let share = match portion(count, all, 1_000) {
            0 => "< 0.1 %".into(),
            share => format!("{}.{} %", share / 10, share % 10),
        };
        let verdict = if result == case.expected() { "right" } else { "wrong" };
        let bar = "#".repeat(portion(count, most, longest));
        let (result, count) = (thousands(result), thousands(count));
        let line = format!("{result:>7}   {count:>width$}   {share:>7}   {verdict}   {bar}");
        say!("{}", line.trim_end());
    }
    let verb = if right == 1 { "is" } else { "are" };
    let line = format!("{} of {} {verb} right.", thousands(right), plural(all, "schedule"));
    say!("\n{}\n", if line.len() > COLUMNS { line.replace(" of ", "\nof ") } else { line });
    // A thread alone has no other to switch to.
    if case.threads > 1 {
        judge(all - right, all);
    }
    say!("\nEvery schedule counts once here. A real machine does not give them the same");
    say!("chances: mostly a thread takes many steps before another one gets in between.");
    say!("\nPuzzle: 10 threads, 100 increments each. It should end at 1,000. What is the");
    say!("smallest result? The answer is on the program's page.");
}

/// How many schedules end at the value that is right, and how many there are.
fn right_of_all(case: Case, results: &BTreeMap<u64, u128>) -> (u128, u128) {
    (results.get(&case.expected()).copied().unwrap_or(0), results.values().sum())
}

/// Says what the counts mean for a claim of the texts.
fn judge(wrong: u128, all: u128) {
    let numbers = format!("{} of {} lose an update", thousands(wrong), plural(all, "schedule"));
    claim("C46", Verdict::Holds.counted(wrong > 0), numbers);
}

/// How many of so many parts `count` is of `all`, to the nearest.
fn portion(count: u128, all: u128, parts: usize) -> usize {
    // Without the lowest digits of very large numbers, so that the product does not overflow.
    let shift = 64_u32.saturating_sub(all.leading_zeros());
    let (count, all) = (count >> shift, all >> shift);
    let portion = (count * parts as u128 + all / 2) / all;
    portion.try_into().expect("a count is no more than all")
}
