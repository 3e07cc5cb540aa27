//! The table of a class, for people and for spreadsheets.

use std::time::Duration;

use basics::say;
use basics::words::{COLUMNS, fill, printable};
use console::{Alignment, pad_str, truncate_str};
use experiment::EXERCISES;

use super::{Cell, Row};
use crate::exercises::state::State;

/// The columns of a name.
const NAME: usize = 30;

const MARKS: &str =
    "+ solved  - wrong  e does not end  c does not compile  ? look at it  . no file";

/// Prints a line for each student, and then for each what is wrong.
pub fn print(rows: &[Row], time: Duration) {
    let numbers: Vec<String> = (1..=EXERCISES.len()).map(|it| format!("{it:>2}")).collect();
    say!("{:NAME$}{}   solved", "", numbers.join(" "));
    for Row { student, cells } in rows {
        let marks: Vec<String> = cells.iter().map(|cell| format!("{:>2}", mark(cell))).collect();
        say!("{}{}   {:>6}", name(student), marks.join(" "), solved(cells));
    }
    say!("\n{MARKS}\n");
    let names: Vec<String> = EXERCISES
        .iter()
        .enumerate()
        .map(|(index, exercise)| format!("{} {}", index + 1, exercise.name))
        .collect();
    for names in names.chunks(4) {
        say!("{}", names.join("   "));
    }
    for Row { student, cells } in rows {
        let wrong: Vec<String> = cells.iter().enumerate().filter_map(sentence).collect();
        if !wrong.is_empty() {
            say!("\n{}\n{}", truncate_str(student, COLUMNS, "…"), wrong.join("\n"));
        }
    }
    let all: usize = rows.iter().map(|row| solved(&row.cells)).sum();
    let seconds = time.as_secs();
    say!(
        "\nSolved: {all} of {}. It took {} min {} s.",
        rows.len() * EXERCISES.len(),
        seconds / 60,
        seconds % 60
    );
}

fn name(student: &str) -> String {
    let name = truncate_str(student, NAME - 1, "…");
    pad_str(&name, NAME, Alignment::Left, None).into_owned()
}

fn mark(cell: &Cell) -> char {
    match cell {
        None => '.',
        Some(State::Solved) => '+',
        Some(State::NotYet(_)) => '-',
        Some(State::Endless) => 'e',
        Some(State::Refused(_)) => 'c',
        Some(State::Unknown(_)) => '?',
    }
}

/// What is wrong with an exercise.
fn sentence((index, cell): (usize, &Cell)) -> Option<String> {
    let (result, detail) = words(cell);
    if matches!(cell, None | Some(State::Solved)) {
        return None;
    }
    let first = format!("  {:20} ", EXERCISES[index].name);
    let text = if detail.is_empty() { result.into() } else { format!("{result}: {detail}") };
    Some(fill(&text, COLUMNS, &first, &" ".repeat(first.len())))
}

fn words(cell: &Cell) -> (&'static str, String) {
    match cell {
        None => ("no file", String::new()),
        Some(State::Solved) => ("solved", String::new()),
        Some(State::NotYet(why)) => ("goes wrong", printable(why)),
        Some(State::Endless) => ("does not end", String::new()),
        Some(State::Refused(why)) => ("does not compile", printable(why)),
        Some(State::Unknown(why)) => ("look at it", printable(why)),
    }
}

fn solved(cells: &[Cell]) -> usize {
    cells.iter().filter(|cell| **cell == Some(State::Solved)).count()
}

/// A line for each exercise of each student, for a spreadsheet.
pub fn csv(rows: &[Row]) -> String {
    let mut table = String::from("student,exercise,result,detail\r\n");
    for Row { student, cells } in rows {
        for (exercise, cell) in EXERCISES.iter().zip(cells) {
            let (result, detail) = words(cell);
            let fields = [student.as_str(), exercise.name, result, &detail].map(field);
            table += &(fields.join(",") + "\r\n");
        }
    }
    table
}

/// A field of CSV. A spreadsheet takes what begins with one of these signs for a formula.
fn field(text: &str) -> String {
    let quote = if text.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    let text = format!("{quote}{text}");
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_text_and_no_formula() {
        for (text, written) in [
            ("Ana Müller", "Ana Müller"),
            ("a, \"b\"", "\"a, \"\"b\"\"\""),
            ("=1+1", "'=1+1"),
            ("", ""),
        ] {
            assert_eq!(field(text), written);
        }
    }
}
