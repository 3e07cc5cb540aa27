//! Pieces of a screen: large letters, bars, lines that are not too long.

use std::iter;

use basics::large::large;
use basics::words::fill;
use console::style;

use super::votes::Votes;

/// The columns and lines of a screen; the programs of the lessons are made for as many.
pub const COLUMNS: usize = 80;
pub const LINES: usize = 24;

/// The columns before a text.
pub const INDENT: usize = 2;

/// The columns of a text that has a large letter at its left side.
pub const BESIDE: usize = COLUMNS - 12;

/// Lines with a large letter at their left side.
pub fn beside(letter: char, lines: Vec<String>) -> Vec<String> {
    let large = large(&letter.to_string()).unwrap_or_default();
    let height = lines.len().max(large.len());
    let large = large.into_iter().chain(iter::repeat("    ".into()));
    let lines = lines.into_iter().chain(iter::repeat(String::new()));
    let joined = large.zip(lines).take(height);
    joined.map(|(large, line)| format!("{:INDENT$}{}  {line}", "", style(large).bold())).collect()
}

/// The hands for a choice as a bar of at most so many columns, with those of the first vote.
pub fn bar(letter: char, votes: &Votes, first: Option<&Votes>, longest: u32) -> String {
    let count = votes.of(letter).unwrap_or(0);
    let length = (u64::from(count) * u64::from(longest)).div_ceil(u64::from(votes.most().max(1)));
    let before = first.and_then(|votes| votes.of(letter));
    let before = before.map_or(String::new(), |before| format!(" (before: {before})"));
    let bar = "█".repeat(usize::try_from(length).unwrap_or(0));
    format!("{bar} {count}{before}").trim_start().to_string()
}

/// A text that matters, in bold lines.
pub fn bold(text: &str) -> Vec<String> {
    wrapped(text).into_iter().map(|line| style(line).bold().to_string()).collect()
}

/// A text that matters, in bold lines for the side of a large letter.
pub fn bold_beside(text: &str) -> Vec<String> {
    fill(text, BESIDE, "", "").lines().map(|line| style(line).bold().to_string()).collect()
}

/// A text in lines.
pub fn wrapped(text: &str) -> Vec<String> {
    let indent = " ".repeat(INDENT);
    fill(text, COLUMNS - INDENT, &indent, &indent).lines().map(String::from).collect()
}

/// A quiet line.
pub fn dim(text: &str) -> String {
    format!("{:INDENT$}{}", "", style(text).dim())
}

/// What a program has printed, in so many lines: empty ones are left out first, and then those at the
/// top.
pub fn fitting(lines: &[String], room: usize) -> Vec<String> {
    let mut surplus = lines.len().saturating_sub(room);
    let mut is_kept = |line: &&String| {
        let is_surplus = surplus > 0 && line.trim().is_empty();
        surplus -= usize::from(is_surplus);
        !is_surplus
    };
    let kept: Vec<String> = lines.iter().filter(|line| is_kept(line)).cloned().collect();
    kept[kept.len().saturating_sub(room)..].to_vec()
}

/// The keys that there are, in one quiet line. If there is no room for all, the first and the last ones
/// stay.
pub fn keys(keys: &[&str]) -> String {
    let mut keys = keys.to_vec();
    while keys.len() > 2 && keys.join("   ").chars().count() > COLUMNS - 1 - INDENT {
        keys.remove(keys.len() - 2);
    }
    dim(&keys.join("   "))
}
