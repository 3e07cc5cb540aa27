//! A schedule as a table, and what came of it, in plain lines.

use every_interleaving::{Level, State, Step, Thread};
use lesson::words::capitalised;
use lesson::words::fill;

use crate::play::{Move, Play, replay_command};

/// The columns of a screen.
const COLUMNS: usize = 80;

impl Play {
    /// The schedule as a table, and what came of it, in plain lines.
    pub fn lines(&self) -> Vec<String> {
        let (Level { goal, about, .. }, number) = (self.level(), self.number() + 1);
        let mut lines = vec![format!("Level {number}: {goal}"), (*about).into(), String::new()];
        if self.is_claim() {
            lines.push("Claim: it is impossible.".into());
        } else {
            lines.extend(self.table());
        }
        lines.push(String::new());
        let Some(verdict) = self.verdict() else {
            lines.push("The schedule ends before the threads do: steps are left to take.".into());
            return lines;
        };
        let passed = if verdict.passed { "Passed. " } else { "Not passed. " };
        lines.push(fill(&verdict.end, COLUMNS, passed, ""));
        lines.push(fill(&verdict.why, COLUMNS, "", ""));
        if verdict.passed {
            return lines;
        }
        if !self.is_claim() {
            let steps = self.within_reach();
            let up_to = |steps| format!("Up to step {steps} the goal could still be reached.");
            lines.extend(steps.map(up_to));
        } else if let Some(order) = self.level().order() {
            let steps: String = order.iter().map(|thread| (thread.0 + 1).to_string()).collect();
            lines.push(replay_command(format_args!("{number}:{steps}")));
        }
        lines
    }

    /// The steps, from the first to the last.
    pub fn table(&self) -> Vec<String> {
        let nothing = |_| String::new();
        let head = [self.row("step", capitalised, None), self.row("", nothing, Some(self.start()))];
        let rows = self.moves().iter().zip(1..).map(|(taken, number)| {
            let cell = |thread| {
                if thread == taken.thread { did(taken) } else { self.meanwhile(thread, number) }
            };
            self.row(&format!("{number}"), cell, Some(&taken.after))
        });
        head.into_iter().chain(rows).collect()
    }

    /// What becomes of a thread in this step of another: after it has read something it will go by
    /// that, whether it still holds or not.
    fn meanwhile(&self, thread: Thread, number: usize) -> String {
        let (taken, state) = (&self.moves()[..number], &self.moves()[number - 1].after);
        if state.is_asleep(thread) {
            return "asleep".into();
        }
        let begins = |step| matches!(step, Step::Load | Step::Check(_) | Step::CheckZero);
        let ends =
            |step| matches!(step, Step::Store | Step::Take(_) | Step::Sleep | Step::AddSecond);
        let relevant =
            |taken: &&Move| taken.thread == thread && (begins(taken.step) || ends(taken.step));
        match taken.iter().rev().find(relevant) {
            Some(last) if ends(last.step) || (last.is_check() && !last.goes_on()) => String::new(),
            Some(read) if read.before.counter() == state.counter() => "│".into(),
            Some(_) => "│ out of date".into(),
            None => String::new(),
        }
    }

    /// A row of the table; the one without a state is its head.
    fn row(&self, step: &str, cell: impl Fn(Thread) -> String, state: Option<&State>) -> String {
        let Level { machine, names: [first, second], .. } = self.level();
        let counter = state.map_or((*first).into(), |state| state.counter().to_string());
        let holder = |mutex| match state.map(|state| machine.holder(state, mutex)) {
            None => format!("mutex {mutex}"),
            Some(None) => "free".into(),
            Some(Some(thread)) => thread.to_string(),
        };
        let mut cells = vec![format!("{step:>4}")];
        cells.extend(machine.threads().map(|thread| format!("{:18}", cell(thread))));
        cells.push(format!("{counter:>7}"));
        if !second.is_empty() {
            let second = state.map_or((*second).into(), |state| state.second().to_string());
            cells.push(format!("{second:>7}"));
        }
        cells.extend(machine.mutexes().map(|mutex| format!("{:8}", holder(mutex))));
        cells.join("  ").trim_end().into()
    }
}

/// What a step has done, in a few words.
fn did(taken: &Move) -> String {
    let register = taken.after.register(taken.thread).unwrap_or(0);
    let [first, second] = taken.names;
    match taken.step {
        Step::Load => format!("load   reg = {register}"),
        Step::Add | Step::AddSecond => format!("add    reg = {register}"),
        Step::Store | Step::StoreSum => format!("store  {first} = {}", taken.after.counter()),
        Step::Check(_) if taken.goes_on() => "check  enough".into(),
        Step::Check(_) => "check  not enough".into(),
        Step::CheckZero => format!("check  {first} is {}", taken.before.counter()),
        Step::Take(_) => format!("take   {first} = {}", taken.after.counter()),
        Step::Put(_) => format!("put    {second} = {}", taken.after.second()),
        Step::Wake => match taken.before.sleeper() {
            Some(sleeper) => format!("wake   {sleeper}"),
            None => "wake   nobody".into(),
        },
        step => step.line(taken.names),
    }
}
