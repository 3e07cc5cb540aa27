//! The screens of a lesson, as text: each is made of the lesson's state and the time.

use std::iter;

use basics::words::plural;
use console::{style, truncate_str};

use super::class::Seen;
use super::draw::{COLUMNS, INDENT, LINES};
use super::draw::{bar, beside, bold, bold_beside, dim, fitting, keys, wrapped};
use super::ending::end;
use super::plan::Step;
use super::record::StepRecord;
use super::state::{Lesson, Place};
use super::votes::Votes;

/// The lines of a text that stand on one screen.
pub const PAGE: usize = 19;

/// The lines that a screen may have above the prompt.
pub const ROOM: usize = LINES - 1;

/// The longest bar of a vote, below a question and beside an answer.
const LONG: u32 = 40;
const SHORT: u32 = 30;

/// The screen of a lesson at this time.
pub fn screen(lesson: &Lesson, now: u64) -> Vec<String> {
    let (body, words) = match &lesson.place {
        Place::Opening => (opening(lesson), vec!["Enter: the first question".into()]),
        Place::Question(step) => (question(lesson, *step), question_keys(lesson, *step)),
        Place::Rules(step) => (rules(lesson, *step), rules_keys(lesson)),
        Place::Output(step) => output(lesson, *step),
        Place::Answer(step) => (answer(lesson, *step), answer_keys(lesson, *step)),
        Place::Steer(..) => (live(lesson), words(&["Enter: the answer", "steer: anew", "back"])),
        Place::Race(racing) => (live(lesson), lesson.race_keys(racing)),
        Place::Phones(_) => (live(lesson), words(&["Enter: go on"])),
        Place::End => (end(lesson, now), words(&["Enter: end", "back", "step 1"])),
        Place::Text(text) => {
            let shown = text.lines.iter().skip(text.from).take(PAGE).cloned().collect();
            (shown, words(&[Lesson::text_key(text), "back"]))
        }
    };
    let note = lesson.note.as_ref().map_or(Vec::new(), |note| wrapped(note));
    // What stands on the screen after a game is the game's: this goes below it.
    let is_below = lesson.is_below_a_game();
    let head = if is_below { Vec::new() } else { head(lesson, now) };
    let room = ROOM.saturating_sub(head.len() + note.len() + 1);
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.push("?: help");
    let mut body: Vec<String> = body.into_iter().take(room).collect();
    while body.last().is_some_and(String::is_empty) {
        body.pop();
    }
    // With phones it has always as many lines, so that it can be written anew while somebody types.
    let spaces = if lesson.phones.is_some() && !is_below { room - body.len() } else { 1 };
    let spaces = vec![String::new(); spaces.min(room - body.len())];
    head.into_iter().chain(body).chain(note).chain(spaces).chain([keys(&words)]).collect()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).into()).collect()
}

/// The first lines of each screen: the title, the step, the minute, and how late it is.
pub fn head(lesson: &Lesson, now: u64) -> Vec<String> {
    let plan = lesson.plan;
    let step = lesson.step().map(|step| format!("step {} of {}", step + 1, plan.steps.len()));
    let of = plan.minutes.map_or(String::new(), |minutes| format!(" of {minutes}"));
    let minute = format!("minute {}{of}", lesson.record.minute(now));
    let right = step.into_iter().chain([minute]).collect::<Vec<_>>().join(" · ");
    let left = (COLUMNS - 2).saturating_sub(right.chars().count());
    let title = truncate_str(&plan.title, left, "…");
    let space = COLUMNS - 1 - title.chars().count() - right.chars().count();
    let late = lesson.late(now).map_or(String::new(), |(late, spare)| {
        let leave_out =
            spare.map_or(String::new(), |step| format!(": leave out step {}", step + 1));
        format!(" {} late{leave_out} ", plural(late, "minute"))
    });
    let phones = lesson.phones.as_ref().map_or(String::new(), Seen::head);
    let line =
        "─".repeat((COLUMNS - 1).saturating_sub(late.chars().count() + phones.chars().count()));
    vec![
        format!("{}{:space$}{}", style(title).bold(), "", style(right).dim()),
        format!("{}{}{}", style(phones).bold(), style(line).dim(), style(late).bold()),
    ]
}

fn opening(lesson: &Lesson) -> Vec<String> {
    let text = lesson.plan.opening.iter().flat_map(|text| {
        // A paragraph of its own for each line.
        text.lines().flat_map(|line| bold(line).into_iter().chain([String::new()]))
    });
    iter::once(String::new()).chain(text).collect()
}

