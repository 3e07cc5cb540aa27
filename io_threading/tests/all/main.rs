//! Tests of `io_threading`, a module for each subject.

mod downloads;
mod examples;
mod exercises;
mod page;
mod program;
mod refused;
#[cfg(target_os = "linux")]
mod tls;
