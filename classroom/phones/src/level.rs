//! A level of the game as data, for a page that plays it without a server.

use std::collections::HashMap;
use std::sync::LazyLock;

use basics::words::capitalised;
use every_interleaving::{LEVELS, State, Step};
use serde_derive::Serialize;

use crate::view::{Button, View};

/// A level with every state that can be reached, and where each step leads. So a page needs no machine
/// of its own, and yet can try all orders.
#[derive(Serialize)]
pub(crate) struct Level {
    pub(crate) title: String,
    pub(crate) text: &'static str,
    /// The first one is the beginning.
    states: Vec<View>,
}

/// All levels, as JSON. To write one takes as long as a hundred requests.
pub(crate) static JSON: LazyLock<Vec<String>> = LazyLock::new(|| {
    let levels = (0..LEVELS.len()).filter_map(Level::of);
    let json = |level| serde_json::to_string(&level).expect("texts and numbers become JSON");
    levels.map(json).collect()
});

impl Level {
    /// The level with this number, counted from 0.
    pub(crate) fn of(number: usize) -> Option<Self> {
        let level = LEVELS.get(number)?;
        let mut found = vec![level.machine.start()];
        let mut numbers = HashMap::from([(level.machine.start(), 0)]);
        let mut states = Vec::new();
        while let Some(state) = found.get(states.len()).cloned() {
            let next = level.machine.threads().map(|thread| {
                let mut after = state.clone();
                match level.machine.step(&mut after, thread) {
                    Err(refusal) => Button::new(capitalised(refusal), None, false),
                    Ok(step) => {
                        let text = format!("{}: {}", capitalised(thread), words(level, step));
                        let to = *numbers.entry(after.clone()).or_insert_with(|| {
                            found.push(after);
                            found.len() - 1
                        });
                        Button::new(text, Some(to.to_string()), false)
                    }
                }
            });
            let buttons = next.collect();
            states.push(view(level, &state, buttons));
        }
        let title = format!("Level {}: {}", number + 1, level.goal);
        Some(Self { title, text: level.about, states })
    }

    /// Where an order leads: the numbers of its threads, from 1. Nothing if it cannot be run.
    pub(crate) fn after(&self, order: &str) -> Option<&View> {
        order.chars().try_fold(self.states.first()?, |state, digit| {
            let thread = (digit.to_digit(10)? as usize).checked_sub(1)?;
            self.states.get(state.buttons.get(thread)?.press.as_ref()?.parse::<usize>().ok()?)
        })
    }
}

/// What a phone shows of a state. A button says the number of the state after it.
fn view(level: &every_interleaving::Level, state: &State, buttons: Vec<Button>) -> View {
    let values = level.names.iter().zip([state.counter(), state.second()]);
    let numbers = values.filter(|(name, _)| !name.is_empty());
    let numbers: Vec<String> = numbers.map(|(name, value)| format!("{name} = {value}")).collect();
    let end = level.machine.end(state);
    let is_goal = end == Some(level.wanted);
    let is_it = if is_goal { "" } else { "not " };
    let said = end.map(|end| format!("{} That is {is_it}the goal.", level.ended(end)));
    let (number, code) = (numbers.join(", "), code(level, state));
    View { buttons, number, code, is_goal, ..View::new("", said.unwrap_or_default()) }
}

/// The code of the threads beside each other, with a mark at the next step of each.
fn code(level: &every_interleaving::Level, state: &State) -> String {
    let columns = level.machine.threads().map(|thread| {
        let code = level.machine.code(thread);
        let steps = (0..).map_while(|line| {
            let mark = if state.line(thread) == line { '>' } else { ' ' };
            Some(format!("{mark} {}", words(level, code.step(line)?)))
        });
        let register = state.register(thread).map(|it| format!("  reg = {it}"));
        let head = format!("  {thread}");
        [head].into_iter().chain(steps).chain(register).collect::<Vec<_>>()
    });
    let columns: Vec<_> = columns.collect();
    let width = 2 + columns.iter().flatten().map(String::len).max().unwrap_or(0);
    let row = |row| {
        let cells = columns.iter().map(|column| column.get(row).map_or("", String::as_str));
        let cells: Vec<String> = cells.map(|cell| format!("{cell:width$}")).collect();
        cells.concat().trim_end().to_string()
    };
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    (0..rows).map(row).collect::<Vec<_>>().join("\n")
}

/// A step in as little room as a phone has.
fn words(level: &every_interleaving::Level, step: Step) -> String {
    step.line(level.names).split_whitespace().collect::<Vec<_>>().join(" ")
}
