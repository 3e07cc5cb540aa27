//! A vote on one question, and a second one after the class has talked about it.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use crate::activity::{Activity, Phone};

/// A question, without its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The choices, by their letters.
    pub choices: BTreeMap<char, String>,
}

/// How many votes there are for each choice.
pub type Counts = BTreeMap<char, u32>;

/// A question, and the votes on it.
pub struct Vote {
    question: Question,
    /// The first vote, and the second if there is one.
    ballots: Vec<Ballot>,
    is_open: bool,
    /// Nothing here knows it before it is shown.
    right: Option<char>,
}

#[derive(Default)]
struct Ballot {
    phones: BTreeMap<Phone, char>,
    hands: Option<Counts>,
}

impl Vote {
    pub(crate) fn new(question: Question) -> Self {
        Self { question, ballots: vec![Ballot::default()], is_open: true, right: None }
    }

    fn ballot(&mut self) -> &mut Ballot {
        self.ballots.last_mut().expect("there is a first vote")
    }

    pub(crate) fn again(&mut self) {
        self.ballots.truncate(1);
        self.ballots.push(Ballot::default());
        self.open();
    }

    /// Lets the phones vote on, without hands that were counted.
    pub fn open(&mut self) {
        self.ballot().hands = None;
        (self.is_open, self.right) = (true, None);
    }

    /// Puts hands that were counted in place of the phones' votes, and closes the vote.
    pub fn hands(&mut self, hands: Counts) {
        self.ballot().hands = Some(hands);
        self.is_open = false;
    }

    pub(crate) fn question(&self) -> &Question {
        &self.question
    }

    pub(crate) fn answer(&mut self, right: char) {
        (self.is_open, self.right) = (false, Some(right));
    }

    /// How many phones have voted.
    pub fn voted(&self) -> usize {
        self.ballots.last().map_or(0, |ballot| ballot.phones.len())
    }

    /// The votes for each choice: once, or twice if it was asked again.
    pub fn counts(&self) -> Vec<Counts> {
        self.ballots.iter().map(|ballot| ballot.counts(&self.question)).collect()
    }
}

impl Activity for Vote {
    fn tap(&mut self, phone: Phone, button: &str, _: Instant) {
        let letter = button.strip_prefix("vote/").and_then(|letter| letter.parse().ok());
        let letter = letter.filter(|letter| self.question.choices.contains_key(letter));
        if let (true, Some(letter)) = (self.is_open, letter) {
            self.ballot().phones.insert(phone, letter);
        }
    }

    fn view(&self, phone: Phone) -> Value {
        json!({
            "is": "vote",
            "question": self.question.text,
            "choices": self.question.choices,
            "is_open": self.is_open,
            "is_second": self.ballots.len() > 1,
            "own": self.ballots.last().and_then(|ballot| ballot.phones.get(&phone)),
            "right": self.right,
        })
    }

    fn forget(&mut self, phone: Phone) {
        if self.is_open {
            self.ballot().phones.remove(&phone);
        }
    }

    fn close(&mut self) {
        self.is_open = false;
    }
}

impl Ballot {
    fn counts(&self, question: &Question) -> Counts {
        if let Some(hands) = &self.hands {
            return hands.clone();
        }
        let votes = |letter| self.phones.values().filter(|vote| **vote == letter).count() as u32;
        question.choices.keys().map(|letter| (*letter, votes(*letter))).collect()
    }
}
