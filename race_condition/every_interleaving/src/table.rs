//! One schedule as a table: which thread takes each step, and what that does.

use every_interleaving::Step::{Add, Load, Store, StoreSum};
use every_interleaving::{Case, Thread};
use lesson::{say, thousands};

pub const MOST_THREADS: usize = 4; // columns of the table
pub const MOST_STEPS: usize = 60; // lines of the table

/// A schedule that has been played.
pub struct Table {
    case: Case,
    pub rows: Vec<Row>,
}

/// A step that was taken.
pub struct Row {
    thread: Thread,
    what: &'static str,
    /// What the thread has in its register after it.
    pub register: i64,
    /// What the counter holds after it.
    pub counter: i64,
    /// Whether it stores over what another thread has stored since this one's load.
    pub overwrites: bool,
}

impl Table {
    /// Plays a schedule of this case.
    pub fn of(case: Case, schedule: &[Thread]) -> Self {
        let machine = case.machine();
        let mut state = machine.start();
        let mut is_stale = vec![false; case.threads];
        let play = |&thread: &Thread| {
            let step = machine.step(&mut state, thread);
            let is_store = matches!(step, Ok(Store | StoreSum));
            let overwrites = is_store && is_stale[thread.0];
            if is_store {
                is_stale.fill(true);
            }
            let what = match step {
                Ok(Load) => "load",
                Ok(Add) => "add",
                Ok(Store) => "store",
                Ok(StoreSum) => "store + 1",
                Ok(_) | Err(_) => {
                    unreachable!("there is no mutex, and no thread has too many turns")
                }
            };
            if what == "load" {
                is_stale[thread.0] = false;
            }
            let register = state.register(thread).unwrap_or_default();
            Row { thread, what, register, counter: state.counter(), overwrites }
        };
        Self { case, rows: schedule.iter().map(play).collect() }
    }

    /// What the counter holds in the end.
    pub fn counter(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.counter.unsigned_abs())
    }

    /// How many increments are lost in the end.
    pub fn lost(&self) -> u64 {
        self.case.expected() - self.counter()
    }

    /// The lines of the table. If there is a `blank`, it stands in the place of each register and of
    /// the counter.
    pub fn lines(&self, blank: Option<&str>) -> Vec<String> {
        let threads = || (0..self.case.threads).map(Thread);
        let names: Vec<_> = threads().map(|thread| format!("{:<13}", thread.to_string())).collect();
        let row = |step: &str, cells: &str, register: &str, counter: &str| {
            format!("{step:>4}   {cells}{register:>8}   {counter:>7}")
        };
        let no_cells = " ".repeat(13 * self.case.threads);
        let head = [format!("step   {}register   counter", names.concat()), String::new()];
        let start = row("", &no_cells, "", "0");
        let rows = self.rows.iter().zip(1..).map(|(taken, number)| {
            let cell =
                |thread| format!("{:13}", if thread == taken.thread { taken.what } else { "" });
            let shown = |value: i64| blank.map_or(value.to_string(), String::from);
            let cells: Vec<_> = threads().map(cell).collect();
            row(&number.to_string(), &cells.concat(), &shown(taken.register), &shown(taken.counter))
        });
        head.into_iter().chain([start]).chain(rows).collect()
    }
}

/// Prints the schedule and how it ends.
///
/// Without `answers` there is a `?` in the place of each register and of the counter.
pub fn show(case: Case, schedule: &[Thread], answers: bool) {
    let table = Table::of(case, schedule);
    let blank = (!answers).then_some("?");
    table.lines(blank).iter().for_each(|line| say!("{line}"));
    let [should, is] = [case.expected(), table.counter()].map(thousands);
    if answers {
        let verdict = if should == is { "right" } else { "WRONG" };
        say!("\nIt should end at {should}, and ends at {is}: {verdict}.");
    } else {
        say!("\nThe register is that of the thread that takes the step. It should end at");
        say!("{should}. Does it? For the answers give the same command with --reveal.");
    }
}
