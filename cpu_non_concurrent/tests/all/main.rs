//! Tests of `cpu_non_concurrent`, a module for each subject.

mod examples;
mod fib;
mod program;
