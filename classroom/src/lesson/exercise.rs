//! Exercises: small programs with one fault each, which say themselves whether it is mended.

use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;

use clap::{Arg, ArgAction, Command};

use crate::error::Result;
use crate::output::warn;
use crate::say;
use crate::this_process::program_name;
use crate::words::{thousands, wrapped};

/// Runs an exercise and says whether it is solved; then the exit status is 0, and 1 if it is not.
///
/// `attempt` prints what it has seen, and returns whether all goals are reached. With `--hint` on
/// the command line the hint is printed first. Wrong usage ends the program with status 2.
pub fn exercise(hint: &str, attempt: impl FnOnce() -> Result<bool>) -> ExitCode {
    let matches = Command::new(program_name())
        .about("An exercise: mend its file, and run it again until it is solved")
        .arg(
            Arg::new("hint")
                .long("hint")
                .action(ArgAction::SetTrue)
                .help("Print a hint before the run"),
        )
        .get_matches();
    let wants_hint = matches.get_flag("hint");
    if wants_hint {
        say!("{}\n", wrapped(&format!("Hint: {hint}"), ""));
    }
    match attempt() {
        Ok(true) => {
            say!("\nSolved.");
            ExitCode::SUCCESS
        }
        Ok(false) => {
            let help = if wants_hint { "" } else { " For a hint, add -- --hint to the command." };
            say!("\nNot solved yet.{help}");
            ExitCode::FAILURE
        }
        Err(error) => {
            warn(format_args!("Not solved yet: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Something that an exercise has to reach: a number that was counted, and what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    /// What was counted, such as `connections`.
    what: &'static str,
    least: usize,
    most: usize,
    seen: usize,
}

impl Goal {
    /// The number must be this one.
    #[must_use]
    pub fn exactly(what: &'static str, wanted: usize, seen: usize) -> Self {
        Self { what, least: wanted, most: wanted, seen }
    }

    /// The number may not be larger.
    #[must_use]
    pub fn at_most(what: &'static str, most: usize, seen: usize) -> Self {
        Self { what, least: 0, most, seen }
    }

    /// The number may not be smaller.
    #[must_use]
    pub fn at_least(what: &'static str, least: usize, seen: usize) -> Self {
        Self { what, least, most: usize::MAX, seen }
    }

    /// Whether it is reached.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        (self.least..=self.most).contains(&self.seen)
    }

    fn wanted(&self) -> String {
        match (self.least, self.most) {
            (0, most) => format!("at most {}", thousands(most as u64)),
            (least, usize::MAX) => format!("at least {}", thousands(least as u64)),
            (least, _) => thousands(least as u64),
        }
    }
}

impl Display for Goal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let verdict = if self.is_reached() { "reached" } else { "not yet" };
        let seen = thousands(self.seen as u64);
        write!(f, "{:38}{:>14}{seen:>10}   {verdict}", self.what, self.wanted())
    }
}

/// Prints all goals of an exercise and returns whether they are reached.
#[must_use]
pub fn all_reached(goals: &[Goal]) -> bool {
    say!("{:38}{:>14}{:>10}", "", "wanted", "seen");
    for goal in goals {
        say!("{goal}");
    }
    goals.iter().all(Goal::is_reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_a_range() {
        let reached = [
            Goal::exactly("", 5, 5),
            Goal::at_most("", 5, 0),
            Goal::at_most("", 5, 5),
            Goal::at_least("", 5, 5),
            Goal::at_least("", 5, 6),
        ];
        assert!(reached.iter().all(Goal::is_reached), "{reached:?}");
        let missed = [
            Goal::exactly("", 5, 4),
            Goal::exactly("", 5, 6),
            Goal::at_most("", 5, 6),
            Goal::at_least("", 5, 4),
        ];
        assert!(!missed.iter().any(Goal::is_reached), "{missed:?}");
    }

    #[test]
    fn a_goal_says_what_it_wants() {
        let wanted =
            [Goal::exactly("", 160, 0), Goal::at_most("", 5, 0), Goal::at_least("", 10, 0)];
        assert_eq!(wanted.map(|goal| goal.wanted()), ["160", "at most 5", "at least 10"]);
    }
}
