//! A vote on a question.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::activity::{Activity, Phone};
use crate::view::{Button, View};

/// A question, and the votes of the phones. Nothing here knows what is right.
pub struct Vote {
    question: String,
    /// The choices, by their letters.
    choices: BTreeMap<char, String>,
    is_second: bool,
    votes: BTreeMap<Phone, char>,
}

impl Vote {
    /// A vote, or the second one after the class has talked about the first.
    pub fn new(question: String, choices: BTreeMap<char, String>, is_second: bool) -> Self {
        Self { question, choices, is_second, votes: BTreeMap::new() }
    }

    /// How many votes there are for each choice.
    pub fn counts(&self) -> BTreeMap<char, u32> {
        let votes = |letter| self.votes.values().filter(|vote| **vote == letter).count() as u32;
        self.choices.keys().map(|letter| (*letter, votes(*letter))).collect()
    }
}

impl Activity for Vote {
    fn tap(&mut self, phone: Phone, button: &str, _: Instant) {
        let letter = button.parse().ok().filter(|letter| self.choices.contains_key(letter));
        self.votes.extend(letter.map(|letter| (phone, letter)));
    }

    fn view(&self, phone: Phone, is_open: bool) -> View {
        let own = self.votes.get(&phone);
        let voted = own.map_or(String::new(), |own| format!("You voted {}.", own.to_uppercase()));
        let end = match own {
            _ if !is_open => " The vote is closed. Look to the front.",
            Some(_) => " You can change it until the vote is closed.",
            None => "",
        };
        let mut view = View::new(&self.question, (voted + end).trim_start());
        view.text = if self.is_second { "Second vote: what do you think now?" } else { "" }.into();
        for (letter, choice) in &self.choices {
            let text = format!("{}: {choice}", letter.to_uppercase());
            let press = is_open.then(|| letter.to_string());
            view.buttons.push(Button::new(text, press, own == Some(letter)));
        }
        view
    }

    fn forget(&mut self, phone: Phone) {
        self.votes.remove(&phone);
    }
}