/// A question with its choices, and the votes that were given.
fn question(lesson: &Lesson, number: usize) -> Vec<String> {
    let (step, record) = (&lesson.plan.steps[number], &lesson.record.steps[number]);
    let mut lines = vec![String::new()];
    lines.extend(bold(&step.question));
    lines.push(String::new());
    for (letter, text) in &step.choices {
        lines.extend(choice(lesson, number, *letter, text));
        // Four of them fill the screen.
        lines.extend((step.choices.len() < 4).then(String::new));
    }
    if !lesson.plan.is_for_a_class() {
        lines.extend(said(record).map(|said| bold(&said)).unwrap_or_default());
    }
    lines.extend(command(step));
    lines
}

/// A choice: its letter, large, its text, and its votes as a bar.
fn choice(lesson: &Lesson, number: usize, letter: char, text: &str) -> Vec<String> {
    let record = &lesson.record.steps[number];
    let mut lines = bold_beside(text);
    // One line stands in the middle of the letter.
    if lines.len() == 1 {
        lines.insert(0, String::new());
    }
    if lesson.plan.is_for_a_class() {
        let first = record.first_votes.as_ref();
        match (&record.votes, first) {
            (Some(votes), _) => lines.push(bar(letter, votes, first, LONG)),
            (None, Some(first)) => {
                let before = format!("before: {}", bar(letter, first, None, LONG));
                lines.push(style(before).dim().to_string());
            }
            (None, None) => {}
        }
    }
    beside(letter, lines)
}

fn question_keys(lesson: &Lesson, number: usize) -> Vec<String> {
    let (step, record) = (&lesson.plan.steps[number], &lesson.record.steps[number]);
    let on = if lesson.phones.is_some() && record.votes.is_none() && !step.choices.is_empty() {
        "Enter: close the vote"
    } else if step.run.is_some() {
        "Enter: run"
    } else {
        "Enter: the answer"
    };
    let is_open = record.votes.is_none() && record.predicted.is_none();
    let how = match &record.votes {
        _ if step.choices.is_empty() && step.is_timed() && is_open => {
            "Type the seconds that you expect"
        }
        _ if step.choices.is_empty() => return words(&["Enter: go on", "back", "skip"]),
        None if !lesson.plan.is_for_a_class() => "Type a letter",
        None => &format!("Type hands: {}", Votes::example(step.choices.keys().copied())),
        Some(votes) if record.first_votes.is_none() && lesson.plan.is_for_a_class() => {
            if step.answer.is_some_and(|right| votes.is_divided(right)) {
                "again: a second vote   undo"
            } else {
                "undo"
            }
        }
        Some(_) => "undo",
    };
    words(&[how, on, "back", "skip"])
}

/// What one learner has said.
fn said(record: &StepRecord) -> Option<String> {
    let letter = record.votes.as_ref().and_then(Votes::first);
    let said = letter.map(|letter| format!("You said {letter}."));
    said.or(record.predicted.map(|seconds| format!("You said {seconds} s.")))
}

fn rules(lesson: &Lesson, number: usize) -> Vec<String> {
    let step = &lesson.plan.steps[number];
    let mut lines = command(step);
    lines.push(String::new());
    for line in step.tell.iter().flat_map(|tell| tell.lines()) {
        lines.extend(bold(line));
    }
    lines.push(String::new());
    lines.extend(live(lesson));
    lines
}

fn rules_keys(lesson: &Lesson) -> Vec<String> {
    let steer = lesson.phones.iter().map(|_| "steer: on the phones".into());
    iter::once("Enter: play".into()).chain(steer).chain(words(&["back", "skip"])).collect()
}

/// What the phones do now.
fn live(lesson: &Lesson) -> Vec<String> {
    lesson.phones.as_ref().map_or(Vec::new(), |seen| seen.lines.clone())
}

/// What a program has printed, as much as there is room for, and what to look at.
fn output(lesson: &Lesson, number: usize) -> (Vec<String>, Vec<String>) {
    let step = &lesson.plan.steps[number];
    let words = words(&["Enter: the answer", "repeat", "back"]);
    if step.played {
        return (vec![String::new()], words);
    }
    let tell = step.tell.as_deref().filter(|_| lesson.note.is_none());
    let tell = tell.map_or(Vec::new(), bold);
    let note = lesson.note.as_ref().map_or(0, |note| wrapped(note).len());
    let mut lines = command(step);
    let room = ROOM.saturating_sub(3 + lines.len() + tell.len() + note);
    let shown = fitting(&lesson.shown, room);
    lines.extend((shown.len() < room).then(String::new));
    lines.extend(shown.iter().cloned());
    lines.extend((shown.len() + 1 < room).then(String::new));
    lines.extend(tell);
    (lines, words)
}

