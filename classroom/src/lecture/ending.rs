//! The screen at the end of a lesson.

use std::iter;

use basics::words::plural;

use super::draw::{bold, wrapped};
use super::screen::ROOM;
use super::state::Lesson;
use super::votes::Votes;

/// What was learned, how the votes were, and what was played.
pub fn end(lesson: &Lesson, now: u64) -> Vec<String> {
    let plan = lesson.plan;
    let taken = plural(lesson.record.minute(now), "minute");
    let played = (0..plan.steps.len()).find(|step| lesson.record.steps[*step].picture.is_some());
    let picture = played.map_or(Vec::new(), |step| lesson.excerpt(step));
    let mut lines = vec![String::new()];
    lines.extend(bold(&format!("That was the lesson, in {taken}.")));
    lines.push(String::new());
    for learned in &plan.learned {
        lines.extend(bold(learned));
        lines.extend(picture.is_empty().then(String::new));
    }
    lines.extend(rights(lesson).into_iter().chain(all_times(lesson)));
    let room = ROOM.saturating_sub(lines.len() + 4);
    // Half a picture shows nothing.
    if !picture.is_empty() && picture.len() <= room {
        lines.push(String::new());
        lines.extend(picture.iter().map(|line| (*line).to_string()));
    }
    lines
}

/// How many were right at each step that was voted on, before and after a second vote.
fn rights(lesson: &Lesson) -> Vec<String> {
    let steps = lesson.plan.steps.iter().zip(&lesson.record.steps).zip(1..);
    let rights = steps.filter_map(|((step, record), number)| {
        let (right, votes) = (step.answer?, record.votes.as_ref()?);
        let right_of = |votes: &Votes| votes.of(right).unwrap_or(0);
        let before = record.first_votes.as_ref().map(right_of);
        let before = before.map_or(String::new(), |before| format!("{before}, then "));
        Some(format!("step {number}: {before}{} of {}", right_of(votes), votes.all()))
    });
    let rights: Vec<String> = rights.collect();
    if rights.is_empty() || !lesson.plan.is_for_a_class() {
        return Vec::new();
    }
    wrapped(&format!("Right: {}", rights.join(" · ")))
}

/// All predictions and times, if there are any.
fn all_times(lesson: &Lesson) -> Vec<String> {
    let steps = lesson.plan.steps.iter().zip(&lesson.record.steps);
    let lines: Vec<String> = steps
        .filter(|(step, _)| step.is_timed())
        .filter_map(|(step, record)| {
            let said = record.predicted.map_or(String::new(), |said| format!("{said:.3} s"));
            let package = step.package().unwrap_or_default();
            Some(format!("  {package:<20}{said:>12}{:>10.3} s", record.measured?))
        })
        .collect();
    if lines.is_empty() {
        return lines;
    }
    let head = format!("  {:20}{:>12}{:>12}", "", "you said", "measured");
    iter::once(head).chain(lines).collect()
}
