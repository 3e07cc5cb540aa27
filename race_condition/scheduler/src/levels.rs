//! The levels: what each is about, and what its code is.

use every_interleaving::Step::{Add, Check, Load, Lock, Store, Take, Unlock};
use every_interleaving::count::Ends;
use every_interleaving::{Code, End, Machine, Mutex, State, Thread};

/// One puzzle.
#[derive(Debug)]
pub struct Level {
    /// What to do, as a sentence.
    pub goal: &'static str,
    /// What the code is, as a sentence.
    pub about: &'static str,
    /// What the threads call the number that they share.
    pub shared: &'static str,
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

const EACH_LOCKED: Code = Code {
    body: &[Lock(Mutex::A), Load, Unlock(Mutex::A), Add, Lock(Mutex::A), Store, Unlock(Mutex::A)],
    times: 1,
};
const WITHDRAWAL: Code = Code { body: &[Check(60), Take(60)], times: 1 };

/// In the order in which they are played.
pub const LEVELS: &[Level] = &[
    Level {
        goal: "Make two increments give 1.",
        about: "Each thread runs counter += 1 once.",
        shared: "counter",
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 2.",
        about: "The same code. This is what the author of counter += 1 had in mind.",
        shared: "counter",
        wanted: End::Counter(2),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make four increments give 2.",
        about: "Each thread runs counter += 1 twice. Could a lower number come out?",
        shared: "counter",
        wanted: End::Counter(2),
        machine: Machine::new(&[TWICE; 2]),
        why_not: "",
    },
    Level {
        goal: "Make three increments give 1.",
        about: "Three threads, each runs counter += 1 once.",
        shared: "counter",
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 3]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 1, if you can.",
        about: "Now a mutex is locked around counter += 1.",
        shared: "counter",
        wanted: End::Counter(1),
        machine: Machine::new(&[LOCKED; 2]),
        why_not: "Between its lock and its unlock a thread is alone with the counter: no other \
                  can load a value that it is about to replace.",
    },
    Level {
        goal: "Make a deadlock: no thread can go on, and not all have finished.",
        about: "Thread 1 locks A and then B. Thread 2 locks B and then A.",
        shared: "counter",
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B, B_THEN_A]),
        why_not: "",
    },
    Level {
        goal: "Make a deadlock, if you can.",
        about: "Now both threads lock A first and then B.",
        shared: "counter",
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B; 2]),
        why_not: "The thread that holds B has locked A before, so it does not wait for A.",
    },
    Level {
        goal: "Make two increments give 1, if you can.",
        about: "Now the mutex is locked around the load, and again around the store.",
        shared: "counter",
        wanted: End::Counter(1),
        machine: Machine::new(&[EACH_LOCKED; 2]),
        why_not: "",
    },
    Level {
        goal: "Take 60 from the balance twice, so that it ends at -20, if you can.",
        about: "It is 100. A thread takes 60 in one step, and only if there is enough.",
        shared: "balance",
        wanted: End::Counter(-20),
        machine: Machine::starting_at(100, &[WITHDRAWAL; 2]),
        why_not: "",
    },
];

impl Level {
    /// How many schedules go on from here, by how they end.
    pub fn ends(&self, from: &State) -> Ends {
        self.machine.ends(from).expect("a level has few schedules")
    }

    /// Whether the goal can still be reached from here.
    pub fn is_within_reach(&self, from: &State) -> bool {
        self.ends(from).contains_key(&self.wanted)
    }

    /// An order that ends as wanted, if there is any.
    pub fn order(&self) -> Option<Vec<Thread>> {
        let mut state = self.machine.start();
        let mut order = Vec::new();
        while self.machine.end(&state).is_none() {
            let step = self.machine.threads().find_map(|thread| {
                let mut after = state.clone();
                let taken = self.machine.step(&mut after, thread).is_ok();
                (taken && self.is_within_reach(&after)).then_some((thread, after))
            });
            let (thread, after) = step?;
            order.push(thread);
            state = after;
        }
        Some(order)
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
    fn a_goal_does_not_say_whether_it_can_be_reached() {
        let possible: Vec<bool> = LEVELS.iter().map(|level| schedules(level).1 > 0).collect();
        assert_eq!(possible, [true, true, true, true, false, true, false, true, true]);
        let mut doubted = [0, 0];
        for (level, possible) in LEVELS.iter().zip(possible) {
            assert_eq!(level.why_not.is_empty(), possible, "{}", level.goal);
            let doubt = level.goal.contains("if you can");
            assert!(doubt || possible, "{}", level.goal);
            doubted[usize::from(possible)] += usize::from(doubt);
        }
        assert_eq!(doubted, [2, 2], "of those in doubt half can be reached");
    }

    #[test]
    fn an_order_that_ends_as_wanted_is_found_wherever_there_is_one() {
        for level in LEVELS {
            let order = level.order();
            assert_eq!(order.is_some(), level.why_not.is_empty(), "{}", level.goal);
            let mut state = level.machine.start();
            for thread in order.iter().flatten() {
                assert!(level.machine.step(&mut state, *thread).is_ok(), "{}", level.goal);
            }
            assert_eq!(level.machine.end(&state) == Some(level.wanted), order.is_some());
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
