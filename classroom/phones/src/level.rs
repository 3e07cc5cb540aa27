//! A level of the game as data, for a page that goes on without a server.

use std::collections::HashMap;
use std::fmt::Write;

use every_interleaving::{LEVELS, Step};
use serde_derive::Serialize;

const WIDTH: usize = 26; // of a thread's column on the projector

/// Every state of a level that can be reached, and where each step leads. So a page needs no machine of
/// its own, and yet can try all orders.
#[derive(Serialize)]
pub(crate) struct Level {
    /// Counted from 0.
    pub(crate) number: usize,
    goal: &'static str,
    about: &'static str,
    /// The steps of each thread.
    code: Vec<Vec<String>>,
    /// The first one is the beginning.
    states: Vec<State>,
}

#[derive(Serialize)]
pub(crate) struct State {
    /// The numbers that the threads share, with their names.
    shared: String,
    /// For each thread the position of its next step, from 0.
    lines: Vec<usize>,
    registers: Vec<Option<i64>>,
    /// For each thread the state after its next step, or why it cannot take one.
    pub(crate) next: Vec<Result<usize, String>>,
    /// How it ended, if no thread can take a step.
    pub(crate) end: Option<String>,
    pub(crate) is_goal: bool,
}

impl Level {
    /// The level with this number, counted from 0.
    pub(crate) fn of(number: usize) -> Option<Self> {
        let level = LEVELS.get(number)?;
        let machine = &level.machine;
        let words =
            |step: Step| step.line(level.names).split_whitespace().collect::<Vec<_>>().join(" ");
        let code = machine.threads().map(|thread| machine.code(thread));
        let code = code.map(|code| (0..).map_while(|line| code.step(line).map(words)).collect());
        let mut found = vec![machine.start()];
        let mut numbers = HashMap::from([(machine.start(), 0)]);
        let mut states = Vec::new();
        while let Some(state) = found.get(states.len()).cloned() {
            let next = machine.threads().map(|thread| {
                let mut after = state.clone();
                machine.step(&mut after, thread).map_err(|refusal| refusal.to_string())?;
                Ok(*numbers.entry(after.clone()).or_insert_with(|| {
                    found.push(after);
                    found.len() - 1
                }))
            });
            let next = next.collect();
            let end = machine.end(&state);
            let [first, second] = level.names;
            let second = Some(second).filter(|name| !name.is_empty());
            let second = second.map(|name| format!(", {name} = {}", state.second()));
            states.push(State {
                shared: format!("{first} = {}{}", state.counter(), second.unwrap_or_default()),
                lines: machine.threads().map(|thread| state.line(thread)).collect(),
                registers: machine.threads().map(|thread| state.register(thread)).collect(),
                next,
                end: end.map(|end| level.ended(end)),
                is_goal: end == Some(level.wanted),
            });
        }
        let (goal, about) = (level.goal, level.about);
        Some(Self { number, goal, about, code: code.collect(), states })
    }

    /// Where an order leads: the numbers of its threads, from 1. Nothing if it cannot be run.
    pub(crate) fn after(&self, order: &str) -> Option<&State> {
        order.chars().try_fold(self.states.first()?, |state, digit| {
            let thread = (digit.to_digit(10)? as usize).checked_sub(1)?;
            self.states.get(*state.next.get(thread)?.as_ref().ok()?)
        })
    }

    /// The board for the projector: the code of each thread, where it is, and the shared number.
    pub(crate) fn board(&self, state: &State) -> String {
        let mut board = format!("{}\n{}\n\n", self.goal, self.about);
        let mut row = |cell: &dyn Fn(usize) -> String| {
            let cells = (0..self.code.len()).map(|thread| format!("{:WIDTH$}", cell(thread)));
            let _ = writeln!(board, "{}", cells.collect::<String>().trim_end());
        };
        row(&|thread| format!("  thread {}", thread + 1));
        for line in 0..self.code.iter().map(Vec::len).max().unwrap_or(0) {
            row(&|thread| {
                let mark = if state.lines[thread] == line { ">" } else { " " };
                self.code[thread].get(line).map_or(String::new(), |step| format!("{mark} {step}"))
            });
        }
        row(&|thread| state.registers[thread].map_or(String::new(), |it| format!("  reg = {it}")));
        let _ = writeln!(board, "\n{}", state.shared);
        board
    }
}
