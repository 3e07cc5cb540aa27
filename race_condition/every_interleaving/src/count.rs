//! Counts the schedules of a machine, and lists them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::machine::{Code, End, Machine, State, Step, Thread};

const MOST_STEPS: usize = 2_000_000; // to count with, in a few seconds

/// How many schedules there are, by how they end.
pub type Ends = BTreeMap<End, u128>;

/// Why the schedules are not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooMany {
    /// The number of schedules does not fit into a `u128`.
    Schedules,
    /// There are more than `MOST_STEPS` steps to try.
    Steps,
}

/// How many orders the steps of threads have, so many steps of each, if no thread ever waits: (all
/// steps)! / (steps of a thread)! for each thread.
pub(crate) fn orders(lengths: impl IntoIterator<Item = usize>) -> Result<u128, TooMany> {
    let (mut others, mut orders) = (0, 1_u128);
    for length in lengths {
        // The first thread alone has one order, however long it is.
        let steps = if others == 0 { 0 } else { length as u128 };
        for step in 1..=steps {
            // Divided first, so that it overflows only if there are too many orders indeed.
            let common = greatest_common_divisor(orders, step);
            let factor = (others + step) / (step / common);
            orders = (orders / common).checked_mul(factor).ok_or(TooMany::Schedules)?;
        }
        others += length as u128;
    }
    Ok(orders)
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl Machine {
    /// How many orders of the steps there would be if no thread ever had to wait.
    pub fn orders(&self) -> Result<u128, TooMany> {
        orders(self.code.iter().map(|code| code.length()))
    }

    /// Counts all schedules from here on.
    ///
    /// To play each of them would take years. Many of them meet in the same state and go on from
    /// there in the same ways. So it is enough to count, step by step, how many lead to each state.
    pub fn ends(&self, from: &State) -> Result<Ends, TooMany> {
        let groups = self.groups();
        let mut ends = Ends::new();
        let mut ways = HashMap::from([(from.clone(), 1)]);
        let mut steps = 0;
        while !ways.is_empty() {
            let mut next = HashMap::new();
            for (state, count) in ways {
                if let Some(end) = self.end(&state) {
                    add(ends.entry(end).or_default(), count)?;
                }
                for thread in self.threads().filter(|thread| self.next(&state, *thread).is_ok()) {
                    steps += 1;
                    let after = self.after(&state, thread, &groups);
                    add(next.entry(after).or_default(), count)?;
                }
                if steps > MOST_STEPS {
                    return Err(TooMany::Steps);
                }
            }
            ways = next;
        }
        ends.values().try_fold(0, |mut all, count| add(&mut all, *count).map(|()| all))?;
        Ok(ends)
    }

    /// The threads that stand side by side and have the same code, by position.
    fn groups(&self) -> Vec<Range<usize>> {
        let mut end = 0;
        let group = |group: &[Code]| {
            let begin = end;
            end += group.len();
            begin..end
        };
        self.code.chunk_by(|a, b| a == b).map(group).collect()
    }

    /// The state after a step, without what makes no difference to how it goes on.
    fn after(&self, state: &State, thread: Thread, groups: &[Range<usize>]) -> State {
        let mut after = state.clone();
        let taken = self.step(&mut after, thread);
        debug_assert!(taken.is_ok(), "{taken:?}");
        let progress = &mut after.threads[thread.0];
        if !self.code(thread).needs_register(progress.next) {
            progress.register = None;
        }
        for group in groups {
            // They do the same, so it does not matter which of them has come how far.
            after.threads[group.clone()].sort_unstable();
        }
        after
    }

    /// All schedules, one by one, as the threads whose turn it is; for few and short ones only.
    pub fn schedules(&self) -> Vec<Vec<Thread>> {
        let mut schedules = Vec::new();
        self.go_on(&self.start(), &mut Vec::new(), &mut schedules);
        schedules
    }

    fn go_on(&self, from: &State, turns: &mut Vec<Thread>, schedules: &mut Vec<Vec<Thread>>) {
        if self.end(from).is_some() {
            schedules.push(turns.clone());
        }
        for thread in self.threads() {
            let mut after = from.clone();
            if self.step(&mut after, thread).is_ok() {
                turns.push(thread);
                self.go_on(&after, turns, schedules);
                turns.pop();
            }
        }
    }
}

impl Code {
    /// Whether what is in the register is still used, by this step or a later one.
    fn needs_register(self, number: usize) -> bool {
        if self.is_reader() {
            return true;
        }
        // The next repetition loads again, so only the rest of this one can use it.
        let rest = self.step(number).map_or(&[][..], |_| &self.body[number % self.body.len()..]);
        let uses =
            |step: &&Step| matches!(step, Step::Load | Step::Add | Step::Store | Step::StoreSum);
        rest.iter().find(uses).is_some_and(|step| *step != Step::Load)
    }
}

fn add(sum: &mut u128, count: u128) -> Result<(), TooMany> {
    *sum = sum.checked_add(count).ok_or(TooMany::Schedules)?;
    Ok(())
}
