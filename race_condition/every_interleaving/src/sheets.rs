//! Worksheets for a class: each has another order, and prints on a page of its own.

use std::collections::HashSet;

use every_interleaving::{Case, Thread};
use lesson::say;

use crate::table::Table;

pub const MOST_STEPS: usize = 18; // on a page, with the questions
pub const MOST_SHEETS: usize = 1_000;

const ANSWERS_ON_A_PAGE: usize = 7; // sheets

/// What prints a page: letters of one width, and room between the lines to write with a pen.
const HEAD: &str = "\
<!DOCTYPE html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Every interleaving</title>
<style>
@page { margin: 12mm }
pre { font: 11pt/1.6 monospace; margin: 0 0 2em; break-after: page }
pre:last-child { break-after: auto }
</style>";

/// A worksheet: its number, from 1, and the order that its seed decides.
pub struct Sheet {
    number: usize,
    seed: u64,
    table: Table,
}

/// So many worksheets, no two with the same order. The seeds are taken one by one from the first.
pub fn draw(case: Case, sheets: usize, first_seed: u64) -> Vec<Sheet> {
    let mut drawn = HashSet::new();
    let seeds = (0..).map(|more| first_seed.wrapping_add(more));
    let orders = seeds.map(|seed| (seed, case.random(seed)));
    let different = orders.filter(|(_, schedule)| drawn.insert(schedule.clone())).take(sheets);
    let sheet = |((seed, schedule), number): ((u64, Vec<Thread>), usize)| {
        let table = Table::of(case, &schedule);
        Sheet { number, seed, table }
    };
    different.zip(1..).map(sheet).collect()
}

/// Prints the sheets as one HTML page, or only the answers to them.
pub fn show(case: Case, sheets: &[Sheet], answers: bool) {
    say!("{HEAD}");
    if !answers {
        for sheet in sheets {
            say!("<pre>{}</pre>", sheet.questions(case).join("\n"));
        }
        return;
    }
    for page in sheets.chunks(ANSWERS_ON_A_PAGE) {
        let lines: Vec<String> = page.iter().flat_map(Sheet::answers).collect();
        say!("<pre>Answers: {case}\n\n{}</pre>", lines.join("\n"));
    }
}

impl Sheet {
    /// What a student gets, to be filled in.
    fn questions(&self, case: Case) -> Vec<String> {
        let Self { number, seed, table } = self;
        let steps: &[&str] = if case.addition {
            &[
                "load   reads the counter into a register of the thread's own",
                "add    adds 1 to that register",
                "store  writes the register into the counter",
            ]
        } else {
            &[
                "load       reads the counter into a register of the thread's own",
                "store + 1  writes the register and 1 more into the counter",
            ]
        };
        let mut lines = vec![
            format!("Sheet {number:<8} Name: ______________________________"),
            String::new(),
            format!("{case}, order number {seed}"),
            String::new(),
        ];
        lines.extend(steps.iter().map(ToString::to_string));
        lines.extend([
            String::new(),
            "1. Fill in the blanks: the register of the thread that takes the step, and".into(),
            "   the counter after it.".into(),
            String::new(),
        ]);
        lines.extend(table.lines(Some("____")));
        lines.extend([
            String::new(),
            format!("2. The counter should end at {}. Where does it end?  ____", case.expected()),
            "   How many increments are lost?  ____".into(),
            String::new(),
            "3. At which steps does a thread store over what another thread has stored".into(),
            "   since its own load?  ______________________".into(),
        ]);
        lines
    }

    /// What the teacher gets, in five lines.
    fn answers(&self) -> [String; 5] {
        let Self { number, seed, table } = self;
        let row = |name: &str, cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>3}")).collect();
            format!("   {name:<8}{}", cells.concat())
        };
        let rows = || (1..).zip(&table.rows);
        let overwriting: Vec<String> = rows()
            .filter(|(_, row)| row.overwrites)
            .map(|(step, _): (usize, _)| step.to_string())
            .collect();
        let overwriting =
            if overwriting.is_empty() { "no step".into() } else { overwriting.join(", ") };
        let (end, lost) = (table.counter(), table.lost());
        [
            format!("Sheet {number}, order {seed}.   2. {end}, {lost} lost   3. {overwriting}"),
            row("step", rows().map(|(step, _)| step.to_string()).collect()),
            row("register", rows().map(|(_, row)| row.register.to_string()).collect()),
            row("counter", rows().map(|(_, row)| row.counter.to_string()).collect()),
            String::new(),
        ]
    }
}
