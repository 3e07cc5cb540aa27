//! The phones of a class.

mod browser;
mod client;
mod crowd;
mod game;
mod never;
mod page;
mod race;
mod vote;
