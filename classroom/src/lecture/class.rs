//! The phones of a class: what they show at each place of a lesson, and what the projector shows of them.

use std::collections::BTreeMap;

use basics::error::{Error, Result};
use basics::large::large;
use basics::words::{plural, thousands};
use console::strip_ansi_codes;
use phones::{Game, Network, Phones, Race, Round, Scene, Vote, listen, picture};

use super::draw::{INDENT, bold, dim, wrapped};
use super::state::{Action, Lesson, Place};
use super::terminal::has_colours;
use super::votes::Votes;

/// How often each phone increments the counter, if the plan does not say.
const TIMES: u32 = 10;

/// The different orders of a level that are named.
const MOST_ORDERS: usize = 3;

const ROUNDS: [Round; 4] = [Round::ReadWrite, Round::Mutex, Round::FetchAdd, Round::CompareAndSwap];

/// How far a round of the race on the phones is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    Open,
    Closed,
    /// One of the lost updates is shown.
    Picture,
}

/// What the projector shows of the phones.
#[derive(Default, PartialEq)]
pub struct Seen {
    pub here: usize,
    /// How many have voted, if a vote is open.
    pub voted: Option<u64>,
    /// The votes of the phones, if there are any.
    pub votes: Option<Votes>,
    /// What stands on the screen of this place.
    pub lines: Vec<String>,
    /// Whether an update of the round was lost.
    pub has_picture: bool,
}

/// What the phones show, with its step.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Front,
    Vote { step: usize, is_second: bool },
    Game { step: usize, is_steered: bool },
    Race { step: usize, round: usize },
    End,
}

/// The phones, and what they show.
pub struct Room {
    phones: Phones,
    network: Network,
    shown: Shown,
    is_open: bool,
    /// The last result of each round of the race, as a row of a table.
    rows: BTreeMap<usize, String>,
}

impl Seen {
    /// What stands at the top of the screen.
    pub fn head(&self) -> String {
        let here = plural(self.here as u64, "phone");
        match self.voted {
            Some(voted) => format!(" {voted} voted · {here} here "),
            None => format!(" {here} here "),
        }
    }
}

impl Shown {
    /// What belongs to the place of the lesson, and whether it is open.
    fn at(lesson: &Lesson, before: Self) -> (Self, bool) {
        let has_level = |step: usize| lesson.plan.steps[step].level().is_some();
        match *lesson.below() {
            Place::Question(step) if !lesson.plan.steps[step].choices.is_empty() => {
                let record = &lesson.record.steps[step];
                let is_second = record.first_votes.is_some();
                (Self::Vote { step, is_second }, record.votes.is_none())
            }
            // What they have voted stays there until the next question.
            Place::Output(_) | Place::Answer(_) if matches!(before, Self::Vote { .. }) => {
                (before, false)
            }
            Place::Rules(step) if has_level(step) => (Self::Game { step, is_steered: false }, true),
            Place::Steer(step) => (Self::Game { step, is_steered: true }, true),
            Place::Race(step, round, stage) => (Self::Race { step, round }, stage == Stage::Open),
            Place::End => (Self::End, true),
            _ => (Self::Front, true),
        }
    }

    fn scene(self, lesson: &Lesson) -> Scene {
        let steps = &lesson.plan.steps;
        match self {
            Self::Vote { step, is_second } => {
                let (question, choices) =
                    (steps[step].question.clone(), steps[step].choices.clone());
                Scene::Vote(Vote::new(question, choices, is_second))
            }
            Self::Game { step, is_steered } => {
                let game = steps[step].level().and_then(|level| Game::new(level, is_steered));
                game.map_or(Scene::Front, Scene::Game)
            }
            Self::Race { step, round } => {
                let times = steps[step].race_on_phones.unwrap_or(TIMES);
                Scene::Race(Race::new(ROUNDS[round], times))
            }
            Self::Front => Scene::Front,
            Self::End => Scene::End,
        }
    }
}

