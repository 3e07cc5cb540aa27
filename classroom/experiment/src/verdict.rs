//! What a measurement says about a claim, and whether it can say anything.

use std::fmt::{self, Display, Formatter};
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

/// What a measurement says about a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is so in Rust as well.
    Holds,
    /// It is so, but not quite as the text says, or for another reason.
    HoldsDifferently,
    /// It is not so, in this program on this machine.
    DoesNotHoldHere,
    /// It is about Python alone, as the measurement shows.
    PythonOnly,
    /// The measurement cannot say, for instance because other programs had the cores.
    Undecided,
}

impl Verdict {
    /// All of them, in the order in which they are explained.
    pub const ALL: [Self; 5] = [
        Self::Holds,
        Self::HoldsDifferently,
        Self::DoesNotHoldHere,
        Self::PythonOnly,
        Self::Undecided,
    ];

    /// This verdict if it is so, and else that the claim does not hold here; what is said of Python
    /// alone is then undecided. For what was counted: that is right on a busy machine, too.
    pub fn counted(self, so: bool) -> Self {
        match self {
            _ if so => self,
            Self::PythonOnly => Self::Undecided,
            _ => Self::DoesNotHoldHere,
        }
    }

    /// The same for times that were measured: it is so if `ratio`, of one time to another and to what
    /// is needed, is above 1. Where several are needed, that is the smallest of theirs.
    ///
    /// Other programs that have the cores now may have had them during the measurement, and have made
    /// any of the times longer. If that can have turned the ratio, it is undecided.
    pub fn timed(self, ratio: f64) -> Self {
        let margin = ratio.max(1.0 / ratio);
        // A moment's disturbance, of which every system has some, is not enough.
        let mut shares = (0..TRIALS).map(|_| free_share_of_the_cores());
        let is_clear = |share| share >= ENOUGH || margin > disturbance(share);
        if !ratio.is_nan() && shares.any(is_clear) {
            self.counted(ratio > 1.0)
        } else {
            Self::Undecided
        }
    }

    /// The words for it in capitals, such as `DOES NOT HOLD HERE`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "HOLDS",
            Self::HoldsDifferently => "HOLDS DIFFERENTLY",
            Self::DoesNotHoldHere => "DOES NOT HOLD HERE",
            Self::PythonOnly => "PYTHON ONLY",
            Self::Undecided => "UNDECIDED",
        }
    }
}

impl Display for Verdict {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

/// How often the cores are tried, until they are free once.
const TRIALS: usize = 3;

/// How long the cores are tried each time.
const TRIAL: Duration = Duration::from_millis(50);

/// The part of that time that is enough to say that no other program has the cores.
const ENOUGH: f64 = 0.8;

/// How many times as long a time can have become if this share of the cores was free: twice what that
/// share says, because the share may have been another one then.
fn disturbance(share: f64) -> f64 {
    2.0 / share
}

/// The part of the cores that no other program has: a thread for each core computes for a moment, and
/// gets so much of that time.
fn free_share_of_the_cores() -> f64 {
    let cores = num_cpus::get();
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(share_of_a_core)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0.0)).collect::<Vec<f64>>()
    });
    shares.into_iter().sum::<f64>() / cores as f64
}

/// The part of the time that this thread computes, if it never waits.
fn share_of_a_core() -> f64 {
    let (start, cpu) = (Instant::now(), ThreadTime::now());
    let mut sum = 0_u64;
    while start.elapsed() < TRIAL {
        sum = (0..1_000).map(black_box).fold(sum, u64::wrapping_add);
    }
    black_box(sum);
    cpu.elapsed().as_secs_f64() / start.elapsed().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use std::hint;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    use super::*;

    #[test]
    fn what_is_not_so_does_not_hold_and_of_python_nothing_is_known() {
        assert_eq!(Verdict::HoldsDifferently.counted(true), Verdict::HoldsDifferently);
        assert_eq!(Verdict::HoldsDifferently.counted(false), Verdict::DoesNotHoldHere);
        assert_eq!(Verdict::PythonOnly.counted(true), Verdict::PythonOnly);
        assert_eq!(Verdict::PythonOnly.counted(false), Verdict::Undecided);
    }

    #[test]
    fn a_large_margin_is_decided_on_a_busy_machine_and_a_small_one_is_not() {
        let is_over = AtomicBool::new(false);
        let verdicts = thread::scope(|scope| {
            for _ in 0..3 * num_cpus::get() {
                scope.spawn(|| {
                    while !is_over.load(Relaxed) {
                        hint::spin_loop();
                    }
                });
            }
            let verdicts = [100.0, 0.01, 1.1, f64::NAN].map(|ratio| Verdict::Holds.timed(ratio));
            is_over.store(true, Relaxed);
            verdicts
        });
        let [Verdict::Holds, Verdict::DoesNotHoldHere, Verdict::Undecided, Verdict::Undecided] =
            verdicts
        else {
            panic!("{verdicts:?}");
        };
    }
}
