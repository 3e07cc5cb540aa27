//! The levels of the game: what each is about, and what its code is.

use crate::count::Ends;
use crate::machine::Mutex::{A, B};
use crate::machine::Step::{
    Add, AddSecond, Check, CheckZero, Load, Lock, Put, Set, Sleep, Store, Take, Unlock, Wake,
};
use crate::machine::{Code, End, Machine, State, Step, Thread};

/// One puzzle.
#[derive(Debug)]
pub struct Level {
    /// What to do, as a sentence.
    pub goal: &'static str,
    /// What the code is, as a sentence.
    pub about: &'static str,
    /// What the threads call the two numbers that they share; the second is empty if there is one.
    pub names: [&'static str; 2],
    /// The end to be reached. Whether it can be reached is not said here: that is tried.
    pub wanted: End,
    /// The threads and their code.
    pub machine: Machine,
    /// What to say when the wanted end has turned out to be impossible.
    pub why_not: &'static str,
}

const COUNTER: [&str; 2] = ["counter", ""];

const INCREMENT: Code = once(&[Load, Add, Store]);
const TWICE: Code = Code { times: 2, ..INCREMENT };
const LOCKED: Code = once(&[Lock(A), Load, Add, Store, Unlock(A)]);
const A_THEN_B: Code = once(&[Lock(A), Lock(B), Load, Add, Store, Unlock(B), Unlock(A)]);
const B_THEN_A: Code = once(&[Lock(B), Lock(A), Load, Add, Store, Unlock(A), Unlock(B)]);
const EACH_LOCKED: Code = once(&[Lock(A), Load, Unlock(A), Add, Lock(A), Store, Unlock(A)]);
const WITHDRAWAL: Code = once(&[Check(60), Take(60)]);
const WAIT: Code = once(&[CheckZero, Sleep]);
const NOTIFY: Code = once(&[Set, Wake]);
const MOVE: Code = once(&[Lock(A), Take(60), Put(60), Unlock(A)]);
const COUNT: Code = once(&[Load, AddSecond]);

const fn once(body: &'static [Step]) -> Code {
    Code { body, times: 1 }
}

/// In the order in which they are played.
pub const LEVELS: &[Level] = &[
    Level {
        goal: "Make two increments give 1.",
        about: "Each thread runs counter += 1 once.",
        names: COUNTER,
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 2.",
        about: "The same code. This is what the author of counter += 1 had in mind.",
        names: COUNTER,
        wanted: End::Counter(2),
        machine: Machine::new(&[INCREMENT; 2]),
        why_not: "",
    },
    Level {
        goal: "Make four increments give 2.",
        about: "Each thread runs counter += 1 twice. Could less come out? See level 10.",
        names: COUNTER,
        wanted: End::Counter(2),
        machine: Machine::new(&[TWICE; 2]),
        why_not: "",
    },
    Level {
        goal: "Make three increments give 1.",
        about: "Three threads, each runs counter += 1 once.",
        names: COUNTER,
        wanted: End::Counter(1),
        machine: Machine::new(&[INCREMENT; 3]),
        why_not: "",
    },
    Level {
        goal: "Make two increments give 1, if you can.",
        about: "Now a mutex is locked around counter += 1.",
        names: COUNTER,
        wanted: End::Counter(1),
        machine: Machine::new(&[LOCKED; 2]),
        why_not: "Between its lock and its unlock a thread is alone with the counter: no other \
                  can load a value that it is about to replace.",
    },
    Level {
        goal: "Make a deadlock: no thread can go on, and not all have finished.",
        about: "Thread 1 locks A and then B. Thread 2 locks B and then A.",
        names: COUNTER,
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B, B_THEN_A]),
        why_not: "",
    },
    Level {
        goal: "Make a deadlock, if you can.",
        about: "Now both threads lock A first and then B.",
        names: COUNTER,
        wanted: End::Deadlock,
        machine: Machine::new(&[A_THEN_B; 2]),
        why_not: "The thread that holds B has locked A before, so it does not wait for A.",
    },
    Level {
        goal: "Make two increments give 1, if you can.",
        about: "Now the mutex is locked around the load, and again around the store.",
        names: COUNTER,
        wanted: End::Counter(1),
        machine: Machine::new(&[EACH_LOCKED; 2]),
        why_not: "",
    },
    Level {
        goal: "Take 60 from the balance twice, so that it ends at -20, if you can.",
        about: "It is 100. A thread checks whether there is enough, and then takes 60.",
        names: ["balance", ""],
        wanted: End::Counter(-20),
        machine: Machine::starting_at(100, &[WITHDRAWAL; 2]),
        why_not: "",
    },
    Level {
        goal: "Make four increments give 1, if you can.",
        about: "Each thread runs counter += 1 twice, as on level 3. There 2 came out.",
        names: COUNTER,
        wanted: End::Counter(1),
        machine: Machine::new(&[TWICE; 2]),
        why_not: "Whoever stores last has stored before, and loaded again after that. After a first \
                  store no load finds 0. So it loads at least 1 and stores at least 2.",
    },
    Level {
        goal: "Make thread 1 sleep for ever.",
        about: "If ready is 0, thread 1 sleeps. Thread 2 sets ready to 1 and wakes who sleeps.",
        names: ["ready", ""],
        wanted: End::Asleep,
        machine: Machine::new(&[WAIT, NOTIFY]),
        why_not: "",
    },
    Level {
        goal: "Make thread 2 count 40 in both accounts together, if you can.",
        about: "Thread 1 moves 60 of the 100, and holds A. Thread 2 only reads, without A.",
        names: ["balance", "savings"],
        wanted: End::Total(40),
        machine: Machine::starting_at(100, &[MOVE, COUNT]),
        why_not: "",
    },
];

impl Level {
    /// How it ended, as a sentence.
    pub fn ended(&self, end: End) -> String {
        match end {
            End::Counter(number) => format!("The {} ended at {number}.", self.names[0]),
            End::Total(number) => format!("Thread 2 counted {number}."),
            End::Deadlock => "This is a deadlock.".into(),
            End::Asleep => "Thread 1 sleeps for ever.".into(),
        }
    }

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
