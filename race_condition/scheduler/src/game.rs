//! The game: what each key does.

use crate::levels::LEVELS;
use crate::play::Play;
use crate::verdict::capitalised;
use every_interleaving::Thread;

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
    Done(String),
    Refused(String),
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

    pub fn play(&self) -> &Play {
        &self.play
    }

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
        self.passed.iter().zip(1..).filter(|(passed, _)| passed.is_some()).map(|(_, number)| number)
    }

    /// What has passed them, as the strings that replay it.
    pub fn replays(&self) -> impl Iterator<Item = &str> {
        self.passed.iter().flatten().map(String::as_str)
    }

    /// Does what a key says; `q` is left to the caller.
    pub fn press(&mut self, key: char) {
        if self.help {
            self.help = false;
            return;
        }
        if self.is_refuting() {
            self.go_to(self.play.number());
            return;
        }
        match key.to_ascii_lowercase() {
            digit @ '1'..='9' => self.press_digit(digit),
            'o' if self.is_closed() => {
                self.opened = true;
                self.done("Open: counter += 1 is three steps of the machine.");
            }
            'o' => self.refused("There is no line to open; each line is a step."),
            'h' => self.hint(),
            'i' => self.claim(),
            'u' if self.has_refuted() => self.refused("Press r, and find an order yourself."),
            'u' => self.undo(),
            'r' => self.go_to(self.play.number()),
            'n' if self.play.number() + 1 < LEVELS.len() => self.go_to(self.play.number() + 1),
            'n' => self.refused("This is the last level."),
            'p' if self.play.number() > 0 => self.go_to(self.play.number() - 1),
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

    fn press_digit(&mut self, digit: char) {
        let machine = self.play.level().machine;
        let thread =
            machine.threads().find(|thread| digit.to_string() == (thread.0 + 1).to_string());
        let Some(thread) = thread else {
            let last = machine.threads().next_back().unwrap_or(Thread(0));
            self.refused(&format!(
                "There is no thread {digit} on this level, only 1 to {}.",
                last.0 + 1
            ));
            return;
        };
        if self.play.is_claim() {
            self.refused("This level is passed: n goes on, r begins it again.");
        } else {
            self.step(thread);
        }
    }

    fn step(&mut self, thread: Thread) {
        let before = self.play.state().counter();
        // A closed line is run as a whole.
        let steps = if self.is_closed() { self.line() } else { 1 };
        for _ in 0..steps {
            if let Err(refusal) = self.play.step(thread) {
                self.refused(&format!("{}.", capitalised(&refusal.to_string())));
                return;
            }
        }
        if self.is_closed() {
            let (name, after) = (capitalised(&thread.to_string()), self.play.state().counter());
            self.done(&format!(
                "{name} runs its line: the counter was {before} and is now {after}."
            ));
        } else {
            let done = self.play.steps().next_back().map(|taken| taken.to_string());
            self.done(&done.unwrap_or_default());
        }
        self.note_if_passed();
    }

    /// How many steps are in the line `counter += 1`.
    fn line(&self) -> usize {
        self.play.level().machine.code(Thread(0)).body.len()
    }

    fn undo(&mut self) {
        let steps = if self.is_closed() { self.line() } else { 1 };
        let undone = (0..steps).filter(|_| self.play.undo()).count();
        match (undone, self.is_closed()) {
            (0, _) => self.refused("There is no step to take back."),
            (_, true) => self.done("The last line is taken back."),
            (_, false) => self.done("The last step is taken back."),
        }
    }

    /// Says whether the goal is still within reach.
    fn hint(&mut self) {
        let taken = self.play.steps().len();
        let hint = match self.play.within_reach() {
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
        };
        self.notice = Notice::Hint(hint);
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

    fn done(&mut self, sentence: &str) {
        self.notice = Notice::Done(sentence.into());
    }

    fn refused(&mut self, sentence: &str) {
        self.notice = Notice::Refused(sentence.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After these keys; the first level is open.
    fn after(level: usize, keys: &str) -> Game {
        let mut game = Game::new(0);
        game.press('o');
        game.go_to(level - 1);
        keys.chars().for_each(|key| game.press(key));
        game
    }

    #[track_caller]
    fn assert_refused(game: &Game, sentence: &str) {
        assert_eq!(game.notice(), &Notice::Refused(sentence.into()));
    }

    #[track_caller]
    fn assert_hint(game: &Game, sentence: &str) {
        assert_eq!(game.notice(), &Notice::Hint(sentence.into()));
    }

    #[test]
    fn keys_play_undo_and_restart() {
        assert_eq!(after(1, "12").play().to_string(), "1:12");
        assert_eq!(after(1, "12u").play().to_string(), "1:1");
        assert_eq!(after(1, "12uuu1").play().to_string(), "1:1");
        assert_eq!(after(1, "12r").play().to_string(), "1:");
        assert_eq!(after(1, "1n").play().to_string(), "2:");
        assert_eq!(after(1, "nnp").play().to_string(), "2:");
        assert_eq!(after(1, "N1U2").play().to_string(), "2:2", "with caps lock too");
    }

    #[test]
    fn a_refused_key_says_why_and_changes_nothing() {
        let game = after(1, "1111");
        assert_eq!(game.play().to_string(), "1:111");
        assert_refused(&game, "Thread 1 has finished and has no step left.");
        let game = after(5, "12");
        assert_eq!(game.play().to_string(), "5:1");
        assert_refused(&game, "Thread 2 must wait, because thread 1 holds mutex A.");
        assert_refused(&after(1, "3"), "There is no thread 3 on this level, only 1 to 2.");
        assert_refused(&after(1, "u"), "There is no step to take back.");
        assert_refused(&after(1, "p"), "This is the first level.");
        assert_refused(&after(9, "n"), "This is the last level.");
        assert_eq!(after(1, "1 ").notice, after(1, "1").notice);
        assert_refused(&after(1, "x"), "That key does nothing here. Press ? for the keys.");
        assert_refused(&after(1, "o"), "There is no line to open; each line is a step.");
        assert_refused(&after(5, "i1"), "This level is passed: n goes on, r begins it again.");
    }

    #[test]
    fn the_first_level_begins_as_one_line() {
        let mut game = Game::new(0);
        assert!(game.is_closed());
        game.press('1');
        assert_eq!(game.play().to_string(), "1:111");
        let done = "Thread 1 runs its line: the counter was 0 and is now 1.";
        assert_eq!(game.notice(), &Notice::Done(done.into()));
        game.press('1');
        assert_refused(&game, "Thread 1 has finished and has no step left.");
        game.press('h');
        assert_hint(&game, "Not with whole lines. Press o: the line opens into its steps.");
        game.press('u');
        assert_eq!(game.play().to_string(), "1:");
        game.press('u');
        assert_refused(&game, "There is no step to take back.");
        "1o2".chars().for_each(|key| game.press(key));
        assert_eq!(game.play().to_string(), "1:1112");
        game.press('r');
        assert!(!game.is_closed(), "it stays open");
        assert!(!Game::new(2).is_closed(), "the other levels show steps");
    }

    #[test]
    fn what_was_passed_stays_passed() {
        let game = after(1, "121212un111222");
        assert_eq!(game.passed().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(game.replays().collect::<Vec<_>>(), ["1:121212", "2:111222"]);
        assert_eq!(after(1, "111222").passed().count(), 0);
        assert_eq!(after(6, "21").passed().collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn what_is_impossible_is_passed_only_by_the_claim() {
        for (level, keys) in [(5, "1111122222"), (7, "11111112222222")] {
            let game = after(level, keys);
            assert!(game.play().verdict().is_some(), "all have finished");
            assert_eq!(game.passed().count(), 0, "level {level}");
            let game = after(level, &format!("{keys}i"));
            assert_eq!(game.replays().collect::<Vec<_>>(), [format!("{level}:i")]);
        }
    }

    #[test]
    fn a_false_claim_is_refuted_by_an_order_that_is_played() {
        for level in [1, 2, 3, 4, 6, 8, 9] {
            let mut game = after(level, "1i");
            assert_eq!(game.play().to_string(), format!("{level}:"), "from the start");
            let mut steps = 0;
            while game.is_refuting() {
                game.refute();
                steps += 1;
                assert_eq!(game.play().steps().len(), steps);
            }
            assert!(game.has_refuted());
            assert!(game.play().verdict().is_some_and(|verdict| verdict.passed), "level {level}");
            assert_eq!(game.passed().count(), 0, "it was not the class that found it");
            game.press('u');
            assert_refused(&game, "Press r, and find an order yourself.");
            game.press('r');
            assert_eq!(game.play().to_string(), format!("{level}:"));
            assert!(!game.has_refuted());
        }
        let mut game = Game::new(0);
        game.press('i');
        assert!(!game.is_closed(), "it is refuted step by step");
    }

    #[test]
    fn any_key_ends_a_refutation() {
        let mut game = after(1, "i");
        game.refute();
        game.press('2');
        assert!(!game.is_refuting() && !game.has_refuted());
        assert_eq!(game.play().to_string(), "1:");
    }

    #[test]
    fn a_hint_says_whether_the_goal_is_within_reach() {
        assert_hint(&after(1, "12h"), "Yes: the goal is still within reach.");
        let undo = "Not any more: it was within reach up to step 2. Press u once, or r.";
        assert_hint(&after(1, "111h"), undo);
        let undo = "Not any more: it was within reach up to step 2. Press u 4 times, or r.";
        assert_hint(&after(1, "111222h"), undo);
        assert_hint(&after(1, "121212h"), "The goal is reached.");
        let never = "No: no order of the steps that are left reaches the goal.";
        assert_hint(&after(5, "h"), never);
        assert_hint(&after(5, "1111122222h"), never);
        assert_hint(&after(5, "ih"), "You have passed this level.");
    }

    #[test]
    fn any_key_leaves_the_help_and_does_nothing_else() {
        let game = after(1, "1?2");
        assert!(!game.shows_help());
        assert_eq!(game.play().to_string(), "1:1");
        assert!(after(1, "1?").shows_help());
    }
}
