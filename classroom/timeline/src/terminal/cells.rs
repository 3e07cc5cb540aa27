//! What a column of the terminal shows of a lane, and in which colours.

use console::Style;

use crate::job::Job;
use crate::layout::Layout;
use crate::meaning::State;
use crate::run::Item;

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
/// What failed, or keeps its thread: a black cross, or another character, on yellow.
const CROSS: u8 = 16;
const BEHIND_CROSS: u8 = 226;

/// What a lane does in a column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Idle,
    Begins,
    BeginsWaiting,
    Works,
    Partly,
    Waits,
    Keeps,
    Fails,
}

impl Cell {
    pub(super) fn character(self) -> char {
        match self {
            Self::Idle => ' ',
            Self::Begins | Self::BeginsWaiting => '▐',
            Self::Works => '█',
            Self::Partly => '▓',
            Self::Waits => '░',
            Self::Keeps => '#',
            Self::Fails => 'x',
        }
    }

    /// The colour of the character, and the one behind it if that is not the terminal's own.
    pub(super) fn colours(self) -> Option<(u8, Option<u8>)> {
        match self {
            Self::Idle => None,
            Self::Begins | Self::Works => Some((WORK, None)),
            Self::Partly => Some((WORK, Some(WAITING))),
            Self::BeginsWaiting => Some((WAITING, None)),
            Self::Waits => Some((DOTS, Some(WAITING))),
            Self::Keeps | Self::Fails => Some((CROSS, Some(BEHIND_CROSS))),
        }
    }

    pub(super) fn style(self) -> Style {
        match self.colours() {
            None => Style::new(),
            Some((colour, None)) => Style::new().color256(colour),
            Some((colour, Some(behind))) => Style::new().color256(colour).on_color256(behind),
        }
    }

    /// What the legend says of it.
    pub(super) fn meaning(self, job: Job) -> Option<&'static str> {
        match self {
            Self::Idle => None,
            Self::Begins | Self::BeginsWaiting => Some(job.begins()),
            Self::Works => Some(State::Works.meaning(job)),
            Self::Partly => Some(State::PartlyWorks.meaning(job)),
            Self::Waits => Some(State::Waits.meaning(job)),
            Self::Keeps => Some(State::Keeps.meaning(job)),
            Self::Fails => Some(State::Fails.meaning(job)),
        }
    }
}

/// Whether a lane works or waits in each column.
pub(super) fn states(items: &[Item], columns: usize, layout: &Layout) -> Vec<Cell> {
    let mut busy = vec![0.0; columns];
    let mut worked = vec![0.0; columns];
    let mut kept = vec![0.0; columns];
    for item in items {
        spread(&mut busy, layout.x(item.start), layout.x(item.end), 1.0);
        for work in &item.work {
            let (from, to, share) = (layout.x(work.start), layout.x(work.end), work.share());
            spread(&mut worked, from, to, share);
            if layout.are_tasks && work.keeps() {
                spread(&mut kept, from, to, 1.0 - share);
            }
        }
    }
    let state = |((busy, worked), kept): ((f64, f64), f64)| match worked / busy {
        _ if busy < 0.5 => Cell::Idle,
        _ if kept >= 0.5 * busy => Cell::Keeps,
        0.75.. => Cell::Works,
        0.25.. => Cell::Partly,
        _ => Cell::Waits,
    };
    busy.into_iter().zip(worked).zip(kept).map(state).collect()
}

/// Marks where items begin, and the last column of those that fail.
pub(super) fn mark_begins_and_failures(cells: &mut [Cell], items: &[Item], layout: &Layout) {
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
fn spread(columns: &mut [f64], from: f64, to: f64, share: f64) {
    let (first, last) = (column(from), column(to));
    for (at, cell) in columns.iter_mut().enumerate().take(last + 1).skip(first) {
        let covered = to.min((at + 1) as f64) - from.max(at as f64);
        *cell += share * covered.max(0.0);
    }
}

pub(super) fn column(place: f64) -> usize {
    // What is meant to be on a column is not to fall short of it by a rounding error.
    (place + 1e-6) as usize
}
