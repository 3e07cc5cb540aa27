//! Draws a run in the terminal.

use std::fmt::Write;

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};

use crate::job::Engine;
use crate::layout::{Canvas, Layout, WholeRun};
use crate::run::{ONE_THREAD, Timeline};
use basics::say;
use basics::words::{COLUMNS, fill};

mod cells;

use cells::{Cell, column, mark_begins_and_failures, states};

/// The width when the output is not a terminal.
const WIDTH: usize = 80;

/// The narrowest terminal for which there is room; in a narrower one the lines wrap.
const LEAST_WIDTH: usize = 40;

/// The most rows that are drawn: with the lines around them they fit on 24 lines.
const MOST_ROWS: usize = 11;

/// What stands before the line of the whole run.
const WHOLE_RUN: &str = "whole run";

/// The columns of the terminal, or 80.
pub fn width() -> usize {
    Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.into()).max(LEAST_WIDTH)
}

/// Draws runs in so many columns, in colour if standard output is a terminal that wants it, and says
/// their totals.
pub fn print(runs: &[Timeline], width: usize) {
    for (number, (run, picture)) in runs.iter().zip(draw(runs, width)).enumerate() {
        if runs.len() > 1 {
            let space = if number > 0 { "\n" } else { "" };
            say!("{space}{}: {:.3} s\n", run.program, run.duration.as_secs_f64());
        }
        say!("{picture}");
        let (sentence, columns) = (run.sentence(), COLUMNS.min(width - 1));
        let fits = sentence.lines().all(|line| line.chars().count() <= columns);
        let lines = if fits { sentence } else { fill(&sentence, columns, "", "") };
        say!("{lines}");
    }
}

fn draw(runs: &[Timeline], width: usize) -> Vec<String> {
    // Several runs share the 24 lines.
    let most_rows = MOST_ROWS / runs.len().max(1);
    let labels = labels(runs, most_rows);
    // The last column stays free, because some terminals wrap a line that fills it.
    let canvas = Canvas {
        width: (width - labels - 1) as f64,
        legible: 6.0,
        most_rows,
        most_items: usize::MAX,
        tick: 9.0,
        in_seconds: false,
    };
    let layouts = Layout::of_all(runs, &canvas);
    let pictures = runs.iter().zip(&layouts);
    pictures.map(|(timeline, layout)| Picture { timeline, labels }.draw(layout)).collect()
}

/// The columns that the names of all rows take, with a space behind them.
fn labels(runs: &[Timeline], most_rows: usize) -> usize {
    let lanes = runs.iter().flat_map(|run| run.lanes.iter().take(most_rows));
    let thread = runs.iter().find(|run| run.engine == Engine::Task).map(|_| ONE_THREAD);
    let names = lanes.map(|lane| &*lane.name).chain(thread).chain([WHOLE_RUN]);
    1 + names.map(measure_text_width).max().unwrap_or(0).min(20)
}

/// What a run is drawn with, whichever part of it is drawn.
struct Picture<'a> {
    timeline: &'a Timeline,
    /// The columns that the names take, with a space behind them.
    labels: usize,
}

