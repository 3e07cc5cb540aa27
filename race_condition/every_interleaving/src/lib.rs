//! Every order in which a few threads can take their steps.
//!
//! The [`Machine`] lets one thread take one step at a time. A [`State`] is a plain value, so that every
//! schedule can be tried. Nothing here knows of a terminal.

mod case;
mod count;
mod levels;
mod machine;
mod schedules;

pub use case::Case;
pub use count::{Ends, TooMany};
pub use levels::{LEVELS, Level};
pub use machine::{Code, End, Machine, Mutex, Refusal, State, Step, Thread};
pub use schedules::Turn;