impl Room {
    /// Lets phones come in from this network.
    ///
    /// # Errors
    ///
    /// No port is free.
    pub fn open(network: &Network) -> Result<Self> {
        let phones = listen(network.address.into()).and_then(Phones::open);
        let phones = phones
            .map_err(|error| Error::new(format!("Cannot let phones in at {network}: {error}")))?;
        let network = network.clone();
        Ok(Self { phones, network, shown: Shown::Front, is_open: true, rows: BTreeMap::new() })
    }

    /// What brings the same phones in again, on the command line.
    pub fn options(&self) -> String {
        format!(" --phones --address {}", self.network.address)
    }

    /// Lets the phones show what belongs to the place of the lesson.
    pub fn follow(&mut self, lesson: &Lesson) {
        // While the poster is shown the phones go on with what they do: at the beginning, nothing.
        if matches!(lesson.place, Place::Phones(_)) {
            return;
        }
        let (shown, is_open) = Shown::at(lesson, self.shown);
        // A round that is opened once more begins anew.
        let is_again = matches!(shown, Shown::Race { .. }) && is_open && !self.is_open;
        let mut class = self.phones.class();
        if shown != self.shown || is_again {
            class.show(shown.scene(lesson));
        }
        class.set_open(is_open);
        (self.shown, self.is_open) = (shown, is_open);
    }

    /// Nothing that is pressed counts any more, until the next `follow`: a vote is counted, or a program
    /// runs.
    pub fn close(&self) {
        self.phones.class().set_open(false);
    }

    /// Tells the lesson what the phones have done.
    pub fn look(&mut self, lesson: &mut Lesson) {
        let class = self.phones.class();
        let here = class.count();
        let mut seen = Seen { here, ..Seen::default() };
        match (lesson.below().clone(), class.scene()) {
            (Place::Question(step), Scene::Vote(vote)) => {
                let votes = Votes::from(vote.counts());
                let is_open = lesson.record.steps[step].votes.is_none();
                seen.voted = is_open.then(|| votes.all());
                seen.votes = Some(votes).filter(|votes| votes.all() > 0);
            }
            (Place::Race(step, round, stage), Scene::Race(race)) => {
                let lost = picture(race.events());
                seen.has_picture = lost.is_some();
                seen.lines = counter(race, round, stage, here);
                let record = &mut lesson.record.steps[step];
                if stage != Stage::Open {
                    self.rows.insert(round, row(race, round));
                    let rows = [HEAD.to_string()].into_iter().chain(self.rows.values().cloned());
                    let rows: Vec<String> = rows.collect();
                    seen.lines.extend(rows.iter().cloned());
                    record.people = Some(rows.join("\n"));
                    record.lost = lost.or(record.lost.take());
                }
                if let (Stage::Picture, Some(lost)) = (stage, &record.lost) {
                    seen.lines = lost.lines().map(String::from).collect();
                }
            }
            (Place::Rules(step) | Place::Steer(step), Scene::Game(game)) => {
                seen.lines = played(game, here);
                lesson.record.steps[step].people =
                    Some(strip_ansi_codes(&seen.lines.join("\n")).into_owned());
            }
            _ => {}
        }
        drop(class);
        if matches!(lesson.place, Place::Phones(_)) {
            seen.lines = self.phones.poster(has_colours()).lines().map(String::from).collect();
        }
        lesson.phones = Some(seen);
    }
}

