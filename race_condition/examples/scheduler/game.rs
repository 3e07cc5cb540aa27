//! The game: what each key does.

use crate::levels::LEVELS;
use crate::machine::Thread;
use crate::play::Play;
use crate::verdict::capitalised;

/// What the class sees and does.
pub struct Game {
    play: Play,
    /// For each level whether it has been passed.
    passed: Vec<bool>,
    /// What came of the last key.
    notice: Notice,
    help: bool,
}

/// What came of a key, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Done(String),
    Refused(String),
}

impl Game {
    /// The game at a level, counted from 0.
    pub fn new(level: usize) -> Self {
        let mut game = Self {
            play: Play::new(level),
            passed: vec![false; LEVELS.len()],
            notice: Notice::Done(String::new()),
            help: false,
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

    /// The numbers of the levels that have been passed, from 1.
    pub fn passed(&self) -> impl Iterator<Item = usize> {
        self.passed.iter().zip(1..).filter(|(passed, _)| **passed).map(|(_, number)| number)
    }

    /// Does what a key says; `q` is left to the caller.
    pub fn press(&mut self, key: char) {
        if self.help {
            self.help = false;
            return;
        }
        match key.to_ascii_lowercase() {
            digit @ '1'..='9' => self.step(digit),
            'u' if self.play.undo() => self.done("The last step is taken back."),
            'u' => self.refused("There is no step to take back."),
            'r' => self.go_to(self.play.number()),
            'n' if self.play.number() + 1 < LEVELS.len() => self.go_to(self.play.number() + 1),
            'n' => self.refused("This is the last level."),
            'p' if self.play.number() > 0 => self.go_to(self.play.number() - 1),
            'p' => self.refused("This is the first level."),
            '?' => self.help = true,
            _ => self.refused("That key does nothing here. Press ? for the keys."),
        }
    }

    fn step(&mut self, digit: char) {
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
        match self.play.step(thread) {
            Ok(()) => {
                let done = self.play.steps().next_back().map(|taken| taken.to_string());
                self.done(&done.unwrap_or_default());
            }
            Err(refusal) => self.refused(&format!("{}.", capitalised(&refusal.to_string()))),
        }
        if self.play.verdict().is_some_and(|verdict| verdict.passed) {
            self.passed[self.play.number()] = true;
        }
    }

    fn go_to(&mut self, level: usize) {
        self.play = Play::new(level);
        self.done("Which thread takes the first step? Press its number.");
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

    fn after(level: usize, keys: &str) -> Game {
        let mut game = Game::new(level - 1);
        keys.chars().for_each(|key| game.press(key));
        game
    }

    #[track_caller]
    fn assert_refused(game: &Game, sentence: &str) {
        assert_eq!(game.notice(), &Notice::Refused(sentence.into()));
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
        assert_refused(&after(7, "n"), "This is the last level.");
        assert_refused(&after(1, "x"), "That key does nothing here. Press ? for the keys.");
    }

    #[test]
    fn what_was_passed_stays_passed() {
        let game = after(1, "121212un111222");
        assert_eq!(game.passed().collect::<Vec<_>>(), [1, 2]);
        assert_eq!(after(1, "111222").passed().count(), 0);
        assert_eq!(after(6, "21").passed().collect::<Vec<_>>(), [6]);
    }

    #[test]
    fn any_key_leaves_the_help_and_does_nothing_else() {
        let game = after(1, "1?2");
        assert!(!game.shows_help());
        assert_eq!(game.play().to_string(), "1:1");
        assert!(after(1, "1?").shows_help());
    }
}
