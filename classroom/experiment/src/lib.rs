//! What experiments and exercises print: charts, verdicts on the claims of the texts, goals.

mod chart;
mod claim;
mod curve;
mod exercise;
mod exercises;
mod fib;
mod list;
mod verdict;

pub use chart::{Bar, chart};
pub use claim::{CANNOT_TELL, Finding, NO_CLAIMS, claim, judged};
pub use curve::{AS_GOOD, Curve};
pub use exercise::{Goal, all_reached, exercise, exercise_within};
pub use exercises::{EXERCISES, Exercise};
pub use fib::{Stopwatch, number_or};
pub use list::{Claim, Text, claims, texts};
pub use verdict::Verdict;
