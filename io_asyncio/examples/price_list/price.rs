//! What one of many costs, in time and memory.

use std::fmt::{self, Display, Formatter};
use std::time::{Duration, Instant};

use experiment::Verdict;
use io_lesson::say;
use io_lesson::this_process::memory;
use io_lesson::words::thousands;
use io_lesson::{Error, Result};

/// What one thread, task or process costs, of many that were alive at the same time.
///
/// It is displayed as its time and its memory in words.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// How many were alive.
    pub alive: usize,
    /// The time to start one and to end it.
    pub time: Duration,
    /// The memory of one, in bytes, where the system tells how much a program uses.
    pub bytes: Option<u64>,
}

/// Has `make` start many of a kind and end them, and prints what one of them cost: a row of the table
/// under [`Price::HEADING`].
///
/// `make` returns how many were alive at the same time, and the memory that this program and all of
/// them had then, in bytes.
///
/// # Errors
///
/// That of `make`, or there was not even one.
pub fn price(kind: &str, make: impl FnOnce() -> Result<(usize, Option<u64>)>) -> Result<Price> {
    let price = Price::of(make)?;
    say!("{kind:9}{}", price.row());
    Ok(price)
}

impl Price {
    /// The heading of the columns behind the kind.
    pub const HEADING: &str = " alive at once    start and end   in a second         bytes";

    fn of(make: impl FnOnce() -> Result<(usize, Option<u64>)>) -> Result<Self> {
        let (before, start) = (memory(), Instant::now());
        let (alive, with_all) = make()?;
        let elapsed = start.elapsed();
        let number = u32::try_from(alive)?;
        if number == 0 {
            let sentence = "The system starts not even one more; raise its limits (ulimit -u, -v)";
            return Err(Error::new(sentence));
        }
        let more = with_all.zip(before).map(|(with_all, before)| with_all.saturating_sub(before));
        let bytes = more.map(|bytes| bytes / u64::from(number));
        Ok(Self { alive, time: elapsed / number, bytes })
    }

    /// Whether it takes less time than the other one, by more than so many times.
    #[must_use]
    pub fn is_faster_than(&self, other: &Self, times: f64) -> Verdict {
        Verdict::old_counted(self.time.mul_f64(times) < other.time).old_timed()
    }

    /// Whether it takes less memory than the other one.
    #[must_use]
    pub fn is_lighter_than(&self, other: &Self) -> Verdict {
        let lighter = self.bytes.zip(other.bytes).map(|(this, other)| this < other);
        lighter.map_or(Verdict::Undecided, Verdict::old_counted)
    }

    fn micros(&self) -> f64 {
        self.time.as_secs_f64() * 1e6
    }

    fn row(&self) -> String {
        let (alive, micros) = (thousands(self.alive as u64), self.micros());
        let in_a_second = thousands(1_000_000_000 / self.time.as_nanos().max(1));
        let bytes = self.bytes.map_or("not told".into(), thousands);
        format!("{alive:>14}{micros:>14.1} µs{in_a_second:>14}{bytes:>14}")
    }
}

impl Display for Price {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} µs", self.micros())?;
        match self.bytes {
            Some(bytes) => write!(f, " and {} bytes", thousands(bytes)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(alive: usize, micros: u64, bytes: Option<u64>) -> Price {
        Price { alive, time: Duration::from_micros(micros), bytes }
    }

    #[test]
    fn what_all_took_is_divided_by_their_number() {
        let before = memory();
        let with_all = before.map(|bytes| bytes + (1 << 40));
        let one = Price::of(|| Ok((1 << 10, with_all))).expect("nothing fails here");
        assert_eq!(one.alive, 1 << 10);
        if let Some(bytes) = one.bytes {
            // The test's own memory may have changed by a few pages.
            assert_eq!((bytes + (1 << 20)) >> 29, 2, "{bytes}");
        }
        assert!(Price::of(|| Ok((0, None))).is_err());
    }

    #[test]
    fn a_row_stands_under_its_heading() {
        let thread = price(10_000, 50, Some(9_787));
        assert_eq!(thread.row(), "        10,000          50.0 µs        20,000         9,787");
        assert_eq!(thread.row().chars().count(), Price::HEADING.chars().count());
        assert_eq!(thread.to_string(), "50.0 µs and 9,787 bytes");
        let untold = price(1, 0, None);
        assert!(untold.row().ends_with("      not told"));
        assert_eq!(untold.to_string(), "0.0 µs");
    }

    #[test]
    fn two_prices_can_be_compared() {
        let (task, thread) = (price(1, 2, Some(500)), price(1, 50, Some(9_787)));
        let not_slower = [Verdict::Holds, Verdict::Undecided];
        assert!(not_slower.contains(&task.is_faster_than(&thread, 24.0)));
        assert!(!not_slower[..1].contains(&task.is_faster_than(&thread, 26.0)));
        assert_eq!(task.is_lighter_than(&thread), Verdict::Holds);
        assert_eq!(thread.is_lighter_than(&task), Verdict::DoesNotHoldHere);
        assert_eq!(task.is_lighter_than(&price(1, 50, None)), Verdict::Undecided);
    }
}
