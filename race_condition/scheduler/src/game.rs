//! The game: what each key does.

use every_interleaving::{LEVELS, Thread};
use lesson::words::capitalised;

use crate::play::Play;

/// What the class sees and does.
pub struct Game {
    /// The position of the level that is played.
    level: usize,
    /// The steps on each level, which are kept while another one is played.
    plays: Vec<Play>,
    /// What was on each level before it was begun again.
    before: Vec<Option<Play>>,
    /// What has passed each level.
    passed: Vec<Option<Play>>,
    /// The position of the level that was passed last.
    last_passed: Option<usize>,
    /// What came of the last key.
    notice: Notice,
    help: bool,
    /// Whether the line `counter += 1` of the first level has been opened into its steps.
    opened: bool,
    /// After a false claim: the steps of an order that refutes it, those still to be shown, the
    /// next one last.
    refutation: Option<Vec<Thread>>,
    has_ended: bool,
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
    /// The claim is made only if its key is pressed once more.
    AsksToClaim,
    /// The game ends only if its key is pressed once more.
    AsksToQuit,
}

impl Game {
    /// The game at a level, counted from 0.
    pub fn new(level: usize) -> Self {
        let mut game = Self {
            level,
            plays: (0..LEVELS.len()).map(Play::new).collect(),
            before: vec![None; LEVELS.len()],
            passed: vec![None; LEVELS.len()],
            last_passed: None,
            notice: Notice::Done(String::new()),
            help: false,
            opened: false,
            refutation: None,
            has_ended: false,
        };
        game.done(game.invitation());
        game
    }

    /// The level that is played, with its steps.
    pub fn play(&self) -> &Play {
        &self.plays[self.level]
    }

    /// What came of the last key.
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Whether the help is shown in place of the level.
    pub fn shows_help(&self) -> bool {
        self.help
    }

    /// Whether the class has quit.
    pub fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Whether `counter += 1` is shown as one line, and run as one. So the first level begins.
    pub fn is_closed(&self) -> bool {
        self.level == 0 && !self.opened
    }

    /// Whether steps are taken by themselves now, to refute a claim.
    pub fn is_refuting(&self) -> bool {
        self.refutation.as_ref().is_some_and(|steps| !steps.is_empty())
    }

    /// Whether the steps on the screen are those that have refuted a claim.
    pub fn has_refuted(&self) -> bool {
        self.refutation.as_ref().is_some_and(Vec::is_empty)
    }

    /// What has passed the levels, in their order.
    pub fn passed(&self) -> impl Iterator<Item = &Play> {
        self.passed.iter().flatten()
    }

    /// What has passed the level that was passed last.
    pub fn last_passed(&self) -> Option<&Play> {
        self.passed[self.last_passed?].as_ref()
    }

    /// Does what a key says.
    pub fn press(&mut self, key: char) {
        if self.help {
            self.help = false;
            return;
        }
        if self.is_refuting() && !key.eq_ignore_ascii_case(&'q') {
            return self.begin_again();
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
            'i' => self.ask_and_claim(),
            'u' => self.undo(),
            'r' => self.begin_again(),
            'n' if self.level + 1 < LEVELS.len() => self.go_to(self.level + 1),
            'n' => self.refused("This is the last level."),
            'p' if self.level > 0 => self.go_to(self.level - 1),
            'p' => self.refused("This is the first level."),
            '?' => self.help = true,
            'q' => self.ask_and_quit(),
            ' ' if self.asks() => self.done(self.invitation()),
            ' ' => {} // Enter, too, which people press who think that a key needs it
            _ => self.refused("That key does nothing here. Press ? for the keys."),
        }
    }

    fn asks(&self) -> bool {
        matches!(self.notice, Notice::AsksToClaim | Notice::AsksToQuit)
    }

    /// Takes the next step of the order that refutes a claim, if there is one to be shown.
    pub fn refute(&mut self) {
        if let Some(thread) = self.refutation.as_mut().and_then(Vec::pop) {
            self.step(thread);
        }
    }

    /// The number of a thread, from 1.
    fn press_number(&mut self, number: usize) {
        let threads = self.play().level().machine.threads().count();
        if number > threads {
            self.refused(format!(
                "There is no thread {number} on this level, only 1 to {threads}."
            ));
        } else if self.play().is_claim() {
            self.refused("This level is passed: n goes on, r begins it again.");
        } else {
            self.step(Thread(number - 1));
        }
    }

    fn step(&mut self, thread: Thread) {
        let before = self.play().state().counter();
        for _ in 0..self.steps_of_a_key() {
            if let Err(refusal) = self.plays[self.level].step(thread) {
                return self.refused(format!("{}.", capitalised(refusal)));
            }
        }
        if self.is_closed() {
            let (name, after) = (capitalised(thread), self.play().state().counter());
            self.done(format!(
                "{name} runs its line: the counter was {before} and is now {after}."
            ));
        } else if let Some(last) = self.play().moves().last() {
            self.done(last.to_string());
        }
        self.note_if_passed();
    }

