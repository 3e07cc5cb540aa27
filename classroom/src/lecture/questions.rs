//! What students ask: the page classroom/pages/questions.md is the list.

use std::fs;
use std::path::Path;

use basics::error::{Error, Result};

use super::command::Command;
use super::draw::{bold, dim, wrapped};

/// The page.
pub const PAGE: &str = "classroom/pages/questions.md";

/// A question that students ask.
pub struct Question {
    /// The word to ask for it.
    pub word: String,
    text: String,
    answer: String,
    /// A command that shows it.
    pub proof: Option<Command>,
}

impl Question {
    /// Reads all from the page of a workspace.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub fn all(workspace: &Path) -> Result<Vec<Self>> {
        let page = fs::read_to_string(workspace.join(PAGE))
            .map_err(|error| Error::new(format!("Cannot read {PAGE}: {error}")))?;
        Ok(Self::parse(&page))
    }

    /// Each has a heading `## word: question`, its answer, and a command in a block of its own.
    fn parse(page: &str) -> Vec<Self> {
        let sections = page.split("\n## ").skip(1);
        let questions = sections.filter_map(|section| {
            let (heading, body) = section.split_once('\n')?;
            let (word, text) = heading.split_once(": ")?;
            let answer = body.split("```").next()?;
            let answer = answer.split_whitespace().collect::<Vec<_>>().join(" ");
            let proof = Command::all_in(&body[body.find("```")?..]).next();
            Some(Self { word: word.into(), text: text.into(), answer, proof })
        });
        questions.collect()
    }

    /// The word and the question, in one line.
    pub fn line(&self) -> String {
        format!("  ask {:<12}{}", self.word, self.text)
    }

    /// The question, its answer, and the command that shows it.
    pub fn answer(&self) -> Vec<String> {
        let mut lines = wrapped(&self.text);
        lines.push(String::new());
        lines.extend(bold(&self.answer));
        lines.push(String::new());
        lines.extend(self.proof.as_ref().map(|proof| dim(&format!("$ {proof}"))));
        lines
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_page_has_twelve_questions_with_a_short_answer_and_a_proof() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
        let questions = Question::all(workspace).expect("the page is there");
        let words: BTreeSet<&str> = questions.iter().map(|question| &*question.word).collect();
        assert_eq!((questions.len(), words.len()), (12, 12), "{words:?}");
        for question in &questions {
            assert!(question.proof.is_some(), "{}", question.word);
            assert!(!question.word.contains(' ') && question.word.is_ascii(), "{}", question.word);
            assert!(question.answer().len() <= super::super::screen::PAGE, "{}", question.word);
            assert!(question.line().chars().count() < 80, "{}", question.line());
        }
    }
}
