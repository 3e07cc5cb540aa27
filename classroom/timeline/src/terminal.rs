//! Draws a run in the terminal.

use std::fmt::Write;
use std::time::Duration;

use console::{Alignment, Style, Term, measure_text_width, pad_str, truncate_str};

use super::layout::{Canvas, Layout};
use super::legend::Legend;
use super::run::{Item, Lane, Timeline};
use basics::words::{COLUMNS, fill};

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

// The colours are of the 256 that terminals have in common; unlike the first 16 of them, these are
// the same in every theme. What waits or works part of the time is a pattern of a colour on another
// one, and never on the terminal's own ground. So it is as well seen on black as on white. These are
// the contrasts as WCAG computes them, of the mixture that an eye sees of a pattern from afar; two
// figures, because some terminals draw dots, which mix light, and others mix the colours' numbers:
//
//                   on black   on white
//   works █           5.9        3.6
//   partly ▓          3.8–5.4    3.9–5.6
//   waits ░           4.4–5.2    4.1–4.7
//   begins waiting ▐  3.9        5.4
//
// Red and blue are told apart with any kind of colour blindness, and the characters without colour.

/// Blue for work and red for waiting, as in the article.
const WORK: u8 = 33;
const WAITING: u8 = 160;
/// The dots in the red.
const DOTS: u8 = 210;
/// What failed: a black cross on yellow.
const CROSS: u8 = 16;
const BEHIND_CROSS: u8 = 226;

/// What a lane does in a column; also the character that says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    Idle,
    Begins,
    BeginsWaiting,
    Works,
    Partly,
    Waits,
    Fails,
}

impl Cell {
    const fn character(self) -> char {
        match self {
            Self::Idle => ' ',
            Self::Begins | Self::BeginsWaiting => '▐',
            Self::Works => '█',
            Self::Partly => '▓',
            Self::Waits => '░',
            Self::Fails => 'x',
        }
    }

    /// The colour of the character, and the one behind it if that is not the terminal's own.
    const fn colours(self) -> Option<(u8, Option<u8>)> {
        match self {
            Self::Idle => None,
            Self::Begins | Self::Works => Some((WORK, None)),
            Self::Partly => Some((WORK, Some(WAITING))),
            Self::BeginsWaiting => Some((WAITING, None)),
            Self::Waits => Some((DOTS, Some(WAITING))),
            Self::Fails => Some((CROSS, Some(BEHIND_CROSS))),
        }
    }

    fn style(self) -> Style {
        match self.colours() {
            None => Style::new(),
            Some((colour, None)) => Style::new().color256(colour),
            Some((colour, Some(behind))) => Style::new().color256(colour).on_color256(behind),
        }
    }
}

/// The columns of the terminal, or 80.
#[must_use]
pub fn width() -> usize {
    Term::stdout().size_checked().map_or(WIDTH, |(_, columns)| columns.into()).max(LEAST_WIDTH)
}

/// Draws a run in so many columns, in colour if standard output is a terminal that wants it.
#[must_use]
pub fn draw(timeline: &Timeline, width: usize) -> String {
    let one_thread = timeline.one_thread();
    let picture = Picture::of(timeline, one_thread.as_ref(), width);
    let layout = Layout::new(timeline, &picture.canvas);
    picture.draw(&layout)
}

