//! The race on the phones: its rounds, and what the projector shows of them.

use std::collections::BTreeMap;

use basics::large::large;
use basics::words::{plural, thousands};
use phones::{Race, Round};

use super::draw::{INDENT, bold, dim};
use super::state::{Action, Lesson, Place};

/// How often each phone increments the counter, if the plan does not say.
pub const TIMES: u32 = 10;

pub const ROUNDS: [Round; 4] =
    [Round::ReadWrite, Round::Mutex, Round::FetchAdd, Round::CompareAndSwap];

/// How far a round of the race on the phones is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    Open,
    Closed,
    /// One of the lost updates is shown.
    Picture,
}

/// A round of the race on the phones.
#[derive(Clone, Debug, PartialEq)]
pub struct Racing {
    /// The step that it belongs to.
    pub step: usize,
    /// Counted from 0.
    pub round: usize,
    pub stage: Stage,
    /// Tells it from the same round before.
    pub number: usize,
    /// Where the lesson was.
    pub then: Box<Place>,
}

impl Lesson<'_> {
    /// Whether the phones are to race after the answer of this step.
    pub fn is_race_next(&self, step: usize) -> bool {
        self.phones.as_ref().is_some_and(|seen| seen.here > 0)
            && self.plan.steps[step].race_on_phones.is_some()
            && self.record.steps[step].raced.is_empty()
    }

    /// Begins a round, counted from 1, of the race on the phones: of this step, or of one before it, or
    /// after it.
    pub fn race(&mut self, round: usize) -> Action {
        let here = self.step().unwrap_or(0);
        let has_race = |step: &usize| self.plan.steps[*step].race_on_phones.is_some();
        let Some(step) = (0..=here).rev().chain(here..self.plan.steps.len()).find(has_race) else {
            return self.say("This lesson has no race on the phones");
        };
        let then = match self.below() {
            Place::Race(racing) => racing.then.clone(),
            place => Box::new(place.clone()),
        };
        self.begun += 1;
        let (round, number) = (round - 1, self.begun);
        self.go(Place::Race(Racing { step, round, stage: Stage::Open, number, then }))
    }

    /// Enter in the race: closes the round, shows what was lost, begins the next round.
    pub fn race_on(&mut self, racing: Racing) -> Action {
        let next = match racing.stage {
            Stage::Open => Stage::Closed,
            Stage::Closed if self.has_picture() => Stage::Picture,
            _ if is_last(racing.round) => return self.after_race(&racing),
            _ => return self.race(racing.round + 2),
        };
        self.go(Place::Race(Racing { stage: next, ..racing }))
    }

    fn has_picture(&self) -> bool {
        self.phones.as_ref().is_some_and(|seen| seen.has_picture)
    }

    /// Goes on with the next step, or where the lesson was if that was elsewhere.
    pub fn after_race(&mut self, racing: &Racing) -> Action {
        match *racing.then {
            Place::Answer(step) if step == racing.step => {
                self.enter(self.plan.planned_from(step + 1))
            }
            ref place => self.go(place.clone()),
        }
    }

    /// What Enter does in the race, and what else there is.
    pub fn race_keys(&self, racing: &Racing) -> Vec<String> {
        let Racing { step, round, stage, .. } = *racing;
        let enter = match stage {
            Stage::Open => "Enter: close the round".into(),
            Stage::Closed if self.has_picture() => "Enter: one of the lost updates".into(),
            _ if !is_last(round) => format!("Enter: {}", ROUNDS[round + 1]),
            _ if *racing.then != Place::Answer(step) => "Enter: go on".into(),
            _ => match self.plan.planned_from(step + 1) {
                Some(next) => format!("Enter: step {}", next + 1),
                None => "Enter: the end".into(),
            },
        };
        let is_closed = stage != Stage::Open;
        let fourth = is_closed && is_last(round) && round < 3;
        let more = fourth.then(|| "race 4: compare-and-swap".to_string());
        let undo = is_closed.then(|| "undo".to_string());
        [enter].into_iter().chain(more).chain(undo).chain(["skip".into()]).collect()
    }
}

/// The counter of a round, large.
pub fn counter(race: &Race, round: usize, stage: Stage, here: usize) -> Vec<String> {
    let (should_be, is) = (race.should_be(), race.is());
    let made = plural(should_be, "increment");
    let made = if stage == Stage::Open {
        format!("{made} of {}, and the counter is", thousands(race.planned(here)))
    } else {
        let (lost, seconds) = (should_be - is, race.time().as_secs_f64());
        format!("{made} in {seconds:.1} s: {} lost. The counter is", thousands(lost))
    };
    let round = ROUNDS[round];
    let number = large(&is.to_string()).unwrap_or_default();
    let number = number.iter().map(|line| format!("{:INDENT$}{line}", ""));
    let mut lines = vec![String::new()];
    lines.extend(bold(&format!("{round}. {}", how(round))));
    lines.push(String::new());
    lines.extend(bold(&made));
    lines.push(String::new());
    lines.extend(number);
    lines.push(String::new());
    lines.extend(race.lock().filter(|_| stage == Stage::Open).map(|lock| dim(&lock)));
    lines
}

/// What the phones do in a round.
fn how(round: Round) -> &'static str {
    match round {
        Round::ReadWrite => "READ shows you the counter. WRITE writes what you have read, plus 1.",
        Round::Mutex => "READ takes the lock, and WRITE gives it back. The others wait.",
        Round::FetchAdd => "One button reads, adds and writes, in one step.",
        Round::CompareAndSwap => {
            "WRITE does nothing if the counter is no longer what you have read. Then read again."
        }
    }
}

/// The head of the rows, as `race_condition` prints it.
const HEAD: &str =
    "                                          should be            is          lost";

/// The rows of the rounds, with their head.
pub fn table(rows: &BTreeMap<usize, String>) -> Vec<String> {
    [HEAD].into_iter().chain(rows.values().map(String::as_str)).map(String::from).collect()
}

/// What came of a round, as `race_condition` prints it.
pub fn row(race: &Race, round: usize) -> String {
    let (should_be, is) = (race.should_be(), race.is());
    let [should_be, is, lost] = [should_be, is, should_be - is].map(thousands);
    format!("{:37} {should_be:>13} {is:>13} {lost:>13}", ROUNDS[round].to_string())
}

/// The fourth round is taken only if the class is quick.
fn is_last(round: usize) -> bool {
    round >= 2
}
