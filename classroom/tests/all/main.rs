//! Tests of `classroom`, a module for each subject.

mod builds;
mod claims;
mod cli;
mod compare;
mod exercises;
mod lecture;
mod page;
mod pages;
#[cfg(target_os = "linux")]
mod phones;
mod saved;
mod workspace;
