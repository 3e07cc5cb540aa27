//! Which thread worked and which waited, and when: recorded while a program runs, and drawn from
//! that.
//!
//! Nothing is recorded unless a picture was asked for. One layout places everything; the terminal,
//! the SVG and the HTML draw what it says. The JSON is a trace that other readers open, too. The
//! pictures can be drawn from it again.

mod bars;
pub mod html;
mod layout;
mod legend;
mod markup;
mod meaning;
mod moments;
mod patterns;
pub mod record;
mod run;
pub mod save;
mod strip;
pub mod svg;
pub mod terminal;
pub mod trace;
pub mod worker_log;

pub use layout::{Canvas, Layout, legible_window};
pub use legend::Legend;
pub use markup::Escaped;
pub use meaning::percent_of_work;
pub use run::{Item, Lane, Overlap, Timeline, Totals, Work};
