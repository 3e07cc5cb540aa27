//! Tests of `io_asyncio`, a module for each subject.

mod examples;
mod exercises;
mod fib;
mod program;
mod sum;
