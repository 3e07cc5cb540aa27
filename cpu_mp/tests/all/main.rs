//! Tests of `cpu_mp`, a module for each subject.

mod examples;
mod fib;
mod program;
