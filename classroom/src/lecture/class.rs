//! The phones of a class: what they show at each place of a lesson, and what the projector shows of them.

use std::iter;

use basics::error::{Error, Result};
use basics::words::{plural, thousands};
use console::strip_ansi_codes;
use phones::{Class, Game, Network, Phones, Question, Race, Round, large, listen, picture};

use super::draw::{bold, dim};
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
    pub voted: Option<usize>,
    /// The votes of the phones, if there are any.
    pub votes: Option<Votes>,
    /// What stands on the screen of this place.
    pub lines: Vec<String>,
    /// Whether an update of the round was lost.
    pub has_picture: bool,
}

/// What the phones show.
#[derive(PartialEq)]
enum Scene {
    Front,
    Vote { step: usize, is_second: bool, votes: Option<Votes> },
    Answer(usize, char),
    Play(usize),
    Steer(usize),
    Race { round: Round, times: u32, is_open: bool },
    End,
}

/// The phones, and what they show.
pub struct Room {
    phones: Phones,
    scene: Scene,
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

impl Scene {
    fn of(lesson: &Lesson) -> Self {
        let steps = &lesson.plan.steps;
        match *lesson.below() {
            Place::Question(step) if !steps[step].choices.is_empty() => {
                let record = &lesson.record.steps[step];
                let is_second = record.first_votes.is_some();
                Self::Vote { step, is_second, votes: record.votes.clone() }
            }
            Place::Answer(step) => {
                steps[step].answer.map_or(Self::Front, |right| Self::Answer(step, right))
            }
            Place::Rules(step) => steps[step].level().map_or(Self::Front, Self::Play),
            Place::Steer(step) => steps[step].level().map_or(Self::Front, Self::Steer),
            Place::Race(step, round, stage) => {
                let times = steps[step].race_on_phones.unwrap_or(TIMES);
                Self::Race { round: ROUNDS[round], times, is_open: stage == Stage::Open }
            }
            Place::End => Self::End,
            _ => Self::Front,
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
        Ok(Self { phones, scene: Scene::Front })
    }

    /// Lets the phones show what belongs to the place of the lesson.
    pub fn follow(&mut self, lesson: &Lesson) {
        let scene = Scene::of(lesson);
        // While the poster is shown the phones go on with what they do: at the beginning, nothing.
        if scene == self.scene || matches!(lesson.place, Place::Phones(_)) {
            return;
        }
        let mut class = self.phones.class();
        match &scene {
            Scene::Front => class.front(),
            Scene::Vote { step, is_second, votes } => {
                class.ask(question(lesson, *step));
                vote(&mut class, *is_second, votes.as_ref());
            }
            Scene::Answer(step, right) => {
                class.ask(question(lesson, *step));
                class.answer(*right);
            }
            Scene::Play(level) => class.play(*level),
            Scene::Steer(level) => class.steer(*level),
            Scene::Race { round, times, is_open: true } => class.race(*round, *times),
            Scene::Race { is_open: false, .. } => class.close(),
            Scene::End => class.end(),
        }
        drop(class);
        self.scene = scene;
    }

    /// Lets the phones look to the front while a program runs.
    pub fn front(&mut self) {
        self.phones.class().front();
        self.scene = Scene::Front;
    }

    /// Closes an open vote, so that nobody votes after it was counted. If nobody has, the next
    /// `follow` opens it again.
    pub fn close_vote(&mut self) {
        if matches!(self.scene, Scene::Vote { votes: None, .. }) {
            self.phones.class().close();
            self.scene = Scene::Front;
        }
    }

    /// Tells the lesson what the phones have done.
    pub fn look(&self, lesson: &mut Lesson) {
        let mut class = self.phones.class();
        let mut seen = Seen { here: class.count(), ..Seen::default() };
        if let (Place::Question(step), Some(vote)) = (lesson.below(), class.vote()) {
            let is_open = lesson.record.steps[*step].votes.is_none();
            seen.voted = is_open.then(|| vote.voted());
            let votes = vote.counts().pop().map(Votes::from);
            seen.votes = votes.filter(|votes| votes.all() > 0);
        }
        match (&lesson.place, class.racing(), class.game()) {
            (Place::Race(step, round, stage), Some(race), _) => {
                let lost = picture(race.events());
                seen.has_picture = lost.is_some();
                seen.lines = match (stage, &lost) {
                    (Stage::Picture, Some(lost)) => lost.lines().map(String::from).collect(),
                    _ => counter(&class, race, ROUNDS[*round], *stage),
                };
                let record = &mut lesson.record.steps[*step];
                if *stage != Stage::Open {
                    record.people = Some(class.rounds().to_string());
                    record.lost = lost.or(record.lost.take());
                }
            }
            (Place::Rules(step) | Place::Steer(step), _, Some(game)) => {
                seen.lines = played(game);
                lesson.record.steps[*step].people =
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

fn question(lesson: &Lesson, step: usize) -> Question {
    let step = &lesson.plan.steps[step];
    Question { text: step.question.clone(), choices: step.choices.clone() }
}

/// Opens a vote, the first or the second, or closes it with what was counted.
fn vote(class: &mut Class, is_second: bool, votes: Option<&Votes>) {
    let is_new = is_second && class.vote().is_some_and(|vote| vote.counts().len() < 2);
    match (votes, class.vote()) {
        (Some(votes), Some(vote)) => vote.hands(votes.counts().clone()),
        (None, Some(_)) if is_new => class.ask_again(),
        (None, Some(vote)) => vote.open(),
        (_, None) => {}
    }
}

/// The counter of a round, large, and the rows of all rounds when it is closed.
fn counter(class: &Class, race: &Race, round: Round, stage: Stage) -> Vec<String> {
    let result = race.result();
    let made = plural(result.should_be, "increment");
    let mut lines = vec![String::new()];
    lines.extend(bold(&format!("{round}. {}", how(round))));
    lines.push(String::new());
    lines.extend(bold(&if stage == Stage::Open {
        let all = class.count() as u64 * u64::from(race.times());
        format!("{made} of {}, and the counter is", thousands(all))
    } else {
        let (lost, seconds) = (result.should_be.abs_diff(result.is), result.time.as_secs_f64());
        format!("{made} in {seconds:.1} s: {} lost. The counter is", thousands(lost))
    }));
    lines.push(String::new());
    lines.extend(large(&result.is.to_string()).iter().flat_map(|it| it.lines()).map(String::from));
    lines.push(String::new());
    if stage == Stage::Open {
        lines.extend(race.lock().map(|lock| dim(&lock)));
    } else {
        lines.extend(class.rounds().to_string().lines().map(String::from));
    }
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

/// What the phones have made of a level.
fn played(game: &Game) -> Vec<String> {
    let claims = game.claims();
    let claimed = format!("{} said: impossible.", plural(claims as u64, "phone"));
    let claimed = (claims > 0).then_some(claimed);
    if game.is_steered() {
        let mut lines: Vec<String> = game.board().lines().map(|line| format!("  {line}")).collect();
        let votes = game.votes();
        let votes = votes.iter().map(|(thread, votes)| format!(", thread {thread}: {votes}"));
        let order = if game.order().is_empty() { "none" } else { game.order() };
        lines.push(dim(&format!("Steps so far: {order}{}", votes.collect::<String>())));
        let end = game.end().map(|(end, is_goal)| {
            format!("{end} That is {}the goal.", if is_goal { "" } else { "not " })
        });
        return lines
            .into_iter()
            .chain(end.into_iter().chain(claimed).flat_map(|it| bold(&it)))
            .collect();
    }
    let orders = game.orders();
    let named = orders.iter().take(MOST_ORDERS);
    let named: Vec<String> = named.map(|(order, by)| format!("{order} ({by})")).collect();
    let there = plural(game.successes() as u64, "phone");
    let different = plural(orders.len() as u64, "different order");
    let by = if named.is_empty() {
        String::new()
    } else {
        format!(", by {different}, such as {}", named.join(", "))
    };
    let reached = format!("{there} reached the goal{by}.");
    iter::once(reached).chain(claimed).flat_map(|it| bold(&it)).collect()
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
