//! Tests of the exercises and of their judge.

mod every_schedule;
mod exercises;
mod judge;
