//! Texts that are looked at in between: what a program has printed, what changed, what students ask.

use basics::error::Result;

use super::command::Command;
use super::input::{PHONE_WORDS, WORDS};
use super::program::Demonstration;
use super::questions::Question;
use super::screen::PAGE;
use super::state::{Action, Lesson, Place};

/// A text that is looked at in between.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    pub lines: Vec<String>,
    /// The first line that is shown.
    pub from: usize,
    /// What Enter runs.
    pub run: Option<Command>,
    pub then: Box<Place>,
}

impl Lesson<'_> {
    /// Shows a text, and then what was there before.
    pub fn show(&mut self, lines: Vec<String>) -> Action {
        self.show_and_run(lines, None)
    }

    /// What Enter does with a text.
    pub fn text_key(text: &Text) -> &'static str {
        if text.run.is_some() {
            "Enter: run it"
        } else if text.from + PAGE < text.lines.len() {
            "Enter: more"
        } else {
            "Enter: go on"
        }
    }

    fn show_and_run(&mut self, lines: Vec<String>, run: Option<Command>) -> Action {
        let then = match &self.place {
            Place::Text(text) => text.then.clone(),
            place => Box::new(place.clone()),
        };
        self.go(Place::Text(Text { lines, from: 0, run, then }))
    }

    /// Shows the next part of a text, or what comes after it.
    pub fn turn(&mut self, mut text: Text) -> Action {
        text.from += PAGE;
        if text.from < text.lines.len() { self.go(Place::Text(text)) } else { self.go(*text.then) }
    }

    pub fn ask(&mut self, word: &str) -> Action {
        if word.is_empty() {
            return self.show(self.questions.iter().map(Question::line).collect());
        }
        let Some(question) = self.questions.iter().find(|question| question.word == word) else {
            let words: Vec<&str> = self.questions.iter().map(|question| &*question.word).collect();
            return self
                .say(format!("There is no question {word}; there are {}", words.join(", ")));
        };
        self.show_and_run(question.answer(), question.proof.clone())
    }

    pub fn show_printed(&mut self, step: usize) -> Action {
        let record = &self.record.steps[step];
        match record.printed.as_ref().or(record.picture.as_ref()) {
            Some(printed) => self.show(printed.lines().map(String::from).collect()),
            None => self.say("The program of this step has printed nothing"),
        }
    }

    /// Shows what changed between two files, or why that cannot be shown.
    pub fn show_changes(&mut self, changes: Result<Vec<String>>) {
        match changes {
            Ok(lines) => self.show(lines),
            Err(error) => self.say(error.to_string()),
        };
    }

    /// Shows what the proof of an answer has printed.
    pub fn has_proved(&mut self, run: Demonstration) {
        self.show(run.lines);
    }
}

/// All words, and what each of them does.
pub fn help(has_phones: bool) -> Vec<String> {
    let more = PHONE_WORDS.iter().filter(|_| has_phones);
    let words = WORDS.iter().chain(more).map(|(word, what)| format!("  {word:<14}{what}"));
    words.collect()
}