impl Picture<'_> {
    fn draw(&self, layout: &Layout) -> String {
        let columns = column(layout.x(layout.window));
        let mut lines = axis(self.labels, columns, layout);
        let mut seen = Vec::new();
        for (number, row) in layout.all_rows().into_iter().enumerate() {
            let mut cells = states(row.items, columns, layout);
            // The one thread has no beginning of its own.
            if number > 0 || layout.thread.is_none() {
                mark_begins_and_failures(&mut cells, row.items, layout);
            }
            self.row(&mut lines, row.name, &cells);
            seen.extend(cells);
        }
        let whole_run = WholeRun::of(self.timeline, layout, columns);
        if let Some(whole_run) = &whole_run {
            lines += &self.whole_run(columns, whole_run);
        }
        let scale = whole_run.map(|whole_run| whole_run.scale);
        lines + &self.legend(seen, scale.as_deref(), self.labels + columns)
    }

    /// A name, and what its lane does.
    fn row(&self, lines: &mut String, name: &str, cells: &[Cell]) {
        // Some letters are two columns wide, others none.
        let name = truncate_str(name, self.labels - 1, "");
        let _ = write!(lines, "\n{}", pad_str(&name, self.labels, Alignment::Left, None));
        let used = cells.iter().rposition(|cell| *cell != Cell::Idle).map_or(0, |last| last + 1);
        for run in cells[..used].chunk_by(|a, b| a.colours() == b.colours()) {
            let characters: String = run.iter().map(|cell| cell.character()).collect();
            let _ = write!(lines, "{}", run[0].style().apply_to(characters));
        }
    }

    /// The line of the whole run, with the part that is drawn above and what that leaves out.
    fn whole_run(&self, columns: usize, whole_run: &WholeRun) -> String {
        let labels = self.labels;
        let WholeRun { length, drawn, words, .. } = whole_run;
        let bar = "▄".repeat(*drawn) + &"━".repeat(length - drawn);
        let next_line = format!("\n{:labels$}", "");
        if length + 1 + words.chars().count() <= columns {
            return format!("\n{WHOLE_RUN:labels$}{bar} {words}");
        }
        format!(
            "\n{WHOLE_RUN:labels$}{bar}{next_line}{}",
            fill(words, columns, "", &next_line[1..])
        )
    }

    /// Explains the characters that occur.
    fn legend(&self, mut seen: Vec<Cell>, scale: Option<&str>, columns: usize) -> String {
        seen.sort_unstable();
        seen.dedup();
        let shows_work = |cell: &Cell| matches!(cell, Cell::Begins | Cell::Works | Cell::Partly);
        let is_short = !seen.iter().any(shows_work) && !self.timeline.totals().worked.is_zero();
        // Both look alike without colour.
        if seen.contains(&Cell::BeginsWaiting) {
            seen.retain(|cell| *cell != Cell::Begins);
        }
        let entry = |cell: Cell, meaning: &str| {
            format!("{} {meaning}", cell.style().apply_to(cell.character()))
        };
        let mut entries = Vec::new();
        for cell in seen {
            entries.extend(cell.meaning(self.timeline.job).map(|meaning| entry(cell, meaning)));
        }
        if is_short {
            entries.push(entry(Cell::Works, "work, too short to be drawn"));
        }
        entries.extend(scale.map(|scale| format!("▄ drawn above; a column is {scale}")));
        let mut legend = String::new();
        let mut used = columns;
        for entry in entries {
            let length = measure_text_width(&entry);
            let separator = if used + 3 + length > columns { "\n" } else { "   " };
            used = if separator == "\n" { length } else { used + 3 + length };
            legend.extend([separator, &entry]);
        }
        legend
    }
}