/// The lines above what a program prints.
pub fn command(step: &Step) -> Vec<String> {
    step.run.iter().map(|run| dim(&format!("$ {run}"))).collect()
}

/// The answer: large, beside the votes; what was seen; what to say.
fn answer(lesson: &Lesson, number: usize) -> Vec<String> {
    let (step, record) = (&lesson.plan.steps[number], &lesson.record.steps[number]);
    let mut lines = vec![String::new()];
    lines.extend(verdict(lesson, number));
    lines.extend(times(lesson, number));
    lines.push(String::new());
    let mut below: Vec<String> = Vec::new();
    for sentence in lesson.sentences(number) {
        below.extend(bold(&sentence));
    }
    if let Some(section) = &step.section {
        let package = step.package().unwrap_or_default();
        below.push(String::new());
        let section = wrapped(&format!("In the article: {section}"));
        below.extend(section.iter().map(|line| style(line).dim().to_string()));
        below.push(dim(&format!("To open: {package}/src/main.rs, and {package}/README.md")));
    }
    let excerpt = lesson.excerpt(number);
    // The heads of the screen, the keys, and an empty line below the excerpt.
    let room = ROOM.saturating_sub(4 + lines.len() + below.len());
    if record.picture.is_some() || record.printed.is_some() {
        lines.extend(excerpt.iter().take(room).map(|line| (*line).to_string()));
        lines.extend((!excerpt.is_empty() && room > 0).then(String::new));
    }
    lines.extend(below);
    lines
}

/// The right letter, large, beside its text and the votes.
fn verdict(lesson: &Lesson, number: usize) -> Vec<String> {
    let (step, record) = (&lesson.plan.steps[number], &lesson.record.steps[number]);
    let mut lines = Vec::new();
    if let Some((right, text)) = step.answer.and_then(|right| step.choices.get_key_value(&right)) {
        let is = if lesson.has_shown(number) { "is right" } else { "is right, mostly" };
        lines.extend(bold_beside(&format!("{right} {is}: {text}")));
    }
    let is_for_a_class = lesson.plan.is_for_a_class();
    if let Some(votes) = record.votes.as_ref().filter(|_| is_for_a_class) {
        for letter in step.choices.keys() {
            let bar = bar(*letter, votes, record.first_votes.as_ref(), SHORT);
            let bar = format!("{letter} {bar}");
            let is_right = step.answer == Some(*letter);
            lines.push(if is_right { style(bar).bold().to_string() } else { bar });
        }
    } else if let Some(said) = said(record).filter(|_| !is_for_a_class && step.answer.is_some()) {
        lines.push(said);
    }
    match step.answer {
        Some(right) => beside(right, lines),
        None => lines.into_iter().map(|line| format!("{:INDENT$}{line}", "")).collect(),
    }
}

/// A prediction beside what was measured, the bound, and the time of the program that this one is
/// compared with.
fn times(lesson: &Lesson, number: usize) -> Vec<String> {
    let record = &lesson.record.steps[number];
    if record.measured.is_none() || !lesson.plan.steps[number].is_timed() {
        return Vec::new();
    }
    let other = lesson.plan.compared_with(number);
    let lines = [
        ("you said", record.predicted),
        ("measured", record.measured),
        ("bound", record.bound),
        (
            other.and_then(|other| lesson.plan.steps[other].package()).unwrap_or_default(),
            other.and_then(|other| lesson.record.steps[other].measured),
        ),
    ];
    let lines = lines.into_iter().filter_map(|(what, seconds)| {
        seconds.map(|seconds| format!("  {what:<20}{seconds:>10.3} s"))
    });
    lines.collect()
}

fn answer_keys(lesson: &Lesson, number: usize) -> Vec<String> {
    let plan = lesson.plan;
    let next = plan.planned_from(number + 1);
    let mut keys = vec![match next {
        _ if lesson.is_race_next(number) => "Enter: the race on the phones".into(),
        None => "Enter: the end".into(),
        Some(next) => match plan.steps[next].minute {
            Some(minute) => format!("Enter: step {} (minute {minute})", next + 1),
            None => format!("Enter: step {}", next + 1),
        },
    }];
    let extras =
        lesson.extras(number).iter().map(|step| (step + 1).to_string()).collect::<Vec<_>>();
    if !extras.is_empty() {
        keys.push(format!("if there is time: {}", extras.join(", ")));
    }
    let (step, record) = (&plan.steps[number], &lesson.record.steps[number]);
    keys.extend((record.printed.is_some() || record.picture.is_some()).then(|| "output".into()));
    keys.extend(step.run.is_some().then(|| "repeat".into()));
    keys.extend(step.diff.is_some().then(|| "diff".into()));
    keys
}
