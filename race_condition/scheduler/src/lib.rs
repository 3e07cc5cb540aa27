//! The game: you choose which thread takes its next step.
//!
//! [`Game`] knows the rules and nothing of a terminal. [`screen`] draws it, and the program reads the
//! keys.

mod game;
mod panels;
mod play;
pub mod screen;
mod table;
mod verdict;

pub use every_interleaving::{LEVELS, Level};
pub use game::{Game, Notice};
pub use play::{Move, Play, level_number, replay_command};
pub use verdict::Verdict;
