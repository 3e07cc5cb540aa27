//! What is shown on the projector, as text: the question, the votes, and what to say.

use std::fmt::Write;
use std::time::Duration;

use classroom::words::{lines_of, plural};
use console::style;

use super::answers::{Given, Votes};
use super::plan::{Answer, Plan, Step};

/// The columns of a screen; the programs of the lessons are made for as many.
const COLUMNS: usize = 80;

/// The columns before a text.
const INDENT: usize = 2;

/// The longest bar of a vote.
const BAR: u32 = 40;

/// Letters that are seen from the back row, in three lines of three columns.
const LETTERS: [(char, [&str; 3]); 4] = [
    ('a', ["▄▀▄", "█▀█", "▀ ▀"]),
    ('b', ["█▀▄", "█▀▄", "▀▀ "]),
    ('c', ["▄▀▀", "█  ", " ▀▀"]),
    ('d', ["█▀▄", "█ █", "▀▀ "]),
];

/// Where the lesson is: the step, from 0, and the time since it began.
#[derive(Clone, Copy)]
pub struct Place {
    pub step: usize,
    pub clock: Duration,
}

/// The first line of each screen: the step, and the time beside that of the plan.
pub fn head(plan: &Plan, place: Place) -> String {
    let Place { step, clock } = place;
    let mut right = format!("step {} of {}", step + 1, plan.steps.len());
    let minutes = clock.as_secs() / 60;
    if let (Some(all), Some(planned)) = (plan.minutes, plan.steps[step].minute) {
        let late = minutes.saturating_sub(planned);
        let late =
            if late > 1 { format!(", {} late", plural(late, "minute")) } else { String::new() };
        let _ = write!(right, " · minute {minutes} of {all}, plan {planned}{late}");
    }
    let room = (COLUMNS - 1).saturating_sub(plan.title.chars().count());
    let line = "─".repeat(COLUMNS - 1);
    format!(
        "{}{}\n{}\n",
        style(&plan.title).bold(),
        style(format!("{right:>room$}")).dim(),
        style(line).dim()
    )
}

/// A question with its choices, and the votes that were given.
pub fn question(plan: &Plan, place: Place, given: &Given) -> String {
    let step = &plan.steps[place.step];
    let mut screen = head(plan, place);
    let _ = writeln!(screen, "\n{}\n", bold(&step.question));
    match &step.answer {
        Answer::Choice(choices, _) => {
            for (letter, text) in choices {
                screen += &choice(*letter, text, given.votes());
            }
        }
        Answer::Seconds => {
            if let Some(seconds) = given.seconds() {
                let _ = writeln!(screen, "{}\n", bold(&format!("You said {seconds} s.")));
            }
        }
    }
    let how = match step.answer {
        Answer::Choice(..) if given.is_none() && plan.minutes.is_none() => "Type a letter",
        Answer::Choice(..) if given.is_none() => "Count hands, such as: a 12 b 3 c 7",
        Answer::Seconds if given.is_none() => "Type the seconds that you expect",
        _ => "Now run it",
    };
    let _ = writeln!(screen, "{}", style(typed(step)).dim());
    let _ = write!(screen, "{}", keys(&[how, "Enter: run", "back", "skip", "quit"]));
    screen
}

/// The command of a step, as one types it.
pub fn typed(step: &Step) -> String {
    indented(&format!("$ {}", step.program.command()), INDENT)
}

/// A choice: its letter, large, its text, and its votes as a bar.
fn choice(letter: char, text: &str, votes: Option<&Votes>) -> String {
    let large =
        LETTERS.iter().find(|(small, _)| *small == letter).map_or([""; 3], |(_, large)| *large);
    let lines = lines_of(text, COLUMNS - 12);
    let count = votes.and_then(|votes| votes.of(letter));
    let bar = count.map(|count| {
        let most = votes.map_or(1, Votes::most).max(1);
        let length = (u64::from(count) * u64::from(BAR)).div_ceil(u64::from(most));
        format!("{} {count}", "█".repeat(usize::try_from(length).unwrap_or(0)))
    });
    let beside = match (lines.as_slice(), bar) {
        ([one], None) => ["", one, ""].map(String::from),
        ([one], Some(bar)) => [String::new(), one.clone(), bar],
        ([one, two, ..], bar) => [one.clone(), two.clone(), bar.unwrap_or_default()],
        ([], bar) => [String::new(), String::new(), bar.unwrap_or_default()],
    };
    let mut drawn = String::new();
    for (large, beside) in large.iter().zip(beside) {
        let _ = writeln!(drawn, "{:INDENT$}{}   {}", "", style(large).bold(), style(beside).bold());
    }
    drawn + "\n"
}

/// What stands below the output of a program: the votes beside the answer, and what to say.
pub fn result(step: &Step, given: &Given, measured: Option<&str>) -> String {
    let mut below = format!("\n{}\n", style("─".repeat(COLUMNS - 1)).dim());
    if let Answer::Choice(choices, right) = &step.answer {
        let text = choices.iter().find(|(letter, _)| letter == right).map_or("", |(_, text)| text);
        let _ = writeln!(below, "{}", indented(&format!("{right} is right: {text}"), INDENT));
        if let Some(votes) = given.votes() {
            let of_it = votes.of(*right).unwrap_or(0);
            let _ = writeln!(
                below,
                "{:INDENT$}Hands: {votes}. {of_it} of {} were right.",
                "",
                votes.all()
            );
        }
        below.push('\n');
    }
    if let Some(measured) = measured {
        let _ = writeln!(below, "{measured}");
    }
    let _ = writeln!(below, "{}", bold(&step.say));
    if let Some([before, after]) = &step.diff {
        let _ =
            writeln!(below, "{:INDENT$}{}", "", style(format!("$ diff {before} {after}")).dim());
    }
    let words = ["Enter: go on", "repeat", "back", "quit", "diff"];
    let words = if step.diff.is_some() { &words[..] } else { &words[..4] };
    format!("{below}\n{}", keys(words))
}

/// The keys that there are, in one quiet line.
pub fn keys(keys: &[&str]) -> String {
    format!("{:INDENT$}{}\n", "", style(keys.join("   ")).dim())
}

fn bold(text: &str) -> String {
    let lines = lines_of(text, COLUMNS - 2 * INDENT);
    let lines: Vec<String> =
        lines.iter().map(|line| format!("{:INDENT$}{}", "", style(line).bold())).collect();
    lines.join("\n")
}

/// A text in lines of so many columns before it.
pub fn indented(text: &str, indent: usize) -> String {
    let lines = lines_of(text, COLUMNS - 1 - indent);
    let lines: Vec<String> = lines.iter().map(|line| format!("{:indent$}{line}", "")).collect();
    lines.join("\n")
}
