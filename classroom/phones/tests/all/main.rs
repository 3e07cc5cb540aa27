//! The phones of a class.

mod browser;
mod crowd;
mod game;
mod never;
mod page;
mod race;
mod room;
mod vote;
