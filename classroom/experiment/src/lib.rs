//! What experiments and exercises print: charts, verdicts on the claims of the texts, goals.

mod chart;
mod claim;
mod curve;
mod exercise;
mod exercises;
mod fib;

pub use chart::{Bar, chart};
pub use claim::{Finding, Verdict, claim, judged};
pub use curve::Curve;
pub use exercise::{Goal, all_reached, exercise, exercise_within};
pub use exercises::{EXERCISES, Exercise};
pub use fib::{Stopwatch, number_or};
