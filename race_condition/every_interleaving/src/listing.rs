//! All schedules of a small case, side by side.

use lesson::say;

use super::case::Case;
use every_interleaving::{Machine, State, Step, Thread};

pub const COLUMNS: usize = 80; // of the terminal
const CELL: usize = 8; // columns for a step
const GAP: usize = 2; // columns between two schedules

/// A schedule: whose turn it was and what the thread did, step by step, and the counter after it.
pub struct Run {
    pub steps: Vec<(Thread, String)>,
    pub counter: u64,
}

/// All schedules of a case, one by one.
pub fn list(case: Case) -> Vec<Run> {
    let code = vec![case.code(); case.threads];
    let machine = Machine::new(&code);
    let play = |turns: Vec<Thread>| {
        let mut state = machine.start();
        let step = |thread| (thread, step(machine, &mut state, thread));
        Run {
            steps: turns.into_iter().map(step).collect(),
            counter: state.counter().unsigned_abs(),
        }
    };
    machine.schedules().into_iter().map(play).collect()
}

/// Lets a thread take its next step, and says what it has done, with the value it had to do with.
pub fn step(machine: Machine, state: &mut State, thread: Thread) -> String {
    let before = state.register(thread);
    match machine.step(state, thread) {
        Ok(Step::Load) => format!("load {}", state.counter()),
        Ok(Step::Add) => {
            let before = before.unwrap_or_default();
            format!("{before}+1={}", before + 1)
        }
        Ok(Step::Store | Step::StoreSum) => format!("store {}", state.counter()),
        Ok(step) => step.to_string(),
        Err(refusal) => refusal.to_string(),
    }
}

/// Prints the schedules, with a column for each thread. Time goes down.
pub fn show(case: Case, runs: &[Run]) {
    let runs: Vec<Vec<String>> = runs.iter().zip(1..).map(|(run, n)| block(case, run, n)).collect();
    let width = runs.iter().flatten().map(String::len).max().unwrap_or(0).max(case.threads * CELL);
    for side_by_side in runs.chunks((COLUMNS + GAP) / (width + GAP)) {
        for line in 0..side_by_side[0].len() {
            let cells = side_by_side.iter().map(|run| format!("{:width$}", run[line]));
            say!("{}", cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        }
        say!("");
    }
}

/// The lines of a schedule.
fn block(case: Case, run: &Run, number: usize) -> Vec<String> {
    let names: Vec<_> = (1..=case.threads).map(|name| format!("{name:<CELL$}")).collect();
    let verdict = if run.counter == case.expected() { "right" } else { "WRONG" };
    let mut lines = vec![names.concat().trim_end().into()];
    lines
        .extend(run.steps.iter().map(|(thread, step)| format!("{:1$}{step}", "", thread.0 * CELL)));
    lines.push(format!("#{number} gives {}: {verdict}", run.counter));
    lines
}
