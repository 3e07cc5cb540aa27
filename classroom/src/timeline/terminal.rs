//! Draws a run in the terminal.

use std::fmt::Write;
use std::time::Duration;

use console::{Alignment, Style, Term, measure_text_width, pad_str, truncate_str};

use super::layout::{Canvas, Layout, legible_window};
use super::run::{Item, Timeline};

/// The width when the output is not a terminal.
const WIDTH: usize = 80;

/// The narrowest terminal for which there is room; in a narrower one the lines wrap.
const LEAST_WIDTH: usize = 40;

/// The most lanes that are drawn: with the lines around them they fit on 24 lines.
const MOST_LANES: usize = 12;

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

    /// Blue for work and red for waiting, as in the article.
    fn style(self) -> Style {
        match self {
            Self::Begins | Self::Works => Style::new().blue(),
            Self::Partly => Style::new().magenta(),
            Self::BeginsWaiting | Self::Waits => Style::new().red(),
            Self::Idle => Style::new(),
            Self::Fails => Style::new().yellow().bold(),
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
    let labels = label_width(timeline);
    let canvas = canvas(width - labels);
    drawing(labels, &Layout::new(timeline, &canvas), None)
}

/// Draws what has happened until `now`, on an axis that shows a legible part of the run around it.
#[must_use]
pub fn draw_until(timeline: &Timeline, width: usize, now: Duration) -> String {
    let labels = label_width(timeline);
    let canvas = canvas(width - labels);
    let length = legible_window(timeline, &canvas);
    // Page by page, each as long as the first.
    let whole = now.as_nanos().saturating_sub(1) / length.as_nanos().max(1);
    let start = length * u32::try_from(whole).unwrap_or(u32::MAX);
    let mut layout = Layout::with_window(timeline, &canvas, start..start + length);
    layout.more = None;
    drawing(labels, &layout, Some(now))
}

#[expect(clippy::cast_precision_loss, reason = "no terminal is that wide")]
fn canvas(width: usize) -> Canvas {
    let most_items = usize::MAX;
    // The last column stays free, because some terminals wrap a line that fills it.
    Canvas {
        width: (width - 1) as f64,
        legible: 6.0,
        most_lanes: MOST_LANES,
        most_items,
        tick: 9.0,
    }
}

/// The columns that the names take, with a space behind them.
fn label_width(timeline: &Timeline) -> usize {
    let names = timeline.lanes.iter().take(MOST_LANES).map(|lane| measure_text_width(&lane.name));
    1 + names.max().unwrap_or(0).min(20)
}

fn drawing(labels: usize, layout: &Layout, now: Option<Duration>) -> String {
    let columns = column(layout.x(layout.window.end));
    let mut lines = axis(labels, columns, layout);
    let mut seen = Vec::new();
    for row in &layout.rows {
        // Some letters are two columns wide, others none.
        let name = truncate_str(row.name, labels - 1, "");
        let _ = write!(lines, "\n{}", pad_str(&name, labels, Alignment::Left, None));
        let cells = cells(row.items, columns, layout, now);
        let used = cells.iter().rposition(|cell| *cell != Cell::Idle).map_or(0, |last| last + 1);
        for run in cells[..used].chunk_by(|a, b| a.style() == b.style()) {
            let characters: String = run.iter().map(|cell| cell.character()).collect();
            let _ = write!(lines, "{}", run[0].style().apply_to(characters));
        }
        seen.extend(cells);
    }
    if let Some(more) = &layout.more {
        let fits = more.chars().count() <= columns;
        let more =
            if fits { more.clone() } else { more.replacen(", ", &format!(",\n{:labels$}", ""), 1) };
        let _ = write!(lines, "\n{:labels$}{more}", "");
    }
    lines + &legend(seen, labels + columns)
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

/// What a lane does in each column.
fn cells(items: &[Item], columns: usize, layout: &Layout, now: Option<Duration>) -> Vec<Cell> {
    let mut busy = vec![0.0; columns];
    let mut worked = vec![0.0; columns];
    let mut cells = vec![Cell::Idle; columns];
    let now = now.unwrap_or(Duration::MAX);
    for item in items.iter().take_while(|item| item.start <= now) {
        spread(&mut busy, layout.x(item.start), layout.x(item.end.min(now)), 1.0);
        for work in item.work.iter().take_while(|work| work.start <= now) {
            spread(&mut worked, layout.x(work.start), layout.x(work.end.min(now)), work.share());
        }
    }
    for ((cell, busy), worked) in cells.iter_mut().zip(busy).zip(worked) {
        *cell = match worked / busy {
            _ if busy < 0.5 => Cell::Idle,
            0.75.. => Cell::Works,
            0.25.. => Cell::Partly,
            _ => Cell::Waits,
        };
    }
    let begins = layout.window.start..now.max(layout.window.start);
    for item in items.iter().filter(|item| begins.contains(&item.start)) {
        let at = column(layout.x(item.start)).min(columns.saturating_sub(1));
        let first = item.work.first().filter(|work| work.start == item.start);
        let begins_with_work = first.is_some_and(|work| work.share() >= 0.25);
        if let Some(cell) = cells.get_mut(at) {
            *cell = if begins_with_work { Cell::Begins } else { Cell::BeginsWaiting };
        }
        if item.failure.is_some() && item.end <= now {
            let last = column(layout.x(item.end)).saturating_sub(1).max(at);
            if let Some(cell) = cells.get_mut(last) {
                *cell = Cell::Fails;
            }
        }
    }
    cells
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

/// Explains the characters that occur.
fn legend(mut seen: Vec<Cell>, columns: usize) -> String {
    seen.sort_unstable();
    seen.dedup();
    let mut legend = String::new();
    let mut used = columns;
    let begins = seen.contains(&Cell::Begins) || seen.contains(&Cell::BeginsWaiting);
    for (cell, meaning) in [
        (Cell::Begins, "an item begins"),
        (Cell::Works, "works"),
        (Cell::Partly, "works part of the time"),
        (Cell::Waits, "waits"),
        (Cell::Fails, "fails"),
    ] {
        if seen.contains(&cell) || (cell == Cell::Begins && begins) {
            let length = meaning.chars().count() + 2;
            let separator = if used + 3 + length > columns { "\n" } else { "   " };
            used = if separator == "\n" { length } else { used + 3 + length };
            let character = cell.style().apply_to(cell.character());
            let _ = write!(legend, "{separator}{character} {meaning}");
        }
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::{downloads, ms};
    use super::super::run::{Lane, Work};
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
            draw(&downloads(2, 4), 50),
            "         0 ms       100        200        300
         ┬──────────┬──────────┬──────────┬──────
thread 1 ▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░
thread 2 ▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░▐░░░░░░░░░
▐ an item begins   ░ waits",
        );
    }

    #[test]
    fn sums_work_and_shared_cores_work_part_of_the_time() {
        let run = lane("sums", vec![item(0, 100, 100), item(150, 350, 100)]);
        let drawn = draw(&run, 76);
        let legend = "▐ an item begins   █ works   ▓ works part of the time";
        assert_eq!(drawn.lines().last(), Some(legend));
        let drawn = draw(&run, 41);
        assert_eq!(drawn.lines().nth(2), Some("sums ▐█████████     ▐▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓"));
    }

    #[test]
    fn a_failure_is_seen() {
        let failed = Item { failure: Some("cut off".into()), ..item(0, 50, 0) };
        let drawn = draw(&lane("one", vec![failed, item(50, 100, 0)]), 45);
        assert_eq!(drawn.lines().nth(2), Some("one ▐░░░░░░░░░░░░░░░░░░x▐░░░░░░░░░░░░░░░░░░░"));
        assert!(drawn.ends_with("░ waits   x fails"), "{drawn}");
    }

    #[test]
    fn what_has_not_happened_yet_is_not_drawn() {
        let run = lane("one", vec![item(0, 50, 50), item(50, 100, 0)]);
        let drawn = draw_until(&run, 45, ms(75));
        assert_eq!(drawn.lines().nth(2), Some("one ▐███████████████████▐░░░░░░░░░"));
        // Of 160 items ten at a time are legible.
        let drawn = draw_until(&downloads(1, 160), 70, ms(950));
        assert_eq!(drawn.lines().nth(2), Some("thread 1 ▐░░"), "{drawn}");
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
                for part in 0..20 {
                    check_axis(&draw_until(&run, columns, run.duration * part / 20));
                }
            }
        }
    }

    #[test]
    fn an_empty_run_is_an_empty_picture() {
        assert!(draw(&Timeline::default(), 80).starts_with(" 0 ns"));
    }
}
