//! What stands around a lesson: its options, and what is printed before and after it.
//!
//! A program's own file shows how it is concurrent. Nothing here has to be read to understand that.

mod concurrency;
mod cpu;
pub mod item;
mod limits;
pub mod options;
mod picture;
mod race;
mod summary;

pub use concurrency::{Concurrency, cpu_time, set_time_limit, time_limit};
pub use cpu::{Answer, CpuLesson, cpu, cpu_with};
pub use item::{ItemGuard, as_item, item};
pub use limits::{room_for_threads, sensible, threads_alive};
pub use picture::PictureOptions;
pub use race::{RaceLesson, possible_threads, race, race_options, started_threads};
pub use summary::Summary;

pub use basics::error::{Error, Result};
pub use basics::words::{plural, thousands};
pub use basics::{large, output, parse, say, this_process, words};
