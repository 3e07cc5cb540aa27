//! The state of a lesson, and what each line that somebody types makes of it. It knows of no terminal.

use super::class::Seen;
use super::command::Command;
use super::input::{Expected, Input};
use super::plan::Plan;
use super::program::Demonstration;
use super::questions::Question;
use super::race::{Racing, Stage};
use super::record::{Record, StepRecord};
use super::texts::{Text, help};

/// A lesson that is being held.
pub struct Lesson<'a> {
    pub plan: &'a Plan,
    pub questions: &'a [Question],
    pub record: Record,
    pub place: Place,
    /// What to say on the screen, once.
    pub note: Option<String>,
    /// What the program of the step that is shown has printed, with its colours.
    pub shown: Vec<String>,
    /// What the phones have done, if there are any.
    pub phones: Option<Seen>,
    /// The steps that led here.
    trail: Vec<usize>,
    /// What was before each change of votes.
    changes: Vec<(usize, StepRecord)>,
    is_warned: bool,
    asks_to_end: bool,
    /// How often the phones have begun to race or to steer.
    pub begun: usize,
}

/// Where a lesson is. Steps are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// What the class sees before the first question.
    Opening,
    Question(usize),
    /// How to play the program of this step.
    Rules(usize),
    /// What its program has printed, or where it was played.
    Output(usize),
    Answer(usize),
    /// The class steers the game of this step on its phones; the number tells it from the time before.
    Steer(usize, usize),
    Race(Racing),
    End,
    /// How phones come in, and where to go on after it.
    Phones(Box<Place>),
    /// A text, and where to go on after it.
    Text(Text),
}

/// What is to be done after a line was typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Draw,
    /// Run the program of a step.
    Run(usize),
    /// Run the proof of an answer.
    Prove(Command),
    /// Show what changed between the two files of a step.
    Diff(usize),
    Leave,
}

impl<'a> Lesson<'a> {
    pub fn new(plan: &'a Plan, questions: &'a [Question], record: Record, place: Place) -> Self {
        Self {
            plan,
            questions,
            record,
            place,
            note: None,
            shown: Vec::new(),
            phones: None,
            trail: Vec::new(),
            changes: Vec::new(),
            is_warned: false,
            asks_to_end: false,
            begun: 0,
        }
    }

    /// Where a lesson begins that is to begin with this step.
    pub fn beginning(plan: &Plan, first: usize) -> Place {
        if first == 0 && plan.opening.is_some() { Place::Opening } else { Place::Question(first) }
    }

    /// The place that the lesson is at, also while something else is looked at in between.
    pub fn below(&self) -> &Place {
        let mut place = &self.place;
        while let Place::Text(Text { then, .. }) | Place::Phones(then) = place {
            place = then;
        }
        place
    }

    /// Whether what stands on the screen is not the lesson's own: a game has left it.
    pub fn is_below_a_game(&self) -> bool {
        matches!(self.place, Place::Output(step) if self.plan.steps[step].played)
    }

    /// The step that the lesson is at.
    pub fn step(&self) -> Option<usize> {
        match self.below() {
            Place::Question(step)
            | Place::Steer(step, _)
            | Place::Race(Racing { step, .. })
            | Place::Rules(step)
            | Place::Output(step)
            | Place::Answer(step) => Some(*step),
            Place::Opening | Place::End | Place::Text(_) | Place::Phones(_) => None,
        }
    }

    /// Ctrl-C or `quit`: asks whether that was meant.
    pub fn interrupt(&mut self) -> Action {
        if self.asks_to_end {
            return Action::Leave;
        }
        self.asks_to_end = true;
        self.note = Some(
            "End the lesson? It is kept, and can go on later. Type y to end it, or Enter.".into(),
        );
        Action::Draw
    }

    /// Does what was typed.
    pub fn obey(&mut self, line: &str) -> Action {
        self.note = None;
        if std::mem::take(&mut self.asks_to_end) {
            match line.trim().to_lowercase().as_str() {
                "y" | "yes" | "q" | "quit" => return Action::Leave,
                "" | "n" | "no" => return Action::Draw,
                _ => {}
            }
        }
        match Input::read(line, &self.expected()) {
            Ok(input) => self.take(input),
            Err(how) => self.say(how),
        }
    }

