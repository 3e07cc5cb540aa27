//! What was found about the claims, in words and as JSON.

use std::fmt::Write;
use std::time::Duration;

use basics::words::{COLUMNS, fill, printable};
use experiment::{Claim, Verdict, texts};
use lesson::plural;
use serde_json::{Value, json};

use super::trial::Experiment;

/// How all lines of a claim but its first begin: as wide as its number.
const INDENT: &str = "     ";

/// The words for a claim about an idea, in the place of a verdict.
const IDEA: &str = "IDEA";

const NOTHING_TO_MEASURE: &str = "there is nothing to measure";

/// What the words of a verdict mean.
fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "it is so in Rust as well",
        Verdict::HoldsDifferently => "it is so, but not quite as the text says",
        Verdict::DoesNotHoldHere => "it is not so, in this program on this machine",
        Verdict::PythonOnly => "it is about Python alone",
        Verdict::Undecided => "this run cannot say",
    }
}

/// All claims that were asked for.
pub struct Report {
    /// Where and when it was measured.
    pub machine: String,
    /// The claims in the order of the texts.
    pub claims: Vec<ClaimResult>,
    /// How long the experiments took together.
    pub time: Duration,
}

/// A claim, and what was found about it; `None` if nothing was run.
pub struct ClaimResult {
    pub claim: &'static Claim,
    pub outcome: Option<Outcome>,
}

/// What was found about a claim.
pub enum Outcome {
    /// The verdict of an experiment, and the numbers on which it rests.
    Verdict(Verdict, String),
    /// An experiment failed: why.
    Failed(String),
    /// There is nothing to measure.
    Idea,
}

impl ClaimResult {
    /// A claim of which nothing was run.
    pub fn of(claim: &'static Claim) -> Self {
        Self { claim, outcome: claim.idea().map(|_| Outcome::Idea) }
    }

    /// The verdict in capitals, if anything was run.
    pub fn verdict(&self) -> Option<&'static str> {
        self.outcome.as_ref().map(|outcome| match outcome {
            Outcome::Verdict(verdict, _) => verdict.words(),
            Outcome::Failed(_) => Verdict::Undecided.words(),
            Outcome::Idea => IDEA,
        })
    }

    /// Whether it does not hold.
    pub fn is_refuted(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Verdict(Verdict::DoesNotHoldHere, _)))
    }

    /// What the verdict means.
    pub fn meaning(&self) -> &'static str {
        match self.outcome {
            Some(Outcome::Verdict(verdict, _)) => meaning(verdict),
            Some(Outcome::Failed(_)) => meaning(Verdict::Undecided),
            Some(Outcome::Idea) => NOTHING_TO_MEASURE,
            None => "it was not tried",
        }
    }

    /// Where the claim stands: the text and the heading.
    pub fn place(&self) -> String {
        let text = texts().iter().find(|text| text.number == self.claim.texts[0]);
        format!("{}, {}", text.map_or("", |text| text.short), self.claim.section)
    }

    /// The numbers that were measured, or why there are none.
    pub fn numbers(&self) -> Option<String> {
        match self.outcome.as_ref()? {
            Outcome::Verdict(_, said) | Outcome::Failed(said) => Some(printable(said)),
            Outcome::Idea => None,
        }
    }

    /// Why it is so.
    pub fn reason(&self) -> Option<&'static str> {
        match self.outcome.as_ref()? {
            Outcome::Idea => self.claim.idea(),
            Outcome::Failed(_) | Outcome::Verdict(Verdict::Undecided, _) => None,
            Outcome::Verdict(verdict, _) => Some(self.claim.reason(*verdict).unwrap_or(
                "On the machine of this list it came out otherwise; the experiment tells more.",
            )),
        }
    }

    /// The command that shows it.
    pub fn command(&self) -> Option<String> {
        Experiment::of(self.claim).map(Experiment::command)
    }

    /// The numbers and the reason, as sentences.
    pub fn found(&self) -> String {
        let numbers = self.numbers().map(|numbers| {
            if numbers.ends_with('.') || numbers.ends_with(".)") { numbers } else { numbers + "." }
        });
        let sentences = numbers.into_iter().chain(self.reason().map(String::from));
        sentences.collect::<Vec<_>>().join(" ")
    }

    /// The claim as lines of a terminal.
    pub fn in_words(&self) -> String {
        let Claim { number, sentence, .. } = self.claim;
        let line = |text: String| format!("\n{}", fill(&text, COLUMNS, INDENT, INDENT));
        let mut lines = fill(sentence, COLUMNS, &format!("{number:5}"), INDENT);
        lines += &line(self.place());
        if let Some(verdict) = self.verdict() {
            let mark = console::style(verdict).bold().to_string();
            lines += &line(format!("{verdict}: {}", self.found())).replacen(verdict, &mark, 1);
        }
        if let Some(command) = self.command() {
            lines += &line(command);
        }
        lines
    }

    fn to_json(&self) -> Value {
        json!({
            "claim": self.claim.number,
            "texts": self.claim.texts,
            "place": self.place(),
            "wording": self.claim.sentence,
            "command": self.command(),
            "verdict": self.verdict(),
            "numbers": self.numbers(),
            "reason": self.reason(),
        })
    }
}

impl Report {
    /// How many claims have come to each verdict that there was, its words and what they mean.
    pub fn counts(&self) -> Vec<(usize, &'static str, &'static str)> {
        let verdicts = Verdict::ALL.map(|verdict| (verdict.words(), meaning(verdict)));
        let all = verdicts.into_iter().chain([(IDEA, NOTHING_TO_MEASURE)]);
        let count =
            |words| self.claims.iter().filter(|claim| claim.verdict() == Some(words)).count();
        let counted = all.map(|(words, meaning)| (count(words), words, meaning));
        counted.filter(|(count, ..)| *count > 0).collect()
    }

    /// How many claims have come to each verdict, as lines of a terminal.
    pub fn summary(&self) -> String {
        let all = plural(self.claims.len() as u64, "claim");
        let mut lines = format!("{all}, tried in {:.0} s:\n", self.time.as_secs_f64());
        for (count, words, meaning) in self.counts() {
            let _ = write!(lines, "\n{count:4}  {words:18}  {meaning}");
        }
        lines
    }

    /// The claims that do not hold.
    pub fn refuted(&self) -> Vec<&ClaimResult> {
        self.claims.iter().filter(|claim| claim.is_refuted()).collect()
    }

    /// The most important of it as a sentence: `11 of 86 claims do not hold here.`
    pub fn headline(&self) -> String {
        let (refuted, all) = (self.refuted().len(), plural(self.claims.len() as u64, "claim"));
        let verb = if refuted == 1 { "does" } else { "do" };
        format!("{refuted} of {all} {verb} not hold here.")
    }

    /// Whether an experiment has failed.
    pub fn has_failed(&self) -> bool {
        self.claims.iter().any(|claim| matches!(claim.outcome, Some(Outcome::Failed(_))))
    }

    /// All of it.
    pub fn to_json(&self) -> Value {
        json!({
            "machine": self.machine,
            "seconds": self.time.as_secs_f64(),
            "claims": self.claims.iter().map(ClaimResult::to_json).collect::<Vec<_>>(),
        })
    }
}
