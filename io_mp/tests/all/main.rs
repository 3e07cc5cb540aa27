//! Tests of `io_mp`, a module for each subject.

mod examples;
mod program;
