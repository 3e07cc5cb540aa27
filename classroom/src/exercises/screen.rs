//! The screen on which one exercise after the other is mended.

use std::io::{self, IsTerminal};

use basics::words::{COLUMNS, fill};
use console::{Term, style};
use experiment::EXERCISES;

use super::state::{Judged, State};
use super::{AT_THE_END, file};
use crate::tty::is_screen;

/// The lines of a screen that shows an exercise, beside those of what it says.
const FRAME: usize = 9;

/// The fewest lines of a terminal that are reckoned with.
const LEAST: usize = 24;

/// Whether somebody sits at a terminal that can be cleared.
pub fn is_there() -> bool {
    io::stdin().is_terminal() && is_screen()
}

/// What is shown of an exercise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    Exercise,
    Hint,
    List,
}

/// How all exercises stand, and which of them is shown.
pub struct Board {
    pub judged: [Option<Judged>; EXERCISES.len()],
    /// Those that wait to be judged, and the one that is.
    pub waiting: Vec<usize>,
    pub current: usize,
    pub view: View,
    /// What cargo builds, or waits for.
    pub builds: String,
}

impl Board {
    /// Draws it anew.
    pub fn draw(&self) {
        let term = Term::stdout();
        let (rows, _) = term.size();
        let lines = match self.view {
            View::List => self.list(),
            View::Exercise | View::Hint => self.exercise(usize::from(rows).max(LEAST) - FRAME),
        };
        let text = format!("{}\n{}\n", self.head(), lines.join("\n"));
        // Fails only if the terminal is gone, and then nobody looks.
        let _ = term.clear_screen().and_then(|()| term.write_str(&text));
    }

    fn is_solved(&self, index: usize) -> bool {
        self.judged[index].as_ref().is_some_and(|judged| judged.state == State::Solved)
    }

    /// The next one that is not solved, beginning with this one; it may be this one.
    pub fn unsolved_from(&self, index: usize) -> Option<usize> {
        let count = EXERCISES.len();
        (0..count).map(|step| (index + step) % count).find(|index| !self.is_solved(*index))
    }

    /// How far one has come.
    fn head(&self) -> String {
        let solved = (0..EXERCISES.len()).filter(|index| self.is_solved(*index)).count();
        let bar: String =
            (0..EXERCISES.len()).map(|it| if self.is_solved(it) { "██" } else { "░░" }).collect();
        let line = "─".repeat(COLUMNS);
        format!("Exercises   {bar}   {solved} of {} solved\n{}", EXERCISES.len(), style(line).dim())
    }

    fn exercise(&self, room: usize) -> Vec<String> {
        let exercise = EXERCISES[self.current];
        let mut lines = vec![
            format!("{}   {}", style(exercise.name).bold(), file(exercise).display()),
            String::new(),
        ];
        let judged = self.judged[self.current].as_ref();
        let text = match (self.view, judged) {
            (View::Hint, _) => fill(exercise.hint, COLUMNS, "Hint: ", ""),
            (_, Some(judged)) => said(&judged.says),
            (_, None) => String::new(),
        };
        lines.extend(shortened(&text, room));
        lines.extend([String::new(), style(self.verdict()).bold().to_string()]);
        let keys = match self.view {
            View::Hint => "h: back   n: next   l: list   q: quit",
            _ => "h: hint   n: next   l: list   q: quit      It is judged when you save it.",
        };
        lines.push(style(keys).dim().to_string());
        lines
    }

    fn verdict(&self) -> String {
        let judged = self.judged[self.current].as_ref();
        if self.waiting.contains(&self.current) {
            return match judged {
                None => format!("It is being judged. {}", self.builds),
                Some(_) => "It is being judged again …".into(),
            };
        }
        match judged.map(|judged| &judged.state) {
            None => "It has not been judged yet.".into(),
            Some(State::Solved) if self.unsolved_from(0).is_none() => {
                format!("Solved, as all of them. {AT_THE_END}")
            }
            Some(State::Solved) => "Solved. n: the next one".into(),
            Some(state) => {
                let state = state.to_string();
                format!("{}{}.", state[..1].to_uppercase(), &state[1..])
            }
        }
    }

    fn list(&self) -> Vec<String> {
        let mut lines: Vec<String> = EXERCISES
            .iter()
            .enumerate()
            .map(|(index, exercise)| {
                let mark = if index == self.current { ">" } else { " " };
                let state = match &self.judged[index] {
                    _ if self.waiting.contains(&index) => "is being judged …".into(),
                    Some(judged) => judged.state.to_string(),
                    None => String::new(),
                };
                let line = format!("{mark} {:22}{:17}{state}", exercise.name, exercise.package);
                if index == self.current { style(line).bold().to_string() } else { line }
            })
            .collect();
        let keys = "Up, Down: another one   Enter, l: back to it   n: next   q: quit";
        lines.extend([String::new(), style(keys).dim().to_string()]);
        lines
    }
}

/// What an exercise says, without the lines that tell what is known here.
fn said(says: &str) -> String {
    let is_known = |line: &&str| {
        ["Solved. ", "Not solved yet. ", "Its file: ", "For a hint, "]
            .iter()
            .any(|begin| line.starts_with(begin))
    };
    let lines: Vec<&str> = says.lines().filter(|line| !is_known(line)).collect();
    lines.join("\n").trim_matches('\n').into()
}

/// So many lines, each of which fits.
fn shortened(text: &str, room: usize) -> Vec<String> {
    let all: Vec<&str> = text.lines().collect();
    let shown = if all.len() > room { room - 1 } else { all.len() };
    let cut = |line: &&str| console::truncate_str(line, COLUMNS, "…").into_owned();
    let mut lines: Vec<String> = all[..shown].iter().map(cut).collect();
    if shown < all.len() {
        lines.push(format!("… and {} lines more", all.len() - shown));
    }
    lines
}
