//! A claim of a text, and where it stands.

use experiment::Verdict;

use super::trial::{Experiment, Trial};

/// A text that makes claims.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Its number, such as `000`.
    pub number: &'static str,
    /// How a place in it begins.
    pub short: &'static str,
    /// Its title, and who wrote it as far as it says so.
    pub title: &'static str,
}

/// All texts, in their order.
pub const TEXTS: [Text; 5] = [
    Text {
        number: "000",
        short: "article",
        title: "the article, Speed Up Your Python Program With Concurrency (Real Python)",
    },
    Text {
        number: "001",
        short: "text 001",
        title: "Python Concurrency: What It Is And Should You Use It? (Python Land)",
    },
    Text {
        number: "002",
        short: "text 002",
        title: "an introduction without a title, on the three pillars of concurrency",
    },
    Text {
        number: "003",
        short: "text 003",
        title: "Primer to Python multiprocessing, multithreading, and asyncio",
    },
    Text { number: "004", short: "text 004", title: "a reader's notes on the article" },
];

/// A sentence of a text that a reader could try.
#[derive(Debug)]
pub struct Claim {
    /// Its number, such as `C23`.
    pub number: &'static str,
    /// The numbers of the texts that say it, with a space between them.
    pub texts: &'static str,
    /// Where the first of them says it: the heading.
    pub heading: &'static str,
    /// The claim in our words.
    pub wording: &'static str,
    /// How it is tried.
    pub trial: Trial,
    /// Why it is so, for each verdict that we know the reason for.
    pub reasons: &'static [(Verdict, &'static str)],
}

impl Claim {
    /// The experiment that tries it, if it is more than an idea.
    pub fn experiment(&self) -> Option<Experiment> {
        if let Trial::By(experiment) = self.trial { Some(experiment) } else { None }
    }

    /// The texts that make this claim.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> {
        self.texts.split(' ')
    }

    /// Where the claim stands: the text and the heading.
    pub fn place(&self) -> String {
        let first = self.texts().next();
        let text = TEXTS.iter().find(|text| Some(text.number) == first);
        format!("{}, {}", text.map_or("", |text| text.short), self.heading)
    }

    /// Why a verdict is so, if the reason is known.
    pub fn reason(&self, verdict: Verdict) -> Option<&'static str> {
        let known = self.reasons.iter().find(|(of, _)| *of == verdict);
        known.map(|(_, reason)| *reason)
    }
}
