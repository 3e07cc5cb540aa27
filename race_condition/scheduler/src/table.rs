//! A schedule as a table, and what came of it, in plain lines.

use lesson::words::fill;

use crate::levels::Level;
use crate::play::{Play, Taken, replay_command};
use crate::verdict::capitalised;
use every_interleaving::{Mutex, State, Step, Thread};

/// The columns of a screen.
const COLUMNS: usize = 80;

impl Play {
    /// The schedule as a table, and what came of it, in plain lines.
    pub fn lines(&self) -> Vec<String> {
        let Level { goal, about, .. } = self.level();
        let mut lines = vec![format!("Level {}: {goal}", self.number() + 1), (*about).into()];
        lines.push(String::new());
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
        let passed = if verdict.passed { "Passed" } else { "Not passed" };
        lines.push(fill(&verdict.end, COLUMNS, &format!("{passed}. "), ""));
        lines.push(fill(&verdict.why, COLUMNS, "", ""));
        if let (true, Some(order)) = (self.is_claim(), self.level().order()) {
            let steps: String = order.iter().map(|thread| (thread.0 + 1).to_string()).collect();
            lines.push(replay_command(format_args!("{}:{steps}", self.number() + 1)));
        }
        if let (false, false, Some(steps)) = (verdict.passed, self.is_claim(), self.within_reach())
        {
            lines.push(format!("Up to step {steps} the goal could still be reached."));
        }
        lines
    }

    /// The steps, from the first to the last.
    fn table(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let name = |thread: Thread| capitalised(&thread.to_string());
        lines.push(self.row("step", name, self.level().shared, |mutex| format!("mutex {mutex}")));
        let counter = |state: &State| state.counter().to_string();
        let holder = |state: &State, mutex| {
            self.level()
                .machine
                .holder(state, mutex)
                .map_or("free".into(), |holder| holder.to_string())
        };
        let start = &self.states()[0];
        let nothing = |_| String::new();
        lines.push(self.row("", nothing, &counter(start), |mutex| holder(start, mutex)));
        for (taken, number) in self.steps().zip(1..) {
            let cell = |thread| if thread == taken.thread { did(&taken) } else { String::new() };
            let step = format!("{number}");
            let mutex = |mutex| holder(taken.after, mutex);
            lines.push(self.row(&step, cell, &counter(taken.after), mutex));
        }
        lines
    }

    /// A row of the table.
    fn row(
        &self,
        step: &str,
        thread: impl Fn(Thread) -> String,
        counter: &str,
        mutex: impl Fn(Mutex) -> String,
    ) -> String {
        let machine = self.level().machine;
        let mut cells = vec![format!("{step:>4}")];
        cells.extend(machine.threads().map(|who| format!("{:18}", thread(who))));
        cells.push(format!("{counter:>7}"));
        cells.extend(machine.mutexes().map(|which| format!("{:8}", mutex(which))));
        cells.join("  ").trim_end().into()
    }
}

/// What a step has done, in a few words.
fn did(taken: &Taken) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_fit_into_80_columns() {
        for text in [
            "3:122211211122",
            "4:123123123",
            "5:1111122222",
            "6:12",
            "7:1",
            "7:i",
            "1:i",
            "8:1112222222",
            "9:1212",
        ] {
            let play: Play = text.parse().expect("these steps can be taken");
            for line in play.lines() {
                assert!(line.chars().count() <= 80, "{line:?}");
            }
        }
    }
}
