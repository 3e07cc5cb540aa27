//! Tests of `cpu_threading`, a module for each subject.

mod examples;
mod fib;
mod program;
