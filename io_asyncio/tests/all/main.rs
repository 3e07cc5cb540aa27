//! Tests of `io_asyncio`, a module for each subject.

mod examples;
mod exercises;
mod program;
mod sum;
