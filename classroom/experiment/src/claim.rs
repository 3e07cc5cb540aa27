//! The verdicts on claims of the texts, as experiments print them.

use std::env;
use std::fmt::{self, Display, Formatter};
use std::sync::Once;

use basics::say;
use basics::words::{COLUMNS, fill};

use super::list::claims;
use super::verdict::Verdict;

/// How the lines of a claim behind the first begin.
const INDENT: &str = "  ";

/// The variable of the environment with which no verdict is printed: for a class, say.
pub const NO_CLAIMS: &str = "NO_CLAIMS";

/// What is said of figures that cannot tell.
pub const CANNOT_TELL: &str =
    "This run cannot tell. If other programs have the cores, run it again.";

/// Prints a claim, and below it the verdict with the numbers on which it rests.
///
/// `number` is that of a claim in `claims.txt`. `classroom claims` reads these lines. With
/// [`NO_CLAIMS`] it is only said, once, if the figures cannot tell.
pub fn claim(number: &str, verdict: Verdict, numbers: impl Display) {
    static IS_SAID: Once = Once::new();

    if env::var_os(NO_CLAIMS).is_none_or(|value| value.is_empty()) {
        say!("{}", Finding::new(number, verdict, numbers));
    } else if verdict == Verdict::Undecided {
        IS_SAID.call_once(|| say!("{CANNOT_TELL}"));
    }
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
            Verdict::Undecided => format!(" ({CANNOT_TELL})"),
            _ => String::new(),
        };
        Self { claim: claim.into(), verdict, numbers: format!("{numbers}{busy}") }
    }
}

/// The sentence of the claim, and below it the verdict, in lines of a terminal.
impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { claim, verdict, numbers } = self;
        let known = claims().iter().find(|known| known.number == claim);
        let sentence = known.map_or("", |known| known.sentence);
        let further = INDENT.repeat(2);
        writeln!(f, "{}", fill(sentence, COLUMNS, &format!("Claim {claim}: "), &further))?;
        f.write_str(&fill(&format!("{verdict}: {numbers}"), COLUMNS, INDENT, &further))
    }
}

/// Reads all that [`claim`] has printed into the output of an experiment.
pub fn judged(output: &str) -> Vec<Finding> {
    let mut claims: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut is_claim = false;
    for line in output.lines() {
        let begins = line.strip_prefix("Claim ").and_then(|claim| claim.split_once(": "));
        match claims.last_mut() {
            Some((_, lines)) if is_claim && line.starts_with(INDENT) => lines.push(line.trim()),
            _ => is_claim = begins.is_some(),
        }
        claims.extend(begins.map(|(number, _)| (number, Vec::new())));
    }
    claims.into_iter().filter_map(|(number, lines)| read(number, &lines)).collect()
}

/// Finds the verdict in the lines below the first of a claim.
fn read(number: &str, lines: &[&str]) -> Option<Finding> {
    let begin = |line: &str| {
        Verdict::ALL.into_iter().find_map(|verdict| {
            Some((verdict, line.strip_prefix(verdict.words())?.strip_prefix(": ")?.to_string()))
        })
    };
    let (at, (verdict, first)) =
        lines.iter().enumerate().find_map(|(at, line)| Some((at, begin(line)?)))?;
    let numbers = [&[&*first], &lines[at + 1..]].concat().join(" ");
    Some(Finding { claim: number.into(), verdict, numbers })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_can_be_read() {
        for verdict in Verdict::ALL {
            // The sentence of this one takes two lines.
            let numbers = "5 threads: 2.9 s; ".repeat(6);
            let claim = "C83".into();
            let printed = Finding { claim, verdict, numbers: numbers.trim().into() };
            let read = judged(&format!("  before\n{printed}\n{printed}\n\n  after\n"));
            assert_eq!(read, [printed.clone(), printed.clone()]);
            let text = printed.to_string();
            assert!(text.starts_with("Claim C83: Four processes find the primes"), "{text}");
            assert!(text.lines().count() > 3, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= COLUMNS), "{text}");
        }
        for other in ["", "Claim", "Claim C23: MAYBE\n  PERHAPS: 1", "Claim C23 HOLDS: 1"] {
            assert_eq!(judged(other), []);
        }
    }
}
