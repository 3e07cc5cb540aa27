//! All schedules of a small case, side by side.

use every_interleaving::{Case, Machine, State, Step, Thread};
use lesson::say;

use crate::COLUMNS;

const CELL: usize = 8; // columns for a step
const GAP: usize = 2; // columns between two schedules

/// Lets a thread take its next step, and says what it has done, with the value it had to do with.
pub fn step(machine: &Machine, state: &mut State, thread: Thread) -> String {
    let step = machine.step(state, thread);
    let register = state.register(thread).unwrap_or_default();
    match step {
        Ok(Step::Load) => format!("load {register}"),
        Ok(Step::Add) => format!("{}+1={register}", register - 1),
        Ok(Step::Store | Step::StoreSum) => format!("store {}", state.counter()),
        Ok(step) => step.line(["counter", ""]),
        Err(refusal) => refusal.to_string(),
    }
}

/// Prints all schedules, with a column for each thread. Time goes down.
pub fn show(case: Case) {
    let machine = case.machine();
    let schedules = machine.schedules().into_iter().zip(1..);
    let blocks: Vec<Vec<String>> =
        schedules.map(|(schedule, number)| block(case, &machine, &schedule, number)).collect();
    let width =
        blocks.iter().flatten().map(String::len).max().unwrap_or(0).max(case.threads * CELL);
    for side_by_side in blocks.chunks((COLUMNS + GAP) / (width + GAP)) {
        for line in 0..side_by_side[0].len() {
            let cells = side_by_side.iter().map(|block| format!("{:width$}", block[line]));
            say!("{}", cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        }
        say!("");
    }
}

/// The lines of a schedule.
fn block(case: Case, machine: &Machine, schedule: &[Thread], number: usize) -> Vec<String> {
    let mut state = machine.start();
    let names: Vec<_> = (1..=case.threads).map(|name| format!("{name:<CELL$}")).collect();
    let mut lines = vec![names.concat().trim_end().into()];
    for thread in schedule {
        let step = step(machine, &mut state, *thread);
        lines.push(format!("{:1$}{step}", "", thread.0 * CELL));
    }
    let counter = state.counter().unsigned_abs();
    let verdict = if counter == case.expected() { "right" } else { "WRONG" };
    lines.push(format!("#{number} gives {counter}: {verdict}"));
    lines
}
