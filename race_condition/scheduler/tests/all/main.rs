//! Tests of the game, a module for each subject.

mod game;
mod levels;
mod program;
mod screen;
#[cfg(unix)]
#[cfg(unix)]
mod terminal;
mod verdict;
