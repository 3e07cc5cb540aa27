//! Tests of `race_condition`, a module for each subject.

mod examples;
mod how_often;
mod lesson;
mod program;
mod refused;
