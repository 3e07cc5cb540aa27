//! What a program that downloads needs around its lesson: the built-in site, sessions, and why a
//! download failed. What every program needs is handed on from the package `lesson`.

mod bound;
mod failure;
mod io;
mod limits;
mod session;
mod site_options;
mod task;
mod tls;

pub use failure::Failure;
pub use io::{IoLesson, open, open_site};
pub use lesson::*;
pub use session::{async_session, session};
pub use site::{Behaviour, CUT_OFF, Counts, PAGES, Site};
pub use site_options::{site_behaviour, site_options};
pub use task::{Task, task};
