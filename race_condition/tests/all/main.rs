//! Tests of `race_condition`, a module for each subject.

mod examples;
mod lesson;
mod program;
mod refused;
