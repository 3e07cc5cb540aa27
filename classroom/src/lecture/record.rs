//! What a lesson has come to: it is kept in a file, so that a lesson that ended can go on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use basics::error::Result;
use experiment::CANNOT_TELL;
use serde_derive::{Deserialize, Serialize};
use timeline::save::Target;

use super::plan::Plan;
use super::votes::Votes;

/// What a lesson has come to.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Record {
    title: String,
    /// When it began, in seconds since 1970.
    began: u64,
    /// The step with which it goes on.
    pub step: usize,
    /// Where its notes are.
    pub notes: Option<PathBuf>,
    pub steps: Vec<StepRecord>,
}

/// What one step has come to.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
pub struct StepRecord {
    pub votes: Option<Votes>,
    /// The votes before neighbours have convinced each other.
    pub first_votes: Option<Votes>,
    /// The seconds that a learner has predicted, and those that were measured.
    pub predicted: Option<f64>,
    pub measured: Option<f64>,
    /// The least time, in seconds, that the run can take.
    pub bound: Option<f64>,
    /// What its program has printed, if it came to its end.
    pub printed: Option<String>,
    /// What can be played, as a picture.
    pub picture: Option<String>,
    /// What came of its game on the phones, where each played alone, and where the class steered.
    pub played: Option<String>,
    pub steered: Option<String>,
    /// What came of each round of the race on the phones, as a row of a table.
    #[serde(default)]
    pub raced: BTreeMap<usize, String>,
    /// An update that was lost in their race, as a picture.
    pub lost: Option<String>,
}

/// A lesson that ended longer ago, in seconds, does not go on.
const HOURS: u64 = 3 * 3600;

/// The time now, in seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Record {
    /// A lesson that begins now.
    pub fn new(plan: &Plan) -> Self {
        let steps = vec![StepRecord::default(); plan.steps.len()];
        Self { title: plan.title.clone(), began: now(), steps, ..Self::default() }
    }

    /// The lesson that has been kept in this file, if it is of this plan and of today.
    pub fn kept(file: &Path, plan: &Plan) -> Option<Self> {
        let record: Self = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
        let is_of_plan = record.title == plan.title && record.steps.len() == plan.steps.len();
        (is_of_plan && now().saturating_sub(record.began) < HOURS).then_some(record)
    }

    /// Keeps it in a file.
    ///
    /// # Errors
    ///
    /// The disk is full, say.
    pub fn keep(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string(self)?;
        Target::of_any_form(file.into()).write(|file| file.write_all(text.as_bytes()))
    }

    /// Begins the clock anew.
    pub fn begin(&mut self, now: u64) {
        self.began = now;
    }

    /// The minute of the lesson that it is at this time.
    pub fn minute(&self, now: u64) -> u64 {
        now.saturating_sub(self.began) / 60
    }

    /// How many questions have been voted on or predicted.
    pub fn answered(&self) -> usize {
        let is_answered = |step: &&StepRecord| step.votes.is_some() || step.predicted.is_some();
        self.steps.iter().filter(is_answered).count()
    }
}

impl StepRecord {
    /// Whether its figures cannot tell, because other programs had the cores.
    pub fn is_undecided(&self) -> bool {
        self.printed.as_ref().is_some_and(|printed| printed.contains(CANNOT_TELL))
    }

    /// How many times its bound the run took, if both were measured.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.measured? / self.bound.filter(|bound| *bound > 0.0)?)
    }
}
