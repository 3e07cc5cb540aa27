//! A level being played: the steps taken so far, and the string that replays them.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use crate::levels::{LEVELS, Level};
use every_interleaving::{Refusal, State, Step, Thread};

/// A level and the steps taken on it.
#[derive(Clone, Debug)]
pub struct Play {
    /// Its position among the levels; people count from 1.
    number: usize,
    steps: Vec<(Thread, Step)>,
    /// The state before the first step and after each.
    states: Vec<State>,
    /// Whether it is claimed that the goal cannot be reached, instead of any step.
    claimed: bool,
}

/// A step that was taken.
pub struct Taken<'a> {
    pub thread: Thread,
    pub step: Step,
    pub before: &'a State,
    pub after: &'a State,
}

impl Play {
    /// The beginning of a level, counted from 0.
    pub fn new(number: usize) -> Self {
        let states = vec![LEVELS[number].machine.start()];
        Self { number, steps: Vec::new(), states, claimed: false }
    }

    /// The claim that the goal of a level cannot be reached.
    pub fn claim(number: usize) -> Self {
        Self { claimed: true, ..Self::new(number) }
    }

    /// Whether it is claimed that the goal cannot be reached.
    pub fn is_claim(&self) -> bool {
        self.claimed
    }

    pub fn level(&self) -> &'static Level {
        &LEVELS[self.number]
    }

    pub fn number(&self) -> usize {
        self.number
    }

    /// The steps taken so far, in their order.
    pub fn steps(&self) -> impl ExactSizeIterator<Item = Taken<'_>> + DoubleEndedIterator {
        let states = self.states.iter().zip(&self.states[1..]);
        self.steps.iter().zip(states).map(|(&(thread, step), (before, after))| Taken {
            thread,
            step,
            before,
            after,
        })
    }

    /// The state before the first step and after each.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    pub fn state(&self) -> &State {
        self.states.last().expect("the state before the first step is never removed")
    }

    /// Lets a thread take its next step.
    pub fn step(&mut self, thread: Thread) -> Result<(), Refusal> {
        let mut after = self.state().clone();
        let step = self.level().machine.step(&mut after, thread)?;
        self.steps.push((thread, step));
        self.states.push(after);
        Ok(())
    }

    /// Takes the last step back; false if there is none.
    pub fn undo(&mut self) -> bool {
        let undone = self.steps.pop().is_some();
        if undone {
            self.states.pop();
        }
        undone
    }
}

/// What stands for the steps if the goal is claimed to be impossible.
const CLAIM: &str = "i";

/// The string that replays it: `1:121212`, or `5:i` for a claim.
impl Display for Play {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number + 1, if self.claimed { CLAIM } else { "" })?;
        self.steps.iter().try_for_each(|(thread, _)| write!(f, "{}", thread.0 + 1))
    }
}

impl FromStr for Play {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((level, steps)) = text.split_once(':') else {
            return Err("there is no colon between the level and the steps, as in 1:121212".into());
        };
        let number = level_number(level)?;
        let mut play = Self::new(number - 1);
        if steps.is_empty() {
            return Err("there are no steps after the colon, as in 1:121212".into());
        }
        if steps == CLAIM {
            return Ok(Self::claim(number - 1));
        }
        let threads = play.level().machine.threads().count();
        for (position, key) in steps.chars().enumerate() {
            let named = key.to_digit(10).map(|digit| digit as usize);
            let Some(thread) = named.filter(|named| (1..=threads).contains(named)) else {
                return Err(format!(
                    "step {} is '{}', and the threads of level {number} are 1 to {threads}",
                    position + 1,
                    key.escape_debug(),
                ));
            };
            play.step(Thread(thread - 1))
                .map_err(|refusal| format!("step {} cannot be taken: {refusal}", position + 1))?;
        }
        Ok(play)
    }
}

/// What one types to see a level played again; `replay` is the string that replays it.
pub fn replay_command(replay: impl Display) -> String {
    format!("cargo run -p scheduler -- --replay {replay}")
}

/// Reads the number of a level, from 1.
pub fn level_number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=LEVELS.len()).contains(number));
    number.ok_or_else(|| format!("the levels are 1 to {}", LEVELS.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_replays_what_was_played() {
        for text in ["1:121212", "3:12", "4:123", "6:12", "7:1111111", "9:1212", "5:i"] {
            assert_eq!(text.parse::<Play>().map(|play| play.to_string()), Ok(text.into()));
        }
    }

    #[test]
    fn a_bad_string_is_told_what_is_wrong_with_it() {
        for (text, error) in [
            ("", "there is no colon between the level and the steps, as in 1:121212"),
            ("121212", "there is no colon between the level and the steps, as in 1:121212"),
            ("1:", "there are no steps after the colon, as in 1:121212"),
            ("0:12", "the levels are 1 to 9"),
            ("10:12", "the levels are 1 to 9"),
            (":12", "the levels are 1 to 9"),
            ("one:12", "the levels are 1 to 9"),
            ("1:123", "step 3 is '3', and the threads of level 1 are 1 to 2"),
            ("4:120", "step 3 is '0', and the threads of level 4 are 1 to 3"),
            ("1:12 12", "step 3 is ' ', and the threads of level 1 are 1 to 2"),
            ("1:1\u{1b}", "step 2 is '\\u{1b}', and the threads of level 1 are 1 to 2"),
            ("1:1i", "step 2 is 'i', and the threads of level 1 are 1 to 2"),
            ("1:1:2", "step 2 is ':', and the threads of level 1 are 1 to 2"),
            ("1:1111", "step 4 cannot be taken: thread 1 has finished and has no step left"),
            ("5:12", "step 2 cannot be taken: thread 2 must wait, because thread 1 holds mutex A"),
        ] {
            assert_eq!(text.parse::<Play>().map(|play| play.to_string()), Err(error.into()));
        }
    }

    #[test]
    fn undo_goes_back_to_the_beginning() {
        let mut play: Play = "1:1212".parse().expect("these steps can be taken");
        while play.undo() {}
        assert_eq!(play.to_string(), "1:");
        assert_eq!(play.state(), Play::new(0).state());
        assert_eq!(play.step(Thread(1)), Ok(()));
        assert_eq!(play.to_string(), "1:2");
    }
}
