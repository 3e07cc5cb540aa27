//! What an experiment's measurement says about a claim of the texts.

use std::fmt::{self, Display, Formatter};
use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

use basics::say;
use basics::words::{COLUMNS, fill};

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

    /// The same for times that were measured. If other programs have the cores now, they may have had
    /// them during the measurement; then it is undecided.
    pub fn timed(self, so: bool) -> Self {
        // A moment's disturbance, of which every system has some, is not enough.
        let is_quiet = (0..TRIALS).any(|_| cores_are_free());
        if is_quiet { self.counted(so) } else { Self::Undecided }
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

/// How the further lines of a verdict begin.
const INDENT: &str = "  ";

/// Prints the verdict on a claim, with the numbers on which it rests.
///
/// `claim` is its number in `cargo run -p classroom -- claims`, which reads this line.
pub fn claim(claim: &str, verdict: Verdict, numbers: impl Display) {
    let Finding { claim, verdict, numbers } = Finding::new(claim, verdict, numbers);
    say!("{}", fill(&format!("Claim {claim} {verdict}: {numbers}"), COLUMNS, "", INDENT));
}

/// A verdict on a claim, as an experiment prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The number of the claim.
    pub claim: String,
    /// What the measurement says about it.
    pub verdict: Verdict,
    /// The numbers on which the verdict rests.
    pub numbers: String,
}

impl Finding {
    /// A verdict, with the numbers on which it rests. If it is undecided, they end with the reason.
    pub fn new(claim: &str, verdict: Verdict, numbers: impl Display) -> Self {
        let busy = match verdict {
            Verdict::Undecided => {
                " (This run cannot tell. If other programs have the cores, run it again.)"
            }
            _ => "",
        };
        Self { claim: claim.into(), verdict, numbers: format!("{numbers}{busy}") }
    }
}

/// Whether a line of the output of an experiment belongs to what [`claim`] has printed; `before` says
/// so of the line before it.
pub fn is_of_claim(line: &str, before: bool) -> bool {
    line.starts_with("Claim ") || (before && line.starts_with(INDENT))
}

/// Reads all that [`claim`] has printed into the output of an experiment.
pub fn judged(output: &str) -> Vec<Finding> {
    let mut claims: Vec<String> = Vec::new();
    let mut is_claim = false;
    for line in output.lines() {
        is_claim = is_of_claim(line, is_claim);
        match claims.last_mut() {
            _ if !is_claim => {}
            Some(claim) if line.starts_with(INDENT) => claim.extend([" ", line.trim()]),
            _ => claims.push(line.into()),
        }
    }
    claims.iter().filter_map(|claim| read(claim)).collect()
}

fn read(line: &str) -> Option<Finding> {
    let (claim, rest) = line.strip_prefix("Claim ")?.split_once(' ')?;
    Verdict::ALL.into_iter().find_map(|verdict| {
        let numbers = rest.strip_prefix(verdict.words())?.strip_prefix(": ")?;
        Some(Finding { claim: claim.into(), verdict, numbers: numbers.into() })
    })
}

/// How often the cores are tried, until they are free once.
const TRIALS: usize = 3;

/// How long the cores are tried each time.
const TRIAL: Duration = Duration::from_millis(50);

/// The part of that time that a thread must get on each core.
const ENOUGH: f64 = 0.8;

/// Whether no other program takes the cores away: a thread for each core computes for a moment, and
/// gets nearly all of that time.
fn cores_are_free() -> bool {
    let cores = num_cpus::get();
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(share_of_a_core)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0.0)).collect::<Vec<f64>>()
    });
    shares.into_iter().sum::<f64>() >= ENOUGH * f64::from(u32::try_from(cores).unwrap_or(1))
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
    use super::*;

    #[test]
    fn what_is_not_so_does_not_hold_and_of_python_nothing_is_known() {
        assert_eq!(Verdict::HoldsDifferently.counted(true), Verdict::HoldsDifferently);
        assert_eq!(Verdict::HoldsDifferently.counted(false), Verdict::DoesNotHoldHere);
        assert_eq!(Verdict::PythonOnly.counted(true), Verdict::PythonOnly);
        assert_eq!(Verdict::PythonOnly.counted(false), Verdict::Undecided);
    }

    #[test]
    fn what_is_printed_can_be_read() {
        for verdict in Verdict::ALL {
            let numbers = "5 threads: 2.9 s; ".repeat(6);
            let printed = fill(&format!("Claim C23 {verdict}: {numbers}"), COLUMNS, "", INDENT);
            let read = judged(&format!("  before\n{printed}\n\n  after\n"));
            let claim = "C23".into();
            assert_eq!(read, [Finding { claim, verdict, numbers: numbers.trim().into() }]);
        }
        for other in ["", "Claim", "Claim C23 MAYBE: 1", "C23 HOLDS: 1", "Claim C23 HOLDS"] {
            assert_eq!(judged(other), []);
        }
    }
}