/// The totals of a run, in lines for a terminal.
#[must_use]
pub fn sentence(timeline: &Timeline) -> String {
    let lines: Vec<String> = timeline.sentence().lines().map(|line| fill(line, COLUMNS, "", "")).collect();
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
        #[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
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
        let columns = column(layout.x(layout.window.end));
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
        let (whole_run, of_bar) = self.whole_run(columns, layout);
        lines + &whole_run + &self.legend(seen, &of_bar, self.labels + columns)
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

    /// The whole run to scale, with the part that is drawn above, and what that leaves out; and the
    /// words that explain it.
    fn whole_run(&self, columns: usize, layout: &Layout) -> (String, String) {
        let labels = self.labels;
        let whole = self.timeline.duration;
        let is_download = self.timeline.item_noun() == "download";
        let mut scale = if is_download { COLUMN_OF_DOWNLOADS } else { COLUMN };
        while column(whole.div_duration_f64(scale)) >= columns {
            scale *= 10;
        }
        let at = |time: Duration| column(time.div_duration_f64(scale).round());
        let length = at(whole).max(1);
        let first = at(layout.window.start).min(length - 1);
        let last = at(layout.window.end).clamp(first + 1, length);
        let bar: String =
            (0..length).map(|at| if (first..last).contains(&at) { '▄' } else { '━' }).collect();
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
        (
            format!("\n{WHOLE_RUN:labels$}{bar}{separator}{words}"),
            format!("drawn above; a column is {scale}"),
        )
    }

    /// Explains the characters that occur.
    fn legend(&self, mut seen: Vec<Cell>, of_bar: &str, columns: usize) -> String {
        let words = Legend::of(self.timeline);
        seen.sort_unstable();
        seen.dedup();
        let is_seen =
            seen.iter().any(|cell| matches!(cell, Cell::Begins | Cell::Works | Cell::Partly));
        let is_short = !is_seen && !self.timeline.totals().worked.is_zero();
        // Both look alike without colour.
        if seen.contains(&Cell::BeginsWaiting) {
            seen.retain(|cell| *cell != Cell::Begins);
        }
        let mut entries = Vec::new();
        for cell in seen {
            let meaning = match cell {
                Cell::Idle => continue,
                Cell::Begins | Cell::BeginsWaiting => &words.begins,
                Cell::Works => &words.works,
                Cell::Partly => &words.partly,
                Cell::Waits => &words.waits,
                Cell::Fails => &words.fails,
            };
            let length = meaning.chars().count() + 2;
            entries
                .push((format!("{} {meaning}", cell.style().apply_to(cell.character())), length));
        }
        if is_short {
            let words = "work is too short to see";
            entries
                .push((format!("{} {words}", Cell::Works.style().apply_to('█')), 2 + words.len()));
        }
        entries.push((format!("▄ {of_bar}"), of_bar.chars().count() + 2));
        let mut legend = String::new();
        let mut used = columns;
        for (entry, length) in entries {
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

/// Whether a lane works or waits in each column.
fn states(items: &[Item], columns: usize, layout: &Layout) -> Vec<Cell> {
    let mut busy = vec![0.0; columns];
    let mut worked = vec![0.0; columns];
    for item in items {
        spread(&mut busy, layout.x(item.start), layout.x(item.end), 1.0);
        for work in &item.work {
            spread(&mut worked, layout.x(work.start), layout.x(work.end), work.share());
        }
    }
    let state = |(busy, worked): (f64, f64)| match worked / busy {
        _ if busy < 0.5 => Cell::Idle,
        0.75.. => Cell::Works,
        0.25.. => Cell::Partly,
        _ => Cell::Waits,
    };
    busy.into_iter().zip(worked).map(state).collect()
}

/// Marks where items begin, and the last column of those that fail.
fn mark_begins_and_failures(cells: &mut [Cell], items: &[Item], layout: &Layout) {
    let last_column = cells.len().saturating_sub(1);
    for item in items {
        let at = column(layout.x(item.start)).min(last_column);
        if let Some(cell) = cells.get_mut(at) {
            // The mark has the colour of its column, so that no more is blue than was work; if the
            // item is shorter than a column, it has the item's.
            let works = match *cell {
                Cell::Works | Cell::Partly | Cell::Begins => true,
                Cell::Idle => 4 * item.worked() >= item.length(),
                _ => false,
            };
            *cell = if works { Cell::Begins } else { Cell::BeginsWaiting };
        }
        if item.failure.is_some() {
            let last = column(layout.x(item.end)).saturating_sub(1).max(at);
            if let Some(cell) = cells.get_mut(last) {
                *cell = Cell::Fails;
            }
        }
    }
}

/// Adds `share` of the time between two places to the columns that it covers.
#[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
fn spread(columns: &mut [f64], from: f64, to: f64, share: f64) {
    let (first, last) = (column(from), column(to));
    for (at, cell) in columns.iter_mut().enumerate().take(last + 1).skip(first) {
        let covered = to.min((at + 1) as f64) - from.max(at as f64);
        *cell += share * covered.max(0.0);
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on a line")]
fn column(place: f64) -> usize {
    // What is meant to be on a column is not to fall short of it by a rounding error.
    (place + 1e-6) as usize
}

#[cfg(test)]
mod tests {
    use super::super::run::Work;
    use super::super::run::tests::{downloads, ms};
    use super::*;

    fn lane(name: &str, items: Vec<Item>) -> Timeline {
        let duration = items.iter().map(|item| item.end).max().unwrap_or_default();
        let lanes = vec![Lane { name: name.into(), items }];
        Timeline { program: "drawn".into(), duration, lanes, ..Timeline::default() }
    }

    fn item(start: u64, end: u64, worked: u64) -> Item {
        let (start, end) = (ms(start), ms(end));
        let work = [Work { start, end, worked: ms(worked) }].into();
        Item { start, end, work, ..Item::default() }
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
█ work is too short to see
▄ drawn above; a column is 500 ms",
        );
    }

    /// The line of the whole run.
    fn whole_run(run: &Timeline, columns: usize) -> String {
        let drawn = draw(run, columns);
        let line = drawn.lines().find(|line| line.starts_with(WHOLE_RUN));
        line.expect("every picture has it").into()
    }

    #[test]
    fn a_run_that_takes_longer_has_a_longer_line() {
        for (run, line) in [
            (
                downloads(1, 160),
                "whole run ▄▄━━━━━━━━━━━━━━━━━━━━━━━━━━━ 14.400 s, 148 more downloads",
            ),
            (downloads(2, 80), "whole run ▄▄━━━━━━━━━━━━ 7.200 s, 136 more downloads"),
            (downloads(5, 32), "whole run ▄▄━━━━ 2.880 s, 100 more downloads"),
            (downloads(160, 1), "whole run ▄ 0.090 s, 149 more threads like these"),
        ] {
            assert_eq!(whole_run(&run, 80), line);
        }
        // What does not fit is drawn ten times shorter, and the legend says so.
        let long = draw(&downloads(1, 1_600), 80);
        assert!(long.contains("▄ drawn above; a column is 5 s"), "{long}");
        assert!(long.contains("whole run ▄━━━━━━━━━━━━━━━━━━━━━━━━━━━━"), "{long}");
    }

    #[test]
    fn the_one_thread_of_the_tasks_has_a_row_of_its_own() {
        let mut run = downloads(20, 1);
        for (lane, number) in run.lanes.iter_mut().zip(0..) {
            lane.name = format!("task {number}");
            let (start, end) = (ms(2 * number), ms(2 * number + 2));
            lane.items[0].work = [Work { start, end, worked: ms(2) }].into();
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
    fn a_picture_leaves_room_for_the_words_on_24_lines() {
        for lanes in [1, 11, 12, 160] {
            let mut run = downloads(lanes, 3);
            let lines = draw(&run, 80).lines().count();
            // The command, three lines of the program, an empty one, two totals, and the prompt.
            assert!(lines + 8 <= 24, "{lanes} threads: {lines}");
            for (lane, number) in run.lanes.iter_mut().zip(1..) {
                lane.name = format!("task {number}");
            }
            assert!(draw(&run, 80).lines().count() + 8 <= 24, "{lanes} tasks");
        }
    }

    #[test]
    fn sums_work_and_shared_cores_work_part_of_the_time() {
        let run = lane("sums", vec![item(0, 100, 100), item(150, 350, 100)]);
        let drawn = draw(&run, 76);
        let legend = "▐ an item begins   █ works   ▓ works part of the time";
        assert_eq!(drawn.lines().nth(4), Some(legend), "{drawn}");
        let drawn = draw(&run, 46);
        assert_eq!(drawn.lines().nth(2), Some("sums      ▐█████████     ▐▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓"));
    }

    #[test]
    fn a_failure_is_seen() {
        let failed = Item { failure: Some("cut off".into()), ..item(0, 50, 0) };
        let drawn = draw(&lane("one", vec![failed, item(50, 100, 0)]), 51);
        assert_eq!(
            drawn.lines().nth(2),
            Some("one       ▐░░░░░░░░░░░░░░░░░░x▐░░░░░░░░░░░░░░░░░░░")
        );
        assert!(drawn.contains("░ waits for a core   x fails"), "{drawn}");
    }

    /// A colour of the cube of 6 × 6 × 6 that is the same in every theme; each part from 0 to 1.
    fn rgb(colour: u8) -> [f64; 3] {
        let place = colour.checked_sub(16).filter(|place| *place < 216).expect("it is of the cube");
        let part = |step: u8| if step == 0 { 0.0 } else { f64::from(55 + 40 * step) / 255.0 };
        [place / 36, place / 6 % 6, place % 6].map(part)
    }

    /// The light of a colour, as WCAG computes it.
    fn light(rgb: [f64; 3]) -> f64 {
        let linear = |part: f64| match part {
            ..=0.04045 => part / 12.92,
            _ => ((part + 0.055) / 1.055).powf(2.4),
        };
        let [red, green, blue] = rgb.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn contrast(one: f64, other: f64) -> f64 {
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// The light of a cell as it is seen from afar: the least and the most, since some terminals
    /// mix the light of the two colours, as dots do, and others mix their numbers.
    fn lights(cell: Cell) -> [f64; 2] {
        let (colour, behind) = cell.colours().expect("it is drawn");
        let (colour, behind) = (rgb(colour), rgb(behind.unwrap_or(colour)));
        let density = match cell.character() {
            '░' => 0.25,
            '▒' => 0.5,
            '▓' => 0.75,
            _ => 1.0,
        };
        let mix = |one: f64, other: f64| density * one + (1.0 - density) * other;
        let mixed = [0, 1, 2].map(|part| mix(colour[part], behind[part]));
        [light(mixed), mix(light(colour), light(behind))]
    }

    #[test]
    fn what_is_drawn_is_seen_on_black_and_on_white() {
        for cell in [Cell::Begins, Cell::BeginsWaiting, Cell::Works, Cell::Partly, Cell::Waits] {
            for light in lights(cell) {
                for (ground, name) in [(0.0, "black"), (1.0, "white")] {
                    let contrast = contrast(light, ground);
                    assert!(contrast >= 3.0, "{} on {name}: {contrast:.2}", cell.character());
                }
            }
        }
        // What failed lies between cells that wait; the cross is read, so it needs more.
        let [cross, behind] = [CROSS, BEHIND_CROSS].map(|colour| light(rgb(colour)));
        assert!(contrast(cross, behind) >= 4.5);
        assert!(lights(Cell::Waits).into_iter().all(|waits| contrast(behind, waits) >= 3.0));
        // Without colour the characters alone tell what is what.
        let cells = [Cell::Idle, Cell::Works, Cell::Partly, Cell::Waits, Cell::Fails];
        let mut characters = cells.map(Cell::character).to_vec();
        characters.dedup();
        assert_eq!(characters.len(), cells.len());
    }

    #[test]
    fn every_line_fits() {
        for (lanes, items) in [(1, 160), (5, 32), (160, 1), (1_000, 3), (2, 1)] {
            for columns in [40, 80, 200] {
                let drawn = draw(&downloads(lanes, items), columns);
                let longest = drawn.lines().map(|line| line.chars().count()).max();
                assert!(longest < Some(columns), "{columns}:\n{drawn}");
            }
        }
    }

    /// Checks that each number stands at its mark and is whole.
    fn check_axis(drawn: &str) {
        let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
        let (numbers, marks) = (&lines[0], &lines[1]);
        for (at, pair) in numbers.windows(2).enumerate() {
            if pair[0] == ' ' && pair[1].is_ascii_digit() {
                assert_eq!(marks.get(at + 1), Some(&'┬'), "{drawn}");
            }
        }
        let numbers: String = numbers.iter().collect();
        for number in numbers.split_whitespace().filter(|word| !["µs", "ms", "s"].contains(word)) {
            let mut groups = number.split(',');
            assert!(groups.next().is_some_and(|first| first.len() <= 3), "{number}:\n{drawn}");
            assert!(groups.all(|three| three.len() == 3), "{number}:\n{drawn}");
        }
    }

    #[test]
    fn no_two_numbers_of_the_axis_touch() {
        for length in 1..=9 {
            let items = (0..20_000).map(|i| item(length * i, length * (i + 1), length)).collect();
            let run = lane("main thread", items);
            for columns in [40, 41, 63, 80, 100, 200] {
                check_axis(&draw(&run, columns));
            }
        }
    }

    #[test]
    fn an_empty_run_is_an_empty_picture() {
        assert!(draw(&Timeline::default(), 80).starts_with("          0 ns"));
    }
}
