//! The game: what each key does.

use every_interleaving::{LEVELS, Thread};

use crate::play::Play;
use crate::verdict::capitalised;

/// What the class sees and does.
pub struct Game {
    play: Play,
    /// For each level what has passed it, as the string that replays it.
    passed: Vec<Option<String>>,
    /// What came of the last key.
    notice: Notice,
    help: bool,
    /// Whether the line `counter += 1` of the first level has been opened into its steps.
    opened: bool,
    /// After a false claim: the steps of an order that refutes it, those still to be shown, the
    /// next one last.
    refutation: Option<Vec<Thread>>,
}

/// What came of a key, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was done.
    Done(String),
    /// It cannot be done.
    Refused(String),
    /// It was asked whether the goal is within reach.
    Hint(String),
}

impl Game {
    /// The game at a level, counted from 0.
    pub fn new(level: usize) -> Self {
        let mut game = Self {
            play: Play::new(level),
            passed: vec![None; LEVELS.len()],
            notice: Notice::Done(String::new()),
            help: false,
            opened: false,
            refutation: None,
        };
        game.go_to(level);
        game
    }

    /// The level that is played.
    pub fn play(&self) -> &Play {
        &self.play
    }

    /// What came of the last key.
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Whether the help is shown in place of the level.
    pub fn shows_help(&self) -> bool {
        self.help
    }

    /// Whether `counter += 1` is shown as one line, and run as one. So the first level begins.
    pub fn is_closed(&self) -> bool {
        self.play.number() == 0 && !self.opened
    }

    /// Whether steps are taken by themselves now, to refute a claim.
    pub fn is_refuting(&self) -> bool {
        self.refutation.as_ref().is_some_and(|steps| !steps.is_empty())
    }

    /// Whether the steps on the screen are those that have refuted a claim.
    pub fn has_refuted(&self) -> bool {
        self.refutation.as_ref().is_some_and(Vec::is_empty)
    }

    /// The numbers of the levels that have been passed, from 1.
    pub fn passed(&self) -> impl Iterator<Item = usize> {
        (1..).zip(&self.passed).filter_map(|(number, passed)| passed.as_ref().map(|_| number))
    }

    /// What has passed them, as the strings that replay it.
    pub fn replays(&self) -> impl Iterator<Item = &str> {
        self.passed.iter().flatten().map(String::as_str)
    }

    /// Does what a key says; `q` is left to the caller.
    pub fn press(&mut self, key: char) {
        let level = self.play.number();
        if self.help {
            self.help = false;
            return;
        }
        if self.is_refuting() {
            return self.go_to(level);
        }
        if let Some(number @ 1..) = key.to_digit(10) {
            return self.press_number(number as usize);
        }
        match key.to_ascii_lowercase() {
            'o' if self.is_closed() => {
                self.opened = true;
                self.done("Open: counter += 1 is three steps of the machine.");
            }
            'o' => self.refused("There is no line to open; each line is a step."),
            'h' => self.notice = Notice::Hint(self.hint()),
            'i' => self.claim(),
            'u' if self.has_refuted() => self.refused("Press r, and find an order yourself."),
            'u' => self.undo(),
            'r' => self.go_to(level),
            'n' if level + 1 < LEVELS.len() => self.go_to(level + 1),
            'n' => self.refused("This is the last level."),
            'p' if level > 0 => self.go_to(level - 1),
            'p' => self.refused("This is the first level."),
            '?' => self.help = true,
            ' ' => {} // Enter, too, which people press who think that a key needs it
            _ => self.refused("That key does nothing here. Press ? for the keys."),
        }
    }

    /// Takes the next step of the order that refutes a claim, if there is one to be shown.
    pub fn refute(&mut self) {
        if let Some(thread) = self.refutation.as_mut().and_then(Vec::pop) {
            self.step(thread);
        }
    }

    /// The number of a thread, from 1.
    fn press_number(&mut self, number: usize) {
        let threads = self.play.level().machine.threads().count();
        if number > threads {
            self.refused(format!(
                "There is no thread {number} on this level, only 1 to {threads}."
            ));
        } else if self.play.is_claim() {
            self.refused("This level is passed: n goes on, r begins it again.");
        } else {
            self.step(Thread(number - 1));
        }
    }

    fn step(&mut self, thread: Thread) {
        let before = self.play.state().counter();
        for _ in 0..self.steps_of_a_key() {
            if let Err(refusal) = self.play.step(thread) {
                return self.refused(format!("{}.", capitalised(refusal)));
            }
        }
        if self.is_closed() {
            let (name, after) = (capitalised(thread), self.play.state().counter());
            self.done(format!(
                "{name} runs its line: the counter was {before} and is now {after}."
            ));
        } else if let Some(last) = self.play.moves().last() {
            self.done(last.to_string());
        }
        self.note_if_passed();
    }

    /// How many steps a key takes or takes back: the closed line `counter += 1` is run as a whole.
    fn steps_of_a_key(&self) -> usize {
        if self.is_closed() { self.play.level().machine.code(Thread(0)).length() } else { 1 }
    }

    fn undo(&mut self) {
        let undone = (0..self.steps_of_a_key()).filter(|_| self.play.undo()).count();
        match (undone, self.is_closed()) {
            (0, _) => self.refused("There is no step to take back."),
            (_, true) => self.done("The last line is taken back."),
            (_, false) => self.done("The last step is taken back."),
        }
    }

    /// Says whether the goal is still within reach.
    fn hint(&self) -> String {
        let taken = self.play.moves().len();
        match self.play.within_reach() {
            _ if self.play.is_claim() => "You have passed this level.".into(),
            _ if self.is_closed() => {
                "Not with whole lines. Press o: the line opens into its steps.".into()
            }
            None => "No: no order of the steps that are left reaches the goal.".into(),
            Some(steps) if steps == taken && self.play.verdict().is_some() => {
                "The goal is reached.".into()
            }
            Some(steps) if steps == taken => "Yes: the goal is still within reach.".into(),
            Some(0) => {
                "Not any more: it was within reach only before the first step. Press r.".into()
            }
            Some(steps) => {
                let undo = match taken - steps {
                    1 => "once".into(),
                    times => format!("{times} times"),
                };
                format!(
                    "Not any more: it was within reach up to step {steps}. Press u {undo}, or r."
                )
            }
        }
    }

    /// Claims that no order reaches the goal of this level.
    fn claim(&mut self) {
        let level = self.play.number();
        self.go_to(level);
        if let Some(mut order) = self.play.level().order() {
            self.opened = true; // it is refuted step by step
            order.reverse();
            self.refutation = Some(order);
        } else {
            self.play = Play::claim(level);
            self.done("");
            self.note_if_passed();
        }
    }

    fn note_if_passed(&mut self) {
        let passed = self.play.verdict().is_some_and(|verdict| verdict.passed);
        if passed && self.refutation.is_none() {
            self.passed[self.play.number()] = Some(self.play.to_string());
        }
    }

    fn go_to(&mut self, level: usize) {
        self.play = Play::new(level);
        self.refutation = None;
        self.done(if self.is_closed() {
            "Which thread runs its line first? Press its number. o opens the line."
        } else {
            "Which thread takes the first step? Press its number."
        });
    }

    fn done(&mut self, sentence: impl Into<String>) {
        self.notice = Notice::Done(sentence.into());
    }

    fn refused(&mut self, sentence: impl Into<String>) {
        self.notice = Notice::Refused(sentence.into());
    }
}
