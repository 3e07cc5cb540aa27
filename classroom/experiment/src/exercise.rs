//! Exercises: small programs with one fault each, which say themselves whether it is mended.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::panic::{self, AssertUnwindSafe, Location};
use std::path::Path;
use std::process::{self, ExitCode};
use std::thread;
use std::time::Duration;

use clap::{Arg, ArgAction, Command};

use basics::error::Result;
use basics::output::{finish_without_reader, warn};
use basics::say;
use basics::this_process::program_name;
use basics::words::{COLUMNS, fill, thousands};

use crate::exercises::{EXERCISES, Exercise};

/// How long an exercise may take. Each of them needs less than a second, if nothing waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs an exercise and says whether it is solved; then the exit status is 0, and 1 if it is not.
///
/// `attempt` prints what it has seen, and returns whether all goals are reached. If it panics or has
/// not ended after 20 seconds, the exercise is not solved. With `--hint` on the command line the hint
/// of [`EXERCISES`] is printed first. Wrong usage ends the program with status 2.
///
/// With `--password` a word stands on standard input, and is said with `Solved.` It has been read when
/// the attempt begins, so that this alone can say it, and not what a learner prints.
#[track_caller]
pub fn exercise(attempt: impl FnOnce() -> Result<bool>) -> ExitCode {
    let file = Path::new(Location::caller().file());
    let is_it = |exercise: &&Exercise| file.file_stem().is_some_and(|name| name == exercise.name);
    let hint = EXERCISES.iter().find(is_it).map_or("There is none.", |exercise| exercise.hint);
    exercise_within(PATIENCE, hint, attempt)
}

/// As [`exercise`], with another time than 20 seconds, and with a hint that is not of the list.
#[track_caller]
pub fn exercise_within(
    patience: Duration,
    hint: &str,
    attempt: impl FnOnce() -> Result<bool>,
) -> ExitCode {
    let file = Location::caller().file();
    let matches = Command::new(program_name())
        .about("An exercise: mend its file, and run it again until it is solved")
        .arg(
            Arg::new("hint")
                .long("hint")
                .action(ArgAction::SetTrue)
                .help("Print a hint before the run"),
        )
        .arg(Arg::new("password").long("password").action(ArgAction::SetTrue).hide(true))
        .get_matches();
    let solved = if matches.get_flag("password") {
        format!("Solved. {}", io::read_to_string(io::stdin()).unwrap_or_default())
    } else {
        "Solved. What is next: cargo run -p classroom -- exercises".into()
    };
    let mut to_do = format!("Its file: {file}");
    if matches.get_flag("hint") {
        say!("{}\n", fill(hint, COLUMNS, "Hint: ", ""));
    } else {
        to_do += "\nFor a hint, add -- --hint to the command.";
    }
    // Its exit status says whether it is solved.
    finish_without_reader();
    end_if_it_hangs(patience, to_do.clone());
    let reason = match panic::catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(true)) => {
            say!("\n{solved}");
            return ExitCode::SUCCESS;
        }
        Ok(Ok(false)) => {
            say!("\nNot solved yet. {to_do}");
            return ExitCode::FAILURE;
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "it has panicked".into(), // what the panic says stands above
    };
    warn(format_args!(
        "\n{}\n{to_do}",
        fill(&format!("{reason}."), COLUMNS, "Not solved yet: ", "")
    ));
    ExitCode::FAILURE
}

/// Ends the program if its exercise has not come to an end by itself.
fn end_if_it_hangs(patience: Duration, to_do: String) {
    let watch = move || {
        thread::sleep(patience);
        let seconds = patience.as_secs();
        let reason = format!(
            "Not solved yet: it has not ended after {seconds} s. Does something wait for ever, or \
             take very many steps?"
        );
        warn(format_args!("\n{}\n{to_do}", fill(&reason, COLUMNS, "", "")));
        process::exit(1);
    };
    // Where the system has no thread to give, nobody watches: Ctrl-C ends it as well.
    let _ = thread::Builder::new().spawn(watch);
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
    pub fn exactly(what: &'static str, wanted: usize, seen: usize) -> Self {
        Self { what, least: wanted, most: wanted, seen }
    }

    /// The number may not be larger.
    pub fn at_most(what: &'static str, most: usize, seen: usize) -> Self {
        Self { what, least: 0, most, seen }
    }

    /// The number may not be smaller.
    pub fn at_least(what: &'static str, least: usize, seen: usize) -> Self {
        Self { what, least, most: usize::MAX, seen }
    }

    /// Any number will do. It may show why another one is not reached.
    pub fn any(what: &'static str, seen: usize) -> Self {
        Self::at_least(what, 0, seen)
    }

    /// Whether it is reached.
    pub fn is_reached(&self) -> bool {
        (self.least..=self.most).contains(&self.seen)
    }

    fn wanted(&self) -> String {
        match (self.least, self.most) {
            (0, usize::MAX) => "any".into(),
            (0, most) => format!("at most {}", thousands(most as u64)),
            (least, usize::MAX) => format!("at least {}", thousands(least as u64)),
            (least, _) => thousands(least as u64),
        }
    }
}

impl Display for Goal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let verdict = match (self.least, self.most) {
            (0, usize::MAX) => "",
            _ if self.is_reached() => "   reached",
            _ => "   not yet",
        };
        let seen = thousands(self.seen as u64);
        write!(f, "{:38}{:>14}{seen:>10}{verdict}", self.what, self.wanted())
    }
}

/// Prints all goals of an exercise and returns whether they are reached.
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
        let wanted = [
            Goal::exactly("", 160, 0),
            Goal::at_most("", 5, 0),
            Goal::at_least("", 10, 0),
            Goal::any("", 0),
        ];
        assert_eq!(wanted.map(|goal| goal.wanted()), ["160", "at most 5", "at least 10", "any"]);
    }
}
