//! A chart of measurements, in lines of a terminal.

use std::fmt::Write;

/// The columns that the longest bar takes.
const COLUMNS: f64 = 40.0;

/// A measurement in a chart.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What was measured, to the left of the bar.
    pub label: String,
    /// How long the bar is, in any unit; the longest value of a chart sets the scale.
    pub value: f64,
    /// Where the bar can end at best: a bound or an ideal, in the same unit.
    pub bound: Option<f64>,
    /// The number in words, behind the bar.
    pub words: String,
}

/// Draws a bar for each measurement, with a mark `|` at its bound.
///
/// ```
/// use experiment::{Bar, chart};
///
/// let bar = |label: &str, value, words: &str| {
///     Bar { label: label.into(), value, bound: Some(2.0), words: words.into() }
/// };
/// println!("{}", chart(&[bar("1 thread", 1.0, "1.0"), bar("2 threads", 1.9, "1.9")]));
/// ```
pub fn chart(bars: &[Bar]) -> String {
    let values = bars.iter().flat_map(|bar| [Some(bar.value), bar.bound]);
    let longest = values.flatten().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let width = bars.iter().map(|bar| bar.label.chars().count()).max().unwrap_or(0);
    let mut lines = Vec::new();
    for bar in bars {
        let mut line = format!("{:>width$} ", bar.label);
        let (end, bound) = (columns(bar.value, longest), bar.bound.map(|at| columns(at, longest)));
        let last = end.max(bound.map_or(0, |bound| bound + 1));
        for column in 0..last {
            line.push(match bound {
                Some(bound) if column == bound => '|',
                _ if column < end => '█',
                _ => ' ',
            });
        }
        let _ = write!(line, " {}", bar.words);
        lines.push(line);
    }
    lines.join("\n")
}

/// How many columns a value takes.
fn columns(value: f64, longest: f64) -> usize {
    if longest > 0.0 { (COLUMNS * value / longest).round().clamp(0.0, COLUMNS) as usize } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(label: &str, value: f64, bound: Option<f64>) -> Bar {
        Bar { label: label.into(), value, bound, words: format!("{value}") }
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let drawn =
            chart(&[bar("1", 10.0, Some(20.0)), bar("10", 20.0, None), bar("2", 0.0, None)]);
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[0], format!(" 1 {}{}| 10", "█".repeat(20), " ".repeat(20)));
        assert_eq!(lines[1], format!("10 {} 20", "█".repeat(40)));
        assert_eq!(lines[2], " 2  0");
    }

    #[test]
    fn what_cannot_be_drawn_is_an_empty_bar() {
        for value in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(chart(&[bar("x", value, None)]), format!("x  {value}"));
        }
        assert_eq!(chart(&[]), "");
    }
}
