//! What is shown if nothing is asked for: the six orders of load and store, and how many more there
//! are with the addition, on one screen.

use lesson::say;

use super::case::Case;
use super::{judge, listing};

const SHORT: Case = Case { threads: 2, increments: 1, addition: false };
const LONG: Case = Case { addition: true, ..SHORT };

pub fn show() {
    let runs = listing::list(SHORT);
    let right = runs.iter().filter(|run| run.counter == SHORT.expected()).count();
    say!("Load and store by 2 threads: {} orders. A column for each thread.\n", runs.len());
    listing::show(SHORT, &runs);
    let results = LONG.results().unwrap_or_default();
    let ends = |counter| results.get(&counter).copied().unwrap_or(0);
    let (all, wrong) = (results.values().sum::<u128>(), ends(1));
    let orders = runs.len();
    say!(
        "{right} of {orders} orders are right. With the addition as a step of its own there are {all}:"
    );
    say!("{wrong} of them end at 1, which is wrong, and {} end at 2.", ends(2));
    judge(wrong, all);
    say!("The share depends on how steps are counted; real machines prefer long turns.");
}
