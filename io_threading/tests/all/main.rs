//! Tests of `io_threading`, a module for each subject.

mod downloads;
mod examples;
mod exercises;
mod program;
mod refused;
#[cfg(target_os = "linux")]
mod tls;