/// The numbers of the time axis, and under each of them a mark.
fn axis(labels: usize, columns: usize, layout: &Layout) -> String {
    let mut numbers = format!("{:labels$}", "");
    let mut marks = vec!['─'; columns];
    let mut free = 0;
    for (time, label) in &layout.ticks {
        let at = column(layout.x(*time));
        let end = at + label.chars().count();
        // A number for which there is no room, with a space before it, is left out; its mark stays.
        if free <= at && end <= columns {
            let _ = write!(numbers, "{:1$}{label}", "", labels + at - numbers.chars().count());
            free = end + 1;
        }
        if let Some(mark) = marks.get_mut(at) {
            *mark = '┬';
        }
    }
    format!("{numbers}\n{:labels$}{}", "", marks.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::Job;
    use crate::run::tests::{downloads, ms};
    use crate::run::{Item, Lane, Work};

    fn draw(run: &Timeline, width: usize) -> String {
        super::draw(std::slice::from_ref(run), width).remove(0)
    }

    /// Sums on one lane, each from one millisecond to another and with so many milliseconds of work.
    fn sums(items: &[(u64, u64, u64)]) -> Timeline {
        let item = |&(start, end, worked): &(u64, u64, u64)| {
            let (start, end) = (ms(start), ms(end));
            let work = vec![Work { start, end, worked: ms(worked) }];
            Item { start, end, work, ..Item::default() }
        };
        let lane = Lane { name: "one".into(), items: items.iter().map(item).collect() };
        let duration = lane.items.last().expect("there are sums").end;
        Timeline { job: Job::Sum, duration, lanes: vec![lane], ..Timeline::default() }
    }

    #[test]
    fn downloads_wait() {
        assert_eq!(
            draw(&downloads(2, 4), 51),
            "          0 ms       100        200        300
          ┬──────────┬──────────┬──────────┬──────
thread 1  ▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░
thread 2  ▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░
▐ a download begins   ░ waits for an answer
█ work, too short to be drawn",
        );
    }

    #[test]
    fn a_run_that_takes_longer_has_a_longer_line() {
        for (run, line) in [
            (downloads(1, 160), "▄▄━━━━━━━━━━━━━━━━━━━━━━━━━━━ 14.400 s, 148 more downloads"),
            (downloads(2, 80), "▄▄━━━━━━━━━━━━ 7.200 s, 136 more downloads"),
            (downloads(5, 32), "▄▄━━━━ 2.880 s, 100 more downloads"),
            (downloads(160, 1), "▄ 0.090 s, 149 more threads like these"),
        ] {
            let drawn = draw(&run, 80);
            assert!(drawn.contains(&format!("\nwhole run {line}\n")), "{drawn}");
        }
        // What does not fit is drawn ten times shorter, and the legend says so.
        let long = draw(&downloads(1, 1_600), 80);
        assert!(long.contains("▄ drawn above; a column is 5 s"), "{long}");
        assert!(long.contains("whole run ▄━━━━━━━━━━━━━━━━━━━━━━━━━━━━"), "{long}");
    }

    #[test]
    fn the_one_thread_of_the_tasks_has_a_row_of_its_own() {
        let mut run = Timeline { engine: Engine::Task, ..downloads(20, 1) };
        for (lane, number) in run.lanes.iter_mut().zip(0..) {
            lane.name = format!("task {number}");
            let (start, end) = (ms(2 * number), ms(2 * number + 2));
            lane.items[0].work = vec![Work { start, end, worked: ms(2) }];
            lane.items[0].start = start;
        }
        let drawn = draw(&run, 80);
        let lines: Vec<&str> = drawn.lines().collect();
        let thread =
            "the one thread ████████████████████████████▓░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░";
        assert_eq!(lines[2], thread);
        assert!(lines[3].starts_with("task 0         ▐▓░░░░"), "{drawn}");
        assert_eq!(lines[13], "whole run      ▄ 0.090 s, 10 more tasks like these");
    }

    #[test]
    fn sums_work_and_shared_cores_work_part_of_the_time() {
        let drawn = draw(&sums(&[(0, 100, 100), (150, 350, 100)]), 46);
        assert_eq!(drawn.lines().nth(2), Some("one       ▐█████████     ▐▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓"));
        let words = "▐ a sum begins   █ works: adds up\n▓ works part of the time";
        assert!(drawn.contains(words), "{drawn}");
    }

    #[test]
    fn a_failure_is_seen() {
        let mut run = sums(&[(0, 50, 0), (50, 100, 0)]);
        run.lanes[0].items[0].failure = Some("cut off".into());
        let drawn = draw(&run, 51);
        assert_eq!(
            drawn.lines().nth(2),
            Some("one       ▐░░░░░░░░░░░░░░░░░░x▐░░░░░░░░░░░░░░░░░░░")
        );
        assert!(drawn.contains("░ waits for a core   x fails"), "{drawn}");
    }

    #[test]
    fn every_picture_fits_on_24_lines_of_its_width() {
        for (lanes, items) in [(1, 160), (5, 32), (12, 3), (160, 1), (1_000, 3)] {
            for engine in [Engine::Thread, Engine::Task] {
                let run = Timeline { engine, ..downloads(lanes, items) };
                for columns in [40, 80, 200] {
                    let drawn = draw(&run, columns);
                    let longest = drawn.lines().map(|line| line.chars().count()).max();
                    assert!(longest < Some(columns), "{columns}:\n{drawn}");
                }
                // The command, three lines of the program, an empty one, two totals, and the prompt.
                assert!(draw(&run, 80).lines().count() + 8 <= 24, "{lanes} {engine:?}s");
            }
        }
        assert!(draw(&Timeline::default(), 80).starts_with("          0 ns"));
    }

    #[test]
    fn every_number_of_the_axis_stands_at_its_mark() {
        for length in 1..=9 {
            let items: Vec<_> =
                (0..20_000).map(|i| (length * i, length * (i + 1), length)).collect();
            let run = sums(&items);
            for columns in [40, 41, 63, 80, 100, 200] {
                let drawn = draw(&run, columns);
                let lines: Vec<Vec<char>> =
                    drawn.lines().take(2).map(|line| line.chars().collect()).collect();
                for (at, pair) in lines[0].windows(2).enumerate() {
                    if pair[0] == ' ' && pair[1].is_ascii_digit() {
                        assert_eq!(lines[1].get(at + 1), Some(&'┬'), "{drawn}");
                    }
                }
            }
        }
    }
}