    fn expected(&self) -> Expected<'_> {
        let Place::Question(number) = self.place else { return Expected::Nothing };
        let step = &self.plan.steps[number];
        let letters: Vec<char> = step.choices.keys().copied().collect();
        let voted = self.phones.as_ref().and_then(|seen| seen.votes.as_ref());
        match self.plan.is_for_a_class() {
            _ if letters.is_empty() && step.is_timed() => Expected::Seconds,
            _ if letters.is_empty() => Expected::Nothing,
            true => Expected::Hands(letters, self.record.steps[number].votes.as_ref().or(voted)),
            false => Expected::Letter(letters),
        }
    }

    /// Says this on the next screen.
    pub fn say(&mut self, note: impl Into<String>) -> Action {
        self.note = Some(note.into());
        Action::Draw
    }

    fn take(&mut self, input: Input) -> Action {
        match (input, self.place.clone()) {
            (Input::Quit | Input::Enter, Place::End) => Action::Leave,
            (Input::Quit, _) => self.interrupt(),
            (Input::Help, _) => self.show(help(self.phones.is_some())),
            (Input::Phones | Input::Steer | Input::Race(_), _) if self.phones.is_none() => {
                self.say("There are no phones here. Begin the lesson with --phones, and answer y")
            }
            (Input::Phones, _) => self.go(Place::Phones(Box::new(self.below().clone()))),
            (Input::Enter | Input::Back, Place::Phones(then)) => self.go(*then),
            (Input::Race(round), _) => self.race(round),
            (Input::Enter, Place::Race(racing)) => self.race_on(racing),
            (Input::Skip, Place::Race(racing)) => self.after_race(&racing),
            (Input::Undo, Place::Race(racing)) if racing.stage != Stage::Open => {
                self.go(Place::Race(Racing { stage: Stage::Open, ..racing }))
            }
            (Input::Steer, _) => self.steer(),
            (Input::Enter, Place::Answer(step)) if self.is_race_next(step) => self.race(1),
            (Input::Ask(word), _) => self.ask(&word),
            (Input::Step(number), _) => self.go_to(number),
            (Input::Back, Place::Text(text)) => self.go(*text.then),
            (Input::Enter, Place::Text(text)) => match text.run {
                Some(run) => Action::Prove(run),
                None => self.turn(text),
            },
            (Input::Enter, Place::Opening) => self.enter(self.plan.planned_from(0)),
            (Input::Enter, Place::Question(step)) => self.proceed(step),
            (Input::Enter, Place::Rules(step)) => Action::Run(step),
            (Input::Enter, Place::Output(step) | Place::Steer(step, _)) => {
                self.go(Place::Answer(step))
            }
            (Input::Enter | Input::Skip, Place::Answer(step))
            | (Input::Skip, Place::Question(step)) => self.enter(self.plan.planned_from(step + 1)),
            (Input::Votes(votes), Place::Question(step)) => {
                self.change(step, |record| record.votes = Some(votes))
            }
            (Input::Seconds(seconds), Place::Question(step)) => {
                self.change(step, |record| record.predicted = Some(seconds))
            }
            (Input::Again, Place::Question(step) | Place::Answer(step)) => self.vote_again(step),
            (Input::Undo, Place::Question(step)) => self.undo(step),
            (Input::Undo, _) => {
                self.say("Here is nothing to take back; `back` leads to the question")
            }
            (Input::Repeat, Place::Output(step) | Place::Answer(step)) => self.repeat(step),
            (Input::Output, Place::Answer(step)) => self.show_printed(step),
            (Input::Diff, Place::Answer(step)) if self.plan.steps[step].diff.is_some() => {
                Action::Diff(step)
            }
            (Input::Back, place) => self.back(&place),
            _ => self.say("Here is nothing for that word; ? helps"),
        }
    }

    pub fn go(&mut self, place: Place) -> Action {
        self.place = place;
        Action::Draw
    }

    /// Goes to the question of a step, or to the end.
    pub fn enter(&mut self, step: Option<usize>) -> Action {
        self.trail.extend(self.step());
        self.is_warned = false;
        match step {
            Some(step) => {
                self.record.step = step;
                self.go(Place::Question(step))
            }
            None => self.go(Place::End),
        }
    }

    fn go_to(&mut self, number: usize) -> Action {
        let steps = self.plan.steps.len();
        if (1..=steps).contains(&number) {
            self.enter(Some(number - 1))
        } else {
            self.say(format!("There is no step {number}: this lesson has {steps}"))
        }
    }

    /// Goes on from the question to the rules, the run or the answer.
    fn proceed(&mut self, number: usize) -> Action {
        let step = &self.plan.steps[number];
        let record = &self.record.steps[number];
        let is_open = record.votes.is_none() && record.predicted.is_none();
        let is_asked = !step.choices.is_empty() || step.is_timed();
        let votes = self.phones.as_ref().and_then(|seen| seen.votes.clone()).filter(|_| is_open);
        if votes.is_some() {
            return self.change(number, |record| record.votes = votes);
        }
        if is_asked && is_open && !std::mem::replace(&mut self.is_warned, true) {
            return self.say(if self.plan.is_for_a_class() {
                "Nobody has voted. Enter once more goes on without a vote."
            } else {
                "You have not predicted anything. Enter once more runs it all the same."
            });
        }
        if step.played && step.tell.is_some() {
            self.go(Place::Rules(number))
        } else if step.run.is_some() {
            Action::Run(number)
        } else if step.choices.is_empty() && step.say.is_none() {
            self.enter(self.plan.planned_from(number + 1))
        } else {
            self.go(Place::Answer(number))
        }
    }

    fn repeat(&mut self, number: usize) -> Action {
        match self.plan.steps[number].run {
            Some(_) => Action::Run(number),
            None => self.say("This step has no program to repeat"),
        }
    }

    fn back(&mut self, place: &Place) -> Action {
        match place {
            Place::Rules(step) | Place::Output(step) | Place::Answer(step) => {
                self.go(Place::Question(*step))
            }
            Place::Steer(step, _) => self.go(Place::Rules(*step)),
            Place::Race(racing) => self.go(*racing.then.clone()),
            Place::Question(step) => match self.trail.pop().or(step.checked_sub(1)) {
                Some(before) => {
                    self.record.step = before;
                    self.go(Place::Question(before))
                }
                None if self.plan.opening.is_some() => self.go(Place::Opening),
                None => self.say("This is the first step."),
            },
            Place::End => match self.trail.pop() {
                Some(last) => self.go(Place::Answer(last)),
                None => Action::Draw,
            },
            Place::Opening | Place::Text(_) | Place::Phones(_) => {
                self.say("There is nothing before this.")
            }
        }
    }

    fn change(&mut self, step: usize, change: impl FnOnce(&mut StepRecord)) -> Action {
        self.changes.push((step, self.record.steps[step].clone()));
        change(&mut self.record.steps[step]);
        self.go(Place::Question(step))
    }

    fn undo(&mut self, step: usize) -> Action {
        let Some(last) = self.changes.iter().rposition(|(changed, _)| *changed == step) else {
            return self.say("There is no change to take back");
        };
        let (_, before) = self.changes.remove(last);
        self.record.steps[step] = StepRecord {
            votes: before.votes,
            first_votes: before.first_votes,
            predicted: before.predicted,
            ..self.record.steps[step].clone()
        };
        self.note = Some("The last change is taken back.".into());
        self.go(Place::Question(step))
    }

    /// Keeps the votes of a step as the first ones, and asks for others.
    fn vote_again(&mut self, step: usize) -> Action {
        if !self.plan.is_for_a_class() || self.record.steps[step].votes.is_none() {
            return self.say("Close the vote first, with Enter; `again` is for a second one");
        }
        self.is_warned = false;
        self.note = Some("Convince your neighbour, for a minute. Then vote once more.".into());
        self.change(step, |record| {
            let votes = record.votes.take();
            record.first_votes = record.first_votes.take().or(votes);
        })
    }

    /// Takes what the program of a step has shown.
    pub fn has_run(&mut self, number: usize, run: Demonstration, picture: Option<String>) {
        let record = &mut self.record.steps[number];
        if run.has_ended_well {
            record.measured = run.figures.as_ref().and_then(|figures| figures.number("seconds"));
            record.bound = run.figures.as_ref().and_then(|figures| figures.number("bound_seconds"));
            record.printed = run.printed().filter(|_| !self.plan.steps[number].played);
        } else {
            let again = "The program was stopped or has failed, so it does not answer the question. \
                         To run it again, type repeat.";
            self.note = Some(again.into());
        }
        record.picture = picture.or(record.picture.take());
        self.shown = run.lines;
        self.place = Place::Output(number);
    }
}
