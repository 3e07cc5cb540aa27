//! The phones of a class: what they show at each place of a lesson, and what the projector shows of them.

use basics::error::{Error, Result};
use basics::words::plural;
use console::strip_ansi_codes;
use phones::{Game, Network, Phones, Race, Scene, Vote, choose, listen, picture};

use super::draw::{INDENT, bold, wrapped};
use super::race::{ROUNDS, Racing, Stage, TIMES, counter, row, table};
use super::state::{Action, Lesson, Place};
use super::terminal::has_colours;
use super::votes::Votes;

/// The different orders of a level that are named.
const MOST_ORDERS: usize = 3;

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
    /// Votes, and levels that each has played alone, while something else is shown.
    kept: Vec<(Shown, Scene)>,
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
        Ok(Self { phones, network, shown: Shown::Front, kept: Vec::new() })
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
            let kept = self.kept.iter().position(|(kept, _)| *kept == shown);
            let kept = kept.map(|place| self.kept.swap_remove(place).1);
            let before = class.show(kept.unwrap_or_else(|| shown.scene(lesson)));
            if matches!(self.shown, Shown::Vote { .. } | Shown::Play { .. }) {
                self.kept.push((self.shown, before));
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
                // The search for it takes long, and nobody asks for it while all press.
                let lost = if stage == Stage::Open { None } else { picture(race.events()) };
                seen.has_picture = lost.is_some();
                seen.lines = counter(race, round, stage, here);
                let record = &mut lesson.record.steps[step];
                if stage != Stage::Open && race.should_be() > 0 {
                    record.raced.insert(round, row(race, round));
                    record.lost = lost.or(record.lost.take());
                }
                if stage != Stage::Open {
                    seen.lines.extend(table(&record.raced));
                }
                if let (Stage::Picture, Some(lost)) = (stage, &record.lost) {
                    seen.lines = lost.lines().map(String::from).collect();
                }
            }
            (place @ (Place::Rules(step) | Place::Steer(step, _)), Scene::Game(game)) => {
                seen.lines = played(game, here);
                let result = Some(strip_ansi_codes(&seen.lines.join("\n")).into_owned());
                let record = &mut lesson.record.steps[step];
                match place {
                    Place::Rules(_) => record.played = result,
                    _ => record.steered = result,
                }
            }
            _ => {}
        }
        drop(class);
        if matches!(lesson.place, Place::Phones(_)) {
            seen.lines = if self.is_reached() {
                self.phones.poster(has_colours()).lines().map(String::from).collect()
            } else {
                wrapped(&format!(
                    "This computer is no longer at {}, so no phone can reach it. End the lesson with \
                     Ctrl-C, and go on with the command that it prints.",
                    self.network
                ))
            };
        }
        lesson.phones = Some(seen);
    }
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
