//! The machine: threads that take one step at a time, one shared counter, mutexes.
//!
//! Nothing here knows of a terminal or of a level. A state is a plain value, so that every schedule
//! can be tried.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display, Formatter};

/// A line of a thread's code: one step, which no other thread can interrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reads the counter into the thread's register.
    Load,
    /// Adds 1 to the register.
    Add,
    /// Writes the register into the counter.
    Store,
    /// Takes a mutex; a thread waits here while another holds it.
    Lock(Mutex),
    /// Gives a mutex back.
    Unlock(Mutex),
}

/// A mutex; the first is called A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutex {
    A,
    B,
}

/// A thread, by its position; people count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thread(pub usize);

/// What the threads do: the code of each of them.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    code: &'static [&'static [Step]],
}

/// A moment in a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    counter: u32,
    /// For each thread the line that comes next, and what it has loaded.
    threads: Vec<(usize, Option<u32>)>,
    /// For each mutex who holds it.
    holders: Vec<Option<Thread>>,
}

/// Why a thread cannot take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no step left.
    Finished(Thread),
    /// The mutex that it wants is held by another.
    Waits { thread: Thread, mutex: Mutex, holder: Thread },
}

/// How a schedule ends, when no thread can take a step any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// All threads have finished, and this is what the counter holds.
    Counter(u32),
    /// At least one thread has not finished, and waits for ever.
    Deadlock,
}

/// How many schedules there are, by how they end.
pub type Ends = BTreeMap<End, u64>;

impl State {
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// What a thread has in its register; nothing before its first load.
    pub fn register(&self, thread: Thread) -> Option<u32> {
        self.threads[thread.0].1
    }

    /// The number of the line that comes next, from 0; past the last one if it has finished.
    pub fn line(&self, thread: Thread) -> usize {
        self.threads[thread.0].0
    }

    pub fn holder(&self, mutex: Mutex) -> Option<Thread> {
        self.holders[mutex as usize]
    }
}

impl Machine {
    pub const fn new(code: &'static [&'static [Step]]) -> Self {
        Self { code }
    }

    pub fn threads(&self) -> impl DoubleEndedIterator<Item = Thread> + use<> {
        (0..self.code.len()).map(Thread)
    }

    pub fn code(&self, thread: Thread) -> &'static [Step] {
        self.code[thread.0]
    }

    /// How many lines the longest thread has.
    pub fn longest(&self) -> usize {
        self.code.iter().map(|code| code.len()).max().unwrap_or(0)
    }

    /// The mutexes that the code uses.
    pub fn mutexes(&self) -> impl Iterator<Item = Mutex> + use<> {
        let code = self.code;
        let used = move |mutex: &Mutex| code.iter().any(|code| code.contains(&Step::Lock(*mutex)));
        [Mutex::A, Mutex::B].into_iter().filter(used)
    }

    pub fn start(&self) -> State {
        State { counter: 0, threads: vec![(0, None); self.code.len()], holders: vec![None; 2] }
    }

    /// The step that a thread would take next.
    pub fn next(&self, state: &State, thread: Thread) -> Result<Step, Refusal> {
        let step = self.code(thread).get(state.line(thread)).copied();
        match step.ok_or(Refusal::Finished(thread))? {
            Step::Lock(mutex) => match state.holder(mutex) {
                Some(holder) => Err(Refusal::Waits { thread, mutex, holder }),
                None => Ok(Step::Lock(mutex)),
            },
            step => Ok(step),
        }
    }

    /// Lets a thread take its next step.
    pub fn step(&self, state: &State, thread: Thread) -> Result<State, Refusal> {
        let step = self.next(state, thread)?;
        let mut after = state.clone();
        let (line, register) = &mut after.threads[thread.0];
        *line += 1;
        match step {
            Step::Load => *register = Some(after.counter),
            Step::Add => *register = register.map(|value| value + 1),
            Step::Store => after.counter = register.expect("the code loads before it stores"),
            Step::Lock(mutex) => after.holders[mutex as usize] = Some(thread),
            Step::Unlock(mutex) => after.holders[mutex as usize] = None,
        }
        Ok(after)
    }

    /// How the run ended, if no thread can take a step.
    pub fn end(&self, state: &State) -> Option<End> {
        let refused = |thread| self.next(state, thread).err();
        let refusals: Option<Vec<Refusal>> = self.threads().map(refused).collect();
        let finished = |refusal: &Refusal| matches!(refusal, Refusal::Finished(_));
        Some(if refusals?.iter().all(finished) {
            End::Counter(state.counter)
        } else {
            End::Deadlock
        })
    }

    /// Tries every schedule from here on, and counts them by how they end.
    pub fn ends(&self, from: &State) -> Ends {
        self.explore(from, &mut HashMap::new())
    }

    /// Different schedules meet in the same state, and go on from there in the same ways: so each
    /// state is explored once, and not once for each schedule.
    fn explore(&self, from: &State, known: &mut HashMap<State, Ends>) -> Ends {
        if let Some(ends) = known.get(from) {
            return ends.clone();
        }
        let mut ends = Ends::new();
        if let Some(end) = self.end(from) {
            ends.insert(end, 1);
        }
        for after in self.threads().filter_map(|thread| self.step(from, thread).ok()) {
            for (end, schedules) in self.explore(&after, known) {
                *ends.entry(end).or_default() += schedules;
            }
        }
        known.insert(from.clone(), ends.clone());
        ends
    }
}

