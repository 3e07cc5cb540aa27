//! Tests of `io_threading`, a module for each subject.

mod examples;
mod exercises;
mod page;
mod program;
mod refused;
