//! Draws a run in the terminal.

use std::fmt::Write;
use std::time::Duration;

use console::{Alignment, Term, measure_text_width, pad_str, truncate_str};

use crate::job::Job;
use crate::layout::{Canvas, Layout};
use crate::run::{Lane, Timeline};
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

/// The time that a column of that line stands for, in a run of downloads: the same for all of them,
/// so that a run that takes longer has a longer line. If it does not fit, it is ten times as much.
const COLUMN_OF_DOWNLOADS: Duration = Duration::from_millis(500);

/// The same for runs of other items, which are much shorter.
const COLUMN: Duration = Duration::from_millis(5);

/// The columns of the terminal, or 80.
pub fn width() -> usize {
    Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.into()).max(LEAST_WIDTH)
}

/// Draws a run in so many columns, in colour if standard output is a terminal that wants it.
pub fn draw(timeline: &Timeline, width: usize) -> String {
    let one_thread = timeline.one_thread();
    let picture = Picture::of(timeline, one_thread.as_ref(), width);
    let layout = Layout::new(timeline, &picture.canvas);
    picture.draw(&layout)
}

/// The totals of a run, in lines for a terminal.
pub fn sentence(timeline: &Timeline) -> String {
    let sentence = timeline.sentence();
    let lines: Vec<String> = sentence.lines().map(|line| fill(line, COLUMNS, "", "")).collect();
    lines.join("\n")
}

/// What a run is drawn with, whichever part of it is drawn.
struct Picture<'a> {
    timeline: &'a Timeline,
    /// Drawn first, with all the work of the tasks below it.
    one_thread: Option<&'a Lane>,
    /// The columns that the names take, with a space behind them.
    labels: usize,
    canvas: Canvas,
}

impl<'a> Picture<'a> {
    fn of(timeline: &'a Timeline, one_thread: Option<&'a Lane>, width: usize) -> Self {
        let most_lanes = MOST_ROWS - usize::from(one_thread.is_some());
        let lanes = timeline.lanes.iter().take(most_lanes).chain(one_thread);
        let names = lanes.map(|lane| measure_text_width(&lane.name)).chain([WHOLE_RUN.len()]);
        let labels = 1 + names.max().unwrap_or(0).min(20);
        // The last column stays free, because some terminals wrap a line that fills it.
        let canvas = Canvas {
            width: (width - labels - 1) as f64,
            legible: 6.0,
            most_lanes,
            most_items: usize::MAX,
            tick: 9.0,
        };
        Self { timeline, one_thread, labels, canvas }
    }

    fn draw(&self, layout: &Layout) -> String {
        let columns = column(layout.x(layout.window));
        let mut lines = axis(self.labels, columns, layout);
        let mut seen = Vec::new();
        if let Some(thread) = self.one_thread {
            let cells = states(&thread.items, columns, layout);
            self.row(&mut lines, &thread.name, &cells);
            seen.extend(cells);
        }
        for row in &layout.rows {
            let mut cells = states(row.items, columns, layout);
            mark_begins_and_failures(&mut cells, row.items, layout);
            self.row(&mut lines, row.name, &cells);
            seen.extend(cells);
        }
        let (whole_run, scale) = self.whole_run(columns, layout);
        lines + &whole_run + &self.legend(seen, &scale, self.labels + columns)
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

    /// The line of the whole run, with the part that is drawn above and what that leaves out; and the
    /// time that a column of the line stands for.
    fn whole_run(&self, columns: usize, layout: &Layout) -> (String, String) {
        let labels = self.labels;
        let whole = self.timeline.duration;
        let is_download = self.timeline.job == Job::Download;
        let mut scale = if is_download { COLUMN_OF_DOWNLOADS } else { COLUMN };
        while column(whole.div_duration_f64(scale)) >= columns {
            scale *= 10;
        }
        let at = |time: Duration| column(time.div_duration_f64(scale).round());
        let length = at(whole).max(1);
        let drawn = at(layout.window).clamp(1, length);
        let bar = "▄".repeat(drawn) + &"━".repeat(length - drawn);
        let mut words = format!("{:.3} s", whole.as_secs_f64());
        if let Some(hidden) = &layout.hidden {
            words.extend([", ", hidden]);
        }
        let next_line = format!("\n{:labels$}", "");
        let mut separator = " ";
        if length + 1 + words.chars().count() > columns {
            separator = &next_line;
            if words.chars().count() > columns {
                words = words.replace(", ", &format!(",{next_line}"));
            }
        }
        let scale = match scale.as_millis() {
            ms @ 0..1_000 => format!("{ms} ms"),
            ms => format!("{} s", ms / 1_000),
        };
        (format!("\n{WHOLE_RUN:labels$}{bar}{separator}{words}"), scale)
    }

    /// Explains the characters that occur.
    fn legend(&self, mut seen: Vec<Cell>, scale: &str, columns: usize) -> String {
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
            entries.extend(cell.meaning(self.timeline.job).map(|meaning| entry(cell, &meaning)));
        }
        if is_short {
            entries.push(entry(Cell::Works, "work, too short to be drawn"));
        }
        entries.push(format!("▄ drawn above; a column is {scale}"));
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
    use crate::job::Engine;
    use crate::run::tests::{downloads, ms};
    use crate::run::{Item, Work};

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
whole run ▄ 0.360 s
▐ a download begins   ░ waits for an answer
█ work, too short to be drawn
▄ drawn above; a column is 500 ms",
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
        let words = "▐ a sum begins   █ works: adds up\n▓ works part of the time\n";
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