    /// How many steps a key takes or takes back: the closed line `counter += 1` is run as a whole.
    fn steps_of_a_key(&self) -> usize {
        if self.is_closed() { self.play().level().machine.code(Thread(0)).length() } else { 1 }
    }

    /// Takes the last step back, or else what has taken all the steps away.
    fn undo(&mut self) {
        if self.has_refuted() {
            return self.refused("Press r, and find an order yourself.");
        }
        let undone = (0..self.steps_of_a_key()).filter(|_| self.plays[self.level].undo()).count();
        if undone > 0 {
            let what = if self.is_closed() { "line" } else { "step" };
            self.done(format!("The last {what} is taken back."));
        } else if let Some(before) = self.before[self.level].take() {
            self.plays[self.level] = before;
            self.done("Your steps are back.");
        } else {
            self.refused("There is no step to take back.");
        }
    }

    /// Says whether the goal is still within reach.
    fn hint(&self) -> String {
        let taken = self.play().moves().len();
        match self.play().within_reach() {
            _ if self.play().is_claim() => "You have passed this level.".into(),
            _ if self.is_closed() => {
                "Not with whole lines. Press o: the line opens into its steps.".into()
            }
            None => "No: no order of the steps that are left reaches the goal.".into(),
            Some(steps) if steps == taken && self.play().verdict().is_some() => {
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

    /// Claims that no order reaches the goal of this level. It asks before, as the answer gives the
    /// solution away.
    fn ask_and_claim(&mut self) {
        if self.has_refuted() {
            self.refused("It can be done, as you see. Press r, and find an order yourself.");
        } else if self.play().is_claim() {
            self.refused("This level is passed: n goes on, r begins it again.");
        } else if self.notice == Notice::AsksToClaim {
            self.claim();
        } else {
            self.notice = Notice::AsksToClaim;
        }
    }

    fn claim(&mut self) {
        self.begin_again();
        if let Some(mut order) = self.play().level().order() {
            self.opened = true; // it is refuted step by step
            order.reverse();
            self.refutation = Some(order);
        } else {
            self.plays[self.level] = Play::claim(self.level);
            self.note_if_passed();
        }
        self.done("");
    }

    /// Ends the game. It asks before if there are steps that have not passed their level.
    fn ask_and_quit(&mut self) {
        let would_lose = !self.play().moves().is_empty()
            && self.passed[self.level].is_none()
            && self.refutation.is_none();
        if would_lose && self.notice != Notice::AsksToQuit {
            self.notice = Notice::AsksToQuit;
        } else {
            self.has_ended = true;
        }
    }

    fn note_if_passed(&mut self) {
        let passed = self.play().verdict().is_some_and(|verdict| verdict.passed);
        if passed && self.refutation.is_none() {
            self.passed[self.level] = Some(self.play().clone());
            self.last_passed = Some(self.level);
        }
    }

    /// Takes all steps of this level away. Those of the class can be brought back.
    fn begin_again(&mut self) {
        let play = std::mem::replace(&mut self.plays[self.level], Play::new(self.level));
        let is_refuted = self.refutation.take().is_some();
        let invitation = self.invitation();
        if play.moves().is_empty() || is_refuted {
            return self.done(invitation);
        }
        self.before[self.level] = Some(play);
        self.done(format!("{invitation} u brings your steps back."));
    }

    /// Plays another level, and keeps the steps on this one.
    fn go_to(&mut self, level: usize) {
        if self.refutation.is_some() {
            self.begin_again();
        }
        let (left, is_begun) = (self.level + 1, !self.play().moves().is_empty());
        let is_passed = self.passed[self.level].is_some();
        self.level = level;
        let invitation = self.invitation();
        self.done(match (is_passed, is_begun) {
            (true, _) => invitation,
            (false, true) => {
                format!("Level {left}, not passed yet, keeps your steps. {invitation}")
            }
            (false, false) => format!("Level {left} is not passed yet. {invitation}"),
        });
    }

    /// What to do next on this level.
    fn invitation(&self) -> String {
        let sentence = match (self.play().moves().is_empty(), self.is_closed()) {
            (true, true) => "Which thread runs its line first? Press its number. o opens the line.",
            (true, false) => "Which thread takes the first step? Press its number.",
            (false, _) => "Here are the steps that you left.",
        };
        sentence.into()
    }

    fn done(&mut self, sentence: impl Into<String>) {
        self.notice = Notice::Done(sentence.into());
    }

    fn refused(&mut self, sentence: impl Into<String>) {
        self.notice = Notice::Refused(sentence.into());
    }
}
