//! Errors, words and printing: what everything else stands on.

pub mod error;
pub mod large;
pub mod output;
pub mod parse;
pub mod this_process;
pub mod words;
pub mod workers;

pub use error::{Error, Result};
pub use words::{plural, thousands};
