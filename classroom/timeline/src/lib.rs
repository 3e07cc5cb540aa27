//! Which thread worked and which waited, and when: recorded while a program runs, and drawn from
//! that.
//!
//! Nothing is recorded unless a picture was asked for. One layout places everything; the terminal,
//! the SVG and the HTML draw what it says. The JSON is a trace that other readers open, too. The
//! pictures can be drawn from it again.

mod drawing;
pub mod html;
mod job;
mod layout;
mod markup;
mod meaning;
pub mod record;
mod run;
pub mod save;
mod sentence;
pub mod svg;
pub mod terminal;
pub mod trace;
pub mod worker_log;

pub use job::{Engine, Job};
pub use markup::Escaped;
pub use run::{Item, Lane, Overlap, Timeline, Totals, Work};
