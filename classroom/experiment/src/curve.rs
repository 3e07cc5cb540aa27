//! How long one job takes with more and more threads or processes.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use super::chart::{Bar, chart};

/// A time is as good as the fastest if it is at most so many times as long.
pub const AS_GOOD: f64 = 1.1;

/// The times of one job, with different numbers of threads or processes at once.
///
/// It prints as a chart: each doubling of the speed makes a bar longer by the same length, and `|`
/// marks the bound.
pub struct Curve {
    one: Duration,
    points: Vec<Point>,
}

struct Point {
    at_once: u32,
    time: Duration,
    bound: Duration,
    words: String,
}

impl Curve {
    /// The curve of a job that takes `one` at the least, with one thread or process: its bar would
    /// have no length.
    pub fn new(one: Duration) -> Self {
        Self { one, points: Vec::new() }
    }

    /// Adds a time that was measured with so many at once, its bound, and the words behind its bar.
    pub fn add(&mut self, at_once: u32, time: Duration, bound: Duration, words: impl Display) {
        self.points.push(Point { at_once, time, bound, words: words.to_string() });
    }

    /// The time with so many at once, in seconds; not a number if it was not measured.
    pub fn seconds(&self, at_once: u32) -> f64 {
        let point = self.points.iter().find(|point| point.at_once == at_once);
        point.map_or(f64::NAN, |point| point.time.as_secs_f64())
    }

    /// How many at once were the fastest.
    pub fn fastest(&self) -> u32 {
        let fastest = self.points.iter().min_by_key(|point| point.time);
        fastest.map_or(0, |point| point.at_once)
    }

    /// The least number at once that is as good as the fastest: more save less than a tenth.
    pub fn enough(&self) -> u32 {
        let good = AS_GOOD * self.seconds(self.fastest());
        let good = self.points.iter().filter(|point| point.time.as_secs_f64() <= good);
        good.map(|point| point.at_once).min().unwrap_or(0)
    }
}

impl Display for Curve {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let doublings = |time: Duration| self.one.div_duration_f64(time).log2();
        let bar = |point: &Point| Bar {
            label: point.at_once.to_string(),
            value: doublings(point.time),
            bound: Some(doublings(point.bound)),
            words: point.words.clone(),
        };
        f.write_str(&chart(&self.points.iter().map(bar).collect::<Vec<Bar>>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(milliseconds: &[(u32, u64)]) -> Curve {
        let mut curve = Curve::new(Duration::from_millis(800));
        for &(at_once, time) in milliseconds {
            let bound = Duration::from_millis(800) / at_once;
            curve.add(at_once, Duration::from_millis(time), bound, format_args!("{time} ms"));
        }
        curve
    }

    #[test]
    fn a_bar_grows_with_each_doubling() {
        let drawn = curve(&[(1, 800), (2, 400), (4, 400), (8, 200)]).to_string();
        let lengths = drawn.lines().map(|line| line.matches('█').count());
        // Eight times the speed is 40 columns.
        assert_eq!(lengths.collect::<Vec<_>>(), [0, 13, 13, 27]);
        assert!(drawn.starts_with("1 | 800 ms\n"), "{drawn}");
    }

    #[test]
    fn enough_is_as_good_as_the_fastest() {
        let curve = curve(&[(1, 800), (5, 210), (10, 200), (20, 205)]);
        assert_eq!((curve.fastest(), curve.enough()), (10, 5));
        assert!((curve.seconds(20) - 0.205).abs() < 1e-9);
        assert!(curve.seconds(7).is_nan());
        assert_eq!(Curve::new(Duration::ZERO).enough(), 0);
    }
}
