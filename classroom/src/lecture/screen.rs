//! What is shown on the projector, as text: the question, the votes, and what to say.

use std::fmt::Write;
use std::iter;

use basics::words::fill;
use console::style;

use super::answers::{Prediction, Votes};
use super::plan::{Plan, Step};

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

/// The first line of each screen: the step, and the minute beside that of the plan.
fn head(plan: &Plan, number: usize, minute: u64) -> String {
    let mut right = format!("step {} of {}", number + 1, plan.steps.len());
    if plan.is_for_a_class() {
        let planned = plan.steps[number].minute;
        let planned = planned
            .map_or("if there is time, or skip".into(), |it| format!("planned for minute {it}"));
        let _ = write!(right, " · minute {minute}, {planned}");
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
pub fn question(plan: &Plan, number: usize, minute: u64, prediction: &Prediction) -> String {
    let step = &plan.steps[number];
    let mut screen = head(plan, number, minute);
    let _ = writeln!(screen, "\n{}\n", bold(&step.question));
    let votes = prediction.votes().filter(|_| plan.is_for_a_class());
    for (letter, text) in &step.choices {
        screen += &choice(*letter, text, votes);
    }
    if let (false, Some(said)) = (plan.is_for_a_class(), said(prediction)) {
        let _ = writeln!(screen, "{}\n", bold(&said));
    }
    let how = match step.answer {
        _ if !prediction.is_none() => "Now run it",
        None => "Type the seconds that you expect",
        Some(_) if plan.is_for_a_class() => "Count hands, such as: a 12 b 3 c 7",
        Some(_) => "Type a letter",
    };
    let _ = writeln!(screen, "{}", style(command(step)).dim());
    let _ = write!(screen, "{}", keys(&[how, "Enter: run", "back", "skip", "quit"]));
    screen
}

/// What one learner has said.
fn said(prediction: &Prediction) -> Option<String> {
    let letter = prediction.votes().and_then(Votes::first);
    let said = letter.map(|letter| format!("You said {letter}."));
    said.or(prediction.seconds().map(|seconds| format!("You said {seconds} s.")))
}

/// The command of a step, as one types it.
pub fn command(step: &Step) -> String {
    indented(&format!("$ {}", step.command()), INDENT)
}

/// A choice: its letter, large, its text, and its votes as a bar.
fn choice(letter: char, text: &str, votes: Option<&Votes>) -> String {
    let large =
        LETTERS.iter().find(|(small, _)| *small == letter).map_or(["   "; 3], |(_, large)| *large);
    let text = fill(text, COLUMNS - 12, "", "");
    let mut beside: Vec<String> = text.lines().map(String::from).collect();
    // One line stands in the middle of the letter.
    if beside.len() == 1 {
        beside.insert(0, String::new());
    }
    if let (Some(votes), Some(count)) = (votes, votes.and_then(|votes| votes.of(letter))) {
        let length = (u64::from(count) * u64::from(BAR)).div_ceil(u64::from(votes.most().max(1)));
        let bar = "█".repeat(usize::try_from(length).unwrap_or(0));
        beside.push(format!("{bar} {count}"));
    }
    beside.resize(beside.len().max(large.len()), String::new());
    let large = large.into_iter().chain(iter::repeat("   "));
    let mut drawn = String::new();
    for (large, beside) in large.zip(beside) {
        let _ = writeln!(drawn, "{:INDENT$}{}   {}", "", style(large).bold(), style(beside).bold());
    }
    drawn + "\n"
}

/// What stands below the output of a program until the answer is asked for, if the program leaves
/// something to look at.
pub fn look(step: &Step, has_ended_well: bool) -> Option<String> {
    let failed = "The program was stopped or has failed, so it does not answer the question. To run \
                  it again, type repeat.";
    let tell = step.tell.as_deref().filter(|_| !step.is_played);
    Some(bold(if has_ended_well { tell? } else { failed }))
}

/// What stands below the output of a program: the votes beside the answer, and what to say.
pub fn answer(plan: &Plan, step: &Step, prediction: &Prediction, measured: Option<&str>) -> String {
    let mut below = format!("\n{}\n", style("─".repeat(COLUMNS - 1)).dim());
    if let Some(right) = step.answer {
        let text = step.choices.get(&right).map_or("", String::as_str);
        let _ = writeln!(below, "{}", indented(&format!("{right} is right: {text}"), INDENT));
        let votes = prediction.votes().map(|votes| {
            format!("Hands: {votes}. Right: {} of {}.", votes.of(right).unwrap_or(0), votes.all())
        });
        let beside = if plan.is_for_a_class() { votes } else { said(prediction) };
        if let Some(beside) = beside {
            let _ = writeln!(below, "{:INDENT$}{beside}", "");
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
    if !plan.is_for_a_class() {
        let page = format!("To read: {}/README.md", step.package);
        let _ = writeln!(below, "{:INDENT$}{}", "", style(page).dim());
    }
    below
}

/// What to say to somebody who wants to run a program before there is an answer.
pub fn unanswered(plan: &Plan) -> &'static str {
    if plan.is_for_a_class() {
        "No hands have been typed. Enter once more runs it without a vote."
    } else {
        "You have not predicted anything. Enter once more runs it all the same."
    }
}

/// What to do if the program has not shown what it should, or if the game could not be won. Without
/// what it has printed nothing can be said.
pub fn advice(step: &Step, printed: Option<&str>) -> Option<String> {
    let begin = match (&step.shows, printed) {
        (Some(text), Some(printed)) if !printed.contains(text) => "It did not show this time.",
        _ if step.is_played => "One way:",
        _ => return None,
    };
    Some(indented(&format!("{begin} {}", step.otherwise.as_ref()?), INDENT))
}

/// The keys that there are, in one quiet line.
pub fn keys(keys: &[&str]) -> String {
    format!("{:INDENT$}{}\n", "", style(keys.join("   ")).dim())
}

/// A text that matters, in bold lines.
pub fn bold(text: &str) -> String {
    let lines = fill(text, COLUMNS - 2 * INDENT, "", "");
    let lines: Vec<String> =
        lines.lines().map(|line| format!("{:INDENT$}{}", "", style(line).bold())).collect();
    lines.join("\n")
}

/// A text in lines of so many columns before it.
pub fn indented(text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    fill(text, COLUMNS - 1, &indent, &indent)
}
