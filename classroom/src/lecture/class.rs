//! The phones of a class: what they show at each place of a lesson, and what the projector shows of them.

use std::collections::BTreeMap;

use basics::error::{Error, Result};
use basics::large::large;
use basics::words::{COLUMNS, fill, plural, thousands};
use console::strip_ansi_codes;
use phones::{Game, Network, Phones, Race, Round, Scene, Vote, choose, listen, picture};

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

/// What the phones show, with its step; a number tells what has begun anew.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Front,
    Vote { step: usize, is_second: bool },
    Play { step: usize },
    Steer { step: usize, number: usize },
    Race { step: usize, round: usize, number: usize },
    End,
}

/// The phones, and what they show.
pub struct Room {
    phones: Phones,
    network: Network,
    shown: Shown,
    /// The last vote, if something else is shown meanwhile.
    vote: Option<(Shown, Scene)>,
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
            Place::Rules(step) if has_level(step) => (Self::Play { step }, true),
            Place::Steer(step, number) => (Self::Steer { step, number }, true),
            Place::Race(Racing { step, round, stage, number, .. }) => {
                (Self::Race { step, round, number }, stage == Stage::Open)
            }
            Place::End => (Self::End, true),
            _ => (Self::Front, true),
        }
    }

    fn scene(self, lesson: &Lesson) -> Scene {
        let steps = &lesson.plan.steps;
        let game = |step: usize, is_steered| {
            let game = steps[step].level().and_then(|level| Game::new(level, is_steered));
            game.map_or(Scene::Front, Scene::Game)
        };
        match self {
            Self::Vote { step, is_second } => {
                // The marks of code would be read aloud.
                let plain = |text: &String| text.replace('`', "");
                let choices = steps[step].choices.iter().map(|(letter, it)| (*letter, plain(it)));
                Scene::Vote(Vote::new(plain(&steps[step].question), choices.collect(), is_second))
            }
            Self::Play { step } => game(step, false),
            Self::Steer { step, .. } => game(step, true),
            Self::Race { step, round, .. } => {
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
        Ok(Self { phones, network, shown: Shown::Front, vote: None, rows: BTreeMap::new() })
    }

    /// What brings the phones in again, on the command line.
    pub fn options(&self) -> String {
        let address = format!(" --address {}", self.network.address);
        format!(" --phones{}", if self.is_reached() { &address } else { "" })
    }

    /// Whether this computer still has its address in the network of the phones.
    fn is_reached(&self) -> bool {
        choose(Some(self.network.address)).is_ok()
    }

    /// Lets the phones show what belongs to the place of the lesson.
    pub fn follow(&mut self, lesson: &Lesson) {
        // While the poster is shown the phones go on with what they do: at the beginning, nothing.
        if matches!(lesson.place, Place::Phones(_)) {
            return;
        }
        let (shown, is_open) = Shown::at(lesson, self.shown);
        let mut class = self.phones.class();
        if shown != self.shown {
            let kept = self.vote.take_if(|(vote, _)| *vote == shown);
            let before = class.show(kept.map_or_else(|| shown.scene(lesson), |(_, scene)| scene));
            if matches!(before, Scene::Vote(_)) {
                self.vote = Some((self.shown, before));
            }
        }
        class.set_open(is_open);
        self.shown = shown;
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
            (Place::Race(Racing { step, round, stage, .. }), Scene::Race(race)) => {
                let lost = picture(race.events());
                seen.has_picture = lost.is_some();
                seen.lines = counter(race, round, stage, here);
                let record = &mut lesson.record.steps[step];
                if stage != Stage::Open && race.should_be() > 0 {
                    self.rows.insert(round, row(race, round));
                    let rows = [HEAD.to_string()].into_iter().chain(self.rows.values().cloned());
                    let rows: Vec<String> = rows.collect();
                    seen.lines.extend(rows.iter().cloned());
                    record.raced = Some(rows.join("\n"));
                    record.lost = lost.or(record.lost.take());
                }
                if let (Stage::Picture, Some(lost)) = (stage, &record.lost) {
                    seen.lines = lost.lines().map(String::from).collect();
                }
            }
            (Place::Rules(step) | Place::Steer(step, _), Scene::Game(game)) => {
                seen.lines = played(game, here);
                lesson.record.steps[step].played =
                    Some(strip_ansi_codes(&seen.lines.join("\n")).into_owned());
            }
            _ => {}
        }
        drop(class);
        if matches!(lesson.place, Place::Phones(_)) {
            let poster = if self.is_reached() {
                self.phones.poster(has_colours())
            } else {
                fill(
                    &format!(
                        "This computer is no longer at {}, so no phone can reach it. End the lesson \
                         with Ctrl-C, and go on with the command that it prints.",
                        self.network
                    ),
                    COLUMNS,
                    "",
                    "",
                )
            };
            seen.lines = poster.lines().map(String::from).collect();
        }
        lesson.phones = Some(seen);
    }
}

/// The counter of a round, large.
fn counter(race: &Race, round: usize, stage: Stage, here: usize) -> Vec<String> {
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
        let by = match orders.len() {
            0 => ".".into(),
            1 => ", by one order:".into(),
            orders => format!(", by {orders} different orders:"),
        };
        lines.extend(bold(&format!("On the phones {reached} of {here} reached the goal{by}")));
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
        self.phones.as_ref().is_some_and(|seen| seen.here > 0)
            && self.plan.steps[step].race_on_phones.is_some()
            && self.record.steps[step].raced.is_none()
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

    /// Lets the phones steer the game of this step, from its beginning.
    pub fn steer(&mut self) -> Action {
        let step = self.step().filter(|step| self.plan.steps[*step].level().is_some());
        match (step, self.below()) {
            (None, _) => self.say("This step has no game that phones could steer"),
            (_, Place::Question(_)) => self.say("`steer` comes after the vote: press Enter"),
            (Some(step), _) => {
                self.begun += 1;
                self.go(Place::Steer(step, self.begun))
            }
        }
    }
}

/// The fourth round is taken only if the class is quick.
fn is_last(round: usize) -> bool {
    round >= 2
}
