//! A level being played: the steps taken so far, and the string that replays them.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;

use every_interleaving::{LEVELS, Level, Refusal, State, Step, Thread};

/// A level and the steps taken on it, or the claim that its goal cannot be reached.
#[derive(Clone, Debug)]
pub struct Play {
    /// Its position among the levels; people count from 1.
    number: usize,
    start: State,
    moves: Vec<Move>,
    is_claim: bool,
}

/// A step that was taken.
#[derive(Clone, Debug)]
pub struct Move {
    /// Who took it.
    pub thread: Thread,
    /// What it was.
    pub step: Step,
    /// The state before it.
    pub before: State,
    /// The state after it.
    pub after: State,
    /// What the threads call the numbers that they share.
    pub names: [&'static str; 2],
}

impl Play {
    /// The beginning of a level, counted from 0.
    pub fn new(number: usize) -> Self {
        let start = LEVELS[number].machine.start();
        Self { number, start, moves: Vec::new(), is_claim: false }
    }

    /// The claim that the goal of a level cannot be reached.
    pub fn claim(number: usize) -> Self {
        Self { is_claim: true, ..Self::new(number) }
    }

    /// Whether it is claimed that the goal cannot be reached.
    pub fn is_claim(&self) -> bool {
        self.is_claim
    }

    /// The level.
    pub fn level(&self) -> &'static Level {
        &LEVELS[self.number]
    }

    /// The position of the level, counted from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The state before the first step.
    pub fn start(&self) -> &State {
        &self.start
    }

    /// The state after the last step.
    pub fn state(&self) -> &State {
        self.moves.last().map_or(&self.start, |last| &last.after)
    }

    /// The steps taken so far, in their order.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Lets a thread take its next step.
    pub fn step(&mut self, thread: Thread) -> Result<(), Refusal> {
        let before = self.state().clone();
        let mut after = before.clone();
        let step = self.level().machine.step(&mut after, thread)?;
        let names = self.level().names;
        self.moves.push(Move { thread, step, before, after, names });
        Ok(())
    }

    /// Takes the last step back; false if there is none.
    pub fn undo(&mut self) -> bool {
        self.moves.pop().is_some()
    }

    /// What has ended a thread before the end of its code: a check that failed.
    pub fn failed_check(&self, thread: Thread) -> Option<&Move> {
        let last = self.moves.iter().rfind(|taken| taken.thread == thread);
        last.filter(|taken| taken.is_check() && !taken.goes_on())
    }

    /// After how many of the steps taken the goal was last within reach, if it ever was.
    pub fn within_reach(&self) -> Option<usize> {
        let is_within_reach = |state| self.level().is_within_reach(state);
        match self.moves.iter().rposition(|taken| is_within_reach(&taken.after)) {
            Some(position) => Some(position + 1),
            None => is_within_reach(&self.start).then_some(0),
        }
    }
}

/// What stands for the steps if the goal is claimed to be impossible.
const CLAIM: &str = "i";

/// The string that replays it: `1:121212`, or `5:i` for a claim.
impl Display for Play {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number + 1, if self.is_claim { CLAIM } else { "" })?;
        self.moves.iter().try_for_each(|taken| write!(f, "{}", taken.thread.0 + 1))
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
        for (key, step) in steps.chars().zip(1..) {
            let named = key.to_digit(10).map(|digit| digit as usize);
            let Some(thread) = named.filter(|named| (1..=threads).contains(named)) else {
                let key = key.escape_debug();
                return Err(format!(
                    "step {step} is '{key}', and the threads of level {number} are 1 to {threads}"
                ));
            };
            play.step(Thread(thread - 1))
                .map_err(|refusal| format!("step {step} cannot be taken: {refusal}"))?;
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
