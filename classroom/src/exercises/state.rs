//! How an exercise stands, and how that is found out.

use std::fmt::{self, Display, Formatter};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::process::Command;
use std::time::Duration;

use basics::error::Result;

use crate::children::run_with_input;

/// How long an exercise may run. It ends itself sooner, unless what it prints keeps it from that.
const PATIENCE: Duration = Duration::from_secs(60);

/// The column of the second thread in an order that the judge of the races shows, after the four of
/// all steps.
const SECOND: &str = "                                  ";

/// How an exercise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Solved,
    /// Its check says so, and perhaps why.
    NotYet(String),
    /// Its check says so, because something waits for ever.
    Endless,
    /// The compiler refuses it, and why.
    Refused(String),
    /// It cannot be judged, and why.
    Unknown(String),
}

impl State {
    /// Whether its check has had its say.
    pub fn is_judged(&self) -> bool {
        matches!(self, Self::Solved | Self::NotYet(_) | Self::Endless)
    }

    /// Whether the compiler refuses it.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Refused(_))
    }
}

impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Solved => "solved",
            Self::NotYet(_) => "not solved yet",
            Self::Endless => "not solved yet: it did not end",
            Self::Refused(_) => "does not compile",
            Self::Unknown(why) => why,
        })
    }
}

/// How an exercise stands, and what it has said.
pub struct Judged {
    pub state: State,
    pub says: String,
}

/// Runs an exercise, and asks it how it stands.
pub fn run(command: &mut Command) -> Judged {
    ask(command).unwrap_or_else(|error| Judged {
        state: State::Unknown(error.to_string()),
        says: String::new(),
    })
}

/// That it is solved counts only with a word that the exercise has been told, and that a learner's part
/// cannot know: that part may print anything, and end the program with any status.
fn ask(command: &mut Command) -> Result<Judged> {
    let password = RandomState::new().build_hasher().finish().to_string();
    let (input, mut writer) = io::pipe()?;
    writer.write_all(password.as_bytes())?;
    drop(writer);
    let output = run_with_input(command.arg("--password"), input, Some(PATIENCE))?;
    let has_said = |text: &str| [&output.stdout, &output.stderr].iter().any(|it| it.contains(text));
    let state = match output.status.code() {
        Some(0) if has_said(&format!("Solved. {password}\n")) => State::Solved,
        Some(1) if has_said("Not solved yet: it has not ended") => State::Endless,
        Some(1) if has_said("Not solved yet") => {
            State::NotYet(reason(&output.stdout, &output.stderr))
        }
        _ => State::Unknown("it ended before its check".into()),
    };
    let says = output.stdout.replace(&password, "") + &output.stderr;
    Ok(Judged { state, says })
}

/// What is wrong, in one line: an order of the races, the goals that are not reached, or a sentence.
fn reason(stdout: &str, stderr: &str) -> String {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(order) = order(stdout) {
        return order;
    }
    let goals: Vec<String> = stdout.lines().filter_map(missed).collect();
    if !goals.is_empty() {
        return goals.join("; ");
    }
    // It is right in every order, and yet there is a fault.
    if let Some((_, but)) = stdout.split_once("\nBut ") {
        return one_line(but.split("\n\n").next().unwrap_or_default());
    }
    let said = stderr.rsplit_once("Not solved yet: ").map_or("", |(_, said)| said);
    one_line(said.split("\nIts file: ").next().unwrap_or_default())
}

/// The order of the threads' steps that goes wrong, and what is wrong then:
/// `order 1122: Two increments, and the counter is 1.`
fn order(stdout: &str) -> Option<String> {
    let (_, shown) =
        stdout.split_once("This is one:\n\n").or(stdout.split_once("goes wrong:\n\n"))?;
    let mut lines = shown.lines().skip(1); // the heads of the columns
    let steps = lines.by_ref().map_while(|line| line.strip_prefix("    "));
    let order: String = steps.map(|it| if it.starts_with(SECOND) { '2' } else { '1' }).collect();
    let fault = lines.find(|line| !line.is_empty()).unwrap_or_default();
    Some(if order.is_empty() { fault.into() } else { format!("order {order}: {fault}") })
}

/// A goal that is not reached: `requests at once: 1, and wanted is 20`.
fn missed(line: &str) -> Option<String> {
    let goal = line.strip_suffix("   not yet")?;
    let (what, numbers) = goal.split_at_checked(38)?;
    let (wanted, seen) = numbers.trim().rsplit_once(' ')?;
    Some(format!("{}: {seen}, and wanted is {}", what.trim(), wanted.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        let race = "\
Tried every order of the steps of two threads: 6 orders.
4 of them go wrong. This is one:

    thread 1                          thread 2
    reads counter: 0
                                      reads counter: 0
                                      writes counter: 1
    writes counter: 1

Two increments, and the counter is 1.

Not solved yet. Its file: x.rs
";
        assert_eq!(reason(race, ""), "order 1221: Two increments, and the counter is 1.");
        let goals = "\
                                              wanted      seen
requests at once                                  20         1   not yet
places with a beat, first to last        at least 10         0   not yet
sums that are right                                1         1   reached
";
        let said = "requests at once: 1, and wanted is 20; places with a beat, first to last: 0, and \
                    wanted is at least 10";
        assert_eq!(reason(goals, ""), said);
        let relaxed =
            "All of them go well.\n\nBut with a\nflag.\n\nNot solved yet. Its file: x.rs\n";
        assert_eq!(reason(relaxed, ""), "with a flag.");
        let error = "\nNot solved yet: no thread\nhas a turn.\nIts file: x.rs\nFor a hint, ...\n";
        assert_eq!(reason("", error), "no thread has a turn.");
    }
}
