//! A schedule as a table, and what came of it, in plain lines.

use every_interleaving::{Level, State, Step, Thread};
use lesson::words::fill;

use crate::play::{Move, Play, replay_command};
use crate::verdict::capitalised;

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
    fn table(&self) -> Vec<String> {
        let nothing = |_| String::new();
        let head = [self.row("step", capitalised, None), self.row("", nothing, Some(self.start()))];
        let rows = self.moves().iter().zip(1..).map(|(taken, number)| {
            let cell = |thread| if thread == taken.thread { did(taken) } else { String::new() };
            self.row(&format!("{number}"), cell, Some(&taken.after))
        });
        head.into_iter().chain(rows).collect()
    }

    /// A row of the table; the one without a state is its head.
    fn row(&self, step: &str, cell: impl Fn(Thread) -> String, state: Option<&State>) -> String {
        let Level { machine, shared, .. } = self.level();
        let counter = state.map_or((*shared).into(), |state| state.counter().to_string());
        let holder = |mutex| match state.map(|state| machine.holder(state, mutex)) {
            None => format!("mutex {mutex}"),
            Some(None) => "free".into(),
            Some(Some(thread)) => thread.to_string(),
        };
        let mut cells = vec![format!("{step:>4}")];
        cells.extend(machine.threads().map(|thread| format!("{:18}", cell(thread))));
        cells.push(format!("{counter:>7}"));
        cells.extend(machine.mutexes().map(|mutex| format!("{:8}", holder(mutex))));
        cells.join("  ").trim_end().into()
    }
}

/// What a step has done, in a few words.
fn did(taken: &Move) -> String {
    let register = taken.after.register(taken.thread).unwrap_or(0);
    match taken.step {
        Step::Load => format!("load   reg = {register}"),
        Step::Add => format!("add    reg = {register}"),
        Step::Store | Step::StoreSum => format!("store  counter = {}", taken.after.counter()),
        Step::Check(_) if taken.found_enough() => "check  enough".into(),
        Step::Check(_) => "check  not enough".into(),
        Step::Take(_) => format!("take   balance = {}", taken.after.counter()),
        step => step.to_string(),
    }
}
