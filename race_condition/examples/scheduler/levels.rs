//! The levels: what each is about, and what its code is.

use crate::machine::Step::{Add, Load, Lock, Store, Unlock};
use crate::machine::count::Ends;
use crate::machine::{Code, End, Machine, Mutex, State};

/// One puzzle.
#[derive(Debug)]
pub struct Level {
    /// What to do, as a sentence.
    pub goal: &'static str,
    /// What the code is, as a sentence.
    pub about: &'static str,
    /// The end to be reached. Whether it can be reached is not said here: that is tried.
    pub wanted: End,
    pub machine: Machine<'static>,
    /// What to say when the wanted end has turned out to be impossible.
    pub why_not: &'static str,
}

const INCREMENT: Code = Code { body: &[Load, Add, Store], times: 1 };
const TWICE: Code = Code { body: INCREMENT.body, times: 2 };
const LOCKED: Code = Code { body: &[Lock(Mutex::A), Load, Add, Store, Unlock(Mutex::A)], times: 1 };
const A_THEN_B: Code = Code {
    body: &[Lock(Mutex::A), Lock(Mutex::B), Load, Add, Store, Unlock(Mutex::B), Unlock(Mutex::A)],
    times: 1,
};
const B_THEN_A: Code = Code {
    body: &[Lock(Mutex::B), Lock(Mutex::A), Load, Add, Store, Unlock(Mutex::A), Unlock(Mutex::B)],
    times: 1,
};

/// In the order in which they are played.
pub const LEVELS: &[Level] = &[
    Level {
        goal: "Make two increments give 1.",
        about: "Each thread runs counter += 1 once, which takes three steps.",
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 2.",
        about: "The same code. This is what the author of counter += 1 had in mind.",
        wanted: End::Counter(2),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make four increments give 2, the lowest number that there is.",
        about: "Each thread runs counter += 1 twice.",
        wanted: End::Counter(2),
        machine: Machine::new(&[TWICE; 2]),
        why_not: "",
    },
    Level {
        goal: "Make three increments give 1.",
        about: "Three threads, each runs counter += 1 once.",
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 3]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 1, if you can.",
        about: "Now a mutex is locked around counter += 1.",
        wanted: End::Counter(1),
        machine: Machine::new(&[LOCKED; 2]),
        why_not: "Between its lock and its unlock a thread is alone with the counter: no other \
                  can load a value that it is about to replace.",
    },
    Level {
        goal: "Make a deadlock: no thread can go on, and not all have finished.",
        about: "Thread 1 locks A and then B. Thread 2 locks B and then A.",
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B, B_THEN_A]),
        why_not: "",
    },
    Level {
        goal: "Make a deadlock, if you can.",
        about: "Now both threads lock A first and then B.",
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B; 2]),
        why_not: "The thread that holds B has locked A before, so it does not wait for A.",
    },
];

impl Level {
    /// How many schedules go on from here, by how they end.
    pub fn ends(&self, from: &State) -> Ends {
        self.machine.ends(from).expect("a level has few schedules")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The schedules of a level: all of them, and those that end as wanted.
    fn schedules(level: &Level) -> (u128, u128) {
        let ends = level.ends(&level.machine.start());
        (ends.values().sum(), ends.get(&level.wanted).copied().unwrap_or(0))
    }

    #[test]
    fn only_the_levels_that_say_if_you_can_are_impossible() {
        let possible: Vec<bool> = LEVELS.iter().map(|level| schedules(level).1 > 0).collect();
        assert_eq!(possible, [true, true, true, true, false, true, false]);
        for (level, possible) in LEVELS.iter().zip(possible) {
            assert_eq!(level.goal.contains("if you can"), !possible, "{}", level.goal);
            assert_eq!(level.why_not.is_empty(), possible, "{}", level.goal);
        }
    }

    #[test]
    fn the_lowest_number_is_the_lowest() {
        let level = &LEVELS[2];
        let ends = level.ends(&level.machine.start());
        assert_eq!(ends.keys().next(), Some(&level.wanted));
    }

    #[test]
    fn no_level_is_won_by_whatever_one_does() {
        for level in LEVELS {
            let (all, wanted) = schedules(level);
            assert!(wanted < all, "{}", level.goal);
        }
    }
}