impl Display for Mutex {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
        })
    }
}

impl Display for Thread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}", self.0 + 1)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load => f.write_str("load   reg = counter"),
            Self::Add => f.write_str("add    reg = reg + 1"),
            Self::Store => f.write_str("store  counter = reg"),
            Self::Lock(mutex) => write!(f, "lock   {mutex}"),
            Self::Unlock(mutex) => write!(f, "unlock {mutex}"),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished(thread) => write!(f, "{thread} has finished and has no step left"),
            Self::Waits { thread, mutex, holder } => {
                write!(f, "{thread} must wait, because {holder} holds mutex {mutex}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Step::{Add, Load, Lock, Store, Unlock};
    use super::*;

    const INCREMENT: &[Step] = &[Load, Add, Store];
    const LOCKED: &[Step] = &[Lock(Mutex::A), Load, Add, Store, Unlock(Mutex::A)];
    const A_THEN_B: &[Step] = &[Lock(Mutex::A), Lock(Mutex::B), Unlock(Mutex::B), Unlock(Mutex::A)];
    const B_THEN_A: &[Step] = &[Lock(Mutex::B), Lock(Mutex::A), Unlock(Mutex::A), Unlock(Mutex::B)];

    fn ends(code: &'static [&'static [Step]]) -> Vec<(End, u64)> {
        let machine = Machine::new(code);
        machine.ends(&machine.start()).into_iter().collect()
    }

    /// The state after a schedule whose steps can all be taken.
    fn after(machine: Machine, schedule: &[usize]) -> State {
        let step = |state, &thread| machine.step(&state, Thread(thread)).expect("it can be taken");
        schedule.iter().fold(machine.start(), step)
    }

    #[test]
    fn two_increments_have_20_schedules() {
        assert_eq!(ends(&[INCREMENT; 2]), [(End::Counter(1), 18), (End::Counter(2), 2)]);
    }

    #[test]
    fn as_load_and_store_they_have_6() {
        const LOAD_STORE: &[Step] = &[Load, Store];
        // Without the addition every schedule ends at 0; only their number is of interest.
        assert_eq!(ends(&[LOAD_STORE; 2]), [(End::Counter(0), 6)]);
        assert_eq!(ends(&[LOAD_STORE; 3]), [(End::Counter(0), 90)]);
    }

    #[test]
    fn four_increments_end_at_2_or_more() {
        const TWICE: &[Step] = &[Load, Add, Store, Load, Add, Store];
        let ends = ends(&[TWICE; 2]);
        assert_eq!(ends.iter().map(|(_, schedules)| schedules).sum::<u64>(), 924);
        let values: Vec<End> = ends.into_iter().map(|(end, _)| end).collect();
        assert_eq!(values, [2, 3, 4].map(End::Counter));
    }

    #[test]
    fn three_increments_end_at_any_of_1_2_and_3() {
        let ends = ends(&[INCREMENT; 3]);
        assert_eq!(ends.iter().map(|(_, schedules)| schedules).sum::<u64>(), 1_680);
        // One order of the threads for each of the schedules that lose nothing.
        assert_eq!(ends.last(), Some(&(End::Counter(3), 6)));
    }

    /// The count with each state explored once is the count with each schedule played to its end.
    #[test]
    fn meeting_states_are_counted_once_for_each_way_to_them() {
        fn play(machine: Machine, state: &State, ends: &mut Ends) {
            if let Some(end) = machine.end(state) {
                *ends.entry(end).or_default() += 1;
            }
            for thread in machine.threads() {
                if let Ok(after) = machine.step(state, thread) {
                    play(machine, &after, ends);
                }
            }
        }
        const CODES: [&[&[Step]]; 4] =
            [&[INCREMENT; 3], &[LOCKED; 3], &[A_THEN_B, B_THEN_A], &[A_THEN_B; 2]];
        for code in CODES {
            let machine = Machine::new(code);
            let mut played = Ends::new();
            play(machine, &machine.start(), &mut played);
            assert_eq!(machine.ends(&machine.start()), played, "{code:?}");
        }
    }

    #[test]
    fn with_a_mutex_every_schedule_ends_at_2() {
        assert_eq!(ends(&[LOCKED; 2]), [(End::Counter(2), 2)]);
    }

    #[test]
    fn opposite_orders_can_deadlock() {
        let ends = ends(&[A_THEN_B, B_THEN_A]);
        assert_eq!(ends, [(End::Counter(0), 4), (End::Deadlock, 2)]);
        let machine = Machine::new(&[A_THEN_B, B_THEN_A]);
        assert_eq!(machine.end(&after(machine, &[0, 1])), Some(End::Deadlock));
        assert_eq!(machine.end(&after(machine, &[0, 0])), None);
    }

    #[test]
    fn the_same_order_cannot() {
        assert!(ends(&[A_THEN_B; 2]).iter().all(|(end, _)| *end != End::Deadlock));
        assert!(ends(&[B_THEN_A; 3]).iter().all(|(end, _)| *end != End::Deadlock));
    }

    #[test]
    fn each_step_does_its_part_alone() {
        let machine = Machine::new(&[LOCKED; 2]);
        let (first, second) = (Thread(0), Thread(1));
        let state = after(machine, &[0]);
        assert_eq!((state.holder(Mutex::A), state.register(first)), (Some(first), None));
        let state = after(machine, &[0, 0]);
        assert_eq!((state.counter(), state.register(first)), (0, Some(0)));
        let state = after(machine, &[0, 0, 0]);
        assert_eq!((state.counter(), state.register(first)), (0, Some(1)));
        let state = after(machine, &[0, 0, 0, 0]);
        assert_eq!((state.counter(), state.holder(Mutex::A)), (1, Some(first)));
        let state = after(machine, &[0, 0, 0, 0, 0]);
        assert_eq!((state.counter(), state.holder(Mutex::A)), (1, None));
        assert_eq!((state.line(first), state.line(second)), (5, 0));
        assert_eq!(state.register(second), None);
    }

    #[test]
    fn a_refusal_says_who_is_in_the_way() {
        let machine = Machine::new(&[LOCKED; 2]);
        let refused = machine.step(&after(machine, &[0]), Thread(1)).expect_err("A is held");
        let sentence = "thread 2 must wait, because thread 1 holds mutex A";
        assert_eq!(refused.to_string(), sentence);
        let refused = machine.step(&after(machine, &[0; 5]), Thread(0)).expect_err("no line left");
        assert_eq!(refused.to_string(), "thread 1 has finished and has no step left");
    }
}
