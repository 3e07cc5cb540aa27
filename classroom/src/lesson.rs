//! What stands around a lesson: its options, its sessions, and what is printed before and after.

#[cfg(feature = "io")]
mod bound;
pub mod chart;
pub mod claim;
mod cpu;
pub mod curve;
pub mod exercise;
#[cfg(feature = "io")]
mod failure;
#[cfg(feature = "io")]
mod heart;
#[cfg(feature = "io")]
mod io;
pub mod item;
mod limits;
mod measure;
pub mod options;
pub mod price;
mod race;
mod recording;
#[cfg(feature = "io")]
mod session;
mod summary;
#[cfg(feature = "io")]
mod task;

pub use chart::{Bar, chart};
pub use claim::{Verdict, claim};
pub use cpu::{CpuLesson, SumOf, cpu, cpu_with};
pub use curve::Curve;
pub use exercise::{Goal, all_reached, exercise};
#[cfg(feature = "io")]
pub use failure::Failure;
#[cfg(feature = "io")]
pub use heart::Heart;
#[cfg(feature = "io")]
pub use io::{IoLesson, io, open_site};
pub use item::{ItemGuard, as_item, item};
pub use limits::threads_alive;
pub use measure::{Concurrency, time_limit};
pub use price::{Price, price};
pub use race::{RaceLesson, race};
#[cfg(feature = "io")]
pub use session::{async_session, session};
pub use summary::Summary;
#[cfg(feature = "io")]
pub use task::{Task, task};

pub use crate::error::{Error, Result};
pub use crate::words::{plural, thousands};
pub use crate::{progress, say};