/// The counter of a round, large.
fn counter(race: &Race, round: usize, stage: Stage, here: usize) -> Vec<String> {
    let (should_be, is) = (race.should_be(), race.is());
    let made = plural(should_be, "increment");
    let made = if stage == Stage::Open {
        let all = here as u64 * u64::from(race.times());
        format!("{made} of {}, and the counter is", thousands(all))
    } else {
        let (lost, seconds) = (should_be - is, race.time().as_secs_f64());
        format!("{made} in {seconds:.1} s: {} lost. The counter is", thousands(lost))
    };
    let round = ROUNDS[round];
    let number = large(&is.to_string()).unwrap_or_default();
    let number = number.iter().map(|line| format!("{:INDENT$}{line}", ""));
    let nothing = || [String::new()];
    let mut lines = nothing().to_vec();
    lines.extend(bold(&format!("{round}. {}", how(round))));
    lines.extend(nothing());
    lines.extend(bold(&made));
    lines.extend(nothing());
    lines.extend(number);
    lines.extend(nothing());
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

/// What came of a round, as `race_condition` prints it.
fn row(race: &Race, round: usize) -> String {
    let (should_be, is) = (race.should_be(), race.is());
    let [should_be, is, lost] = [should_be, is, should_be - is].map(thousands);
    format!("{:37} {should_be:>13} {is:>13} {lost:>13}", ROUNDS[round].to_string())
}

/// What the phones have made of a level.
fn played(game: &Game, here: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(board) = game.board() {
        lines.extend(board.lines().map(|line| format!("{:INDENT$}{line}", "")));
    } else {
        let orders = game.orders();
        let reached: usize = orders.iter().map(|(_, phones)| phones).sum();
        let different = plural(orders.len() as u64, "different order");
        let by = if reached > 0 { format!(", by {different}:") } else { ".".into() };
        let phones = plural(here as u64, "phone");
        lines.extend(bold(&format!("{reached} of {phones} reached the goal{by}")));
        for (order, phones) in orders.iter().take(MOST_ORDERS) {
            lines.extend(wrapped(&format!("{order}: {}", plural(*phones as u64, "phone"))));
        }
    }
    if game.claims() > 0 {
        lines.extend(bold(&format!("{} said: impossible.", plural(game.claims() as u64, "phone"))));
    }
    lines
}

impl Lesson<'_> {
    /// Whether the phones are to race after the answer of this step.
    pub fn is_race_next(&self, step: usize) -> bool {
        self.phones.is_some()
            && self.plan.steps[step].race_on_phones.is_some()
            && self.record.steps[step].people.is_none()
    }

    /// Begins a round, counted from 1, of the race on the phones.
    pub fn race(&mut self, round: usize) -> Action {
        let step = self.step().unwrap_or(self.record.step);
        self.go(Place::Race(step, round - 1, Stage::Open))
    }

    /// Enter in the race: closes the round, shows what was lost, begins the next round.
    pub fn race_on(&mut self, step: usize, round: usize, stage: Stage) -> Action {
        let has_picture = self.phones.as_ref().is_some_and(|seen| seen.has_picture);
        match stage {
            Stage::Open => self.go(Place::Race(step, round, Stage::Closed)),
            Stage::Closed if has_picture => self.go(Place::Race(step, round, Stage::Picture)),
            _ if is_last(round) => self.enter(self.plan.planned_from(step + 1)),
            _ => self.race(round + 2),
        }
    }

    /// What Enter does in the race, and what else there is.
    pub fn race_keys(&self, step: usize, round: usize, stage: Stage) -> Vec<String> {
        let has_picture = self.phones.as_ref().is_some_and(|seen| seen.has_picture);
        let enter = match stage {
            Stage::Open => "Enter: close the round".into(),
            Stage::Closed if has_picture => "Enter: one of the lost updates".into(),
            _ if is_last(round) => match self.plan.planned_from(step + 1) {
                Some(next) => format!("Enter: step {}", next + 1),
                None => "Enter: the end".into(),
            },
            _ => format!("Enter: {}", ROUNDS[round + 1]),
        };
        let fourth = "race 4: compare-and-swap".to_string();
        let more = (is_last(round) && round < 3 && stage != Stage::Open).then_some(fourth);
        [enter].into_iter().chain(more).chain(["skip".into()]).collect()
    }
}

/// The fourth round is taken only if the class is quick.
fn is_last(round: usize) -> bool {
    round >= 2
}
