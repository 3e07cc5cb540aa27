//! A vote on one question, and a second one after the class has talked about it.

use std::collections::BTreeMap;

use crate::class::Phone;
use crate::view::SceneView;

/// A question, without its answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// The choices, by their letters.
    pub choices: BTreeMap<char, String>,
}

/// How many votes there are for each choice.
pub type Counts = BTreeMap<char, u32>;

pub(crate) struct Vote {
    question: Question,
    /// The first vote, and the second if there is one.
    ballots: Vec<Ballot>,
    is_open: bool,
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

    pub(crate) fn vote(&mut self, phone: Phone, letter: char) {
        if self.is_open && self.question.choices.contains_key(&letter) {
            self.ballot().phones.insert(phone, letter);
        }
    }

    fn ballot(&mut self) -> &mut Ballot {
        self.ballots.last_mut().expect("there is a first vote")
    }

    pub(crate) fn forget(&mut self, phone: Phone) {
        if self.is_open {
            self.ballot().phones.remove(&phone);
        }
    }

    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    pub(crate) fn again(&mut self) {
        self.ballots.truncate(1);
        self.ballots.push(Ballot::default());
        (self.is_open, self.right) = (true, None);
    }

    pub(crate) fn hands(&mut self, hands: Counts) {
        self.ballot().hands = Some(hands);
        self.is_open = false;
    }

    pub(crate) fn answer(&mut self, right: char) {
        self.is_open = false;
        self.right = Some(right);
    }

    pub(crate) fn voted(&self) -> usize {
        self.ballots.last().map_or(0, |ballot| ballot.phones.len())
    }

    pub(crate) fn counts(&self) -> Vec<Counts> {
        self.ballots.iter().map(|ballot| ballot.counts(&self.question)).collect()
    }

    pub(crate) fn view(&self, phone: Phone) -> SceneView<'_> {
        SceneView::Vote {
            question: &self.question.text,
            choices: &self.question.choices,
            is_open: self.is_open,
            is_second: self.ballots.len() > 1,
            own: self.ballots.last().and_then(|ballot| ballot.phones.get(&phone)).copied(),
            right: self.right,
        }
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
