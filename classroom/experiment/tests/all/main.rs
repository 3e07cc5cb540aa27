//! Tests of `experiment`.

mod exercise;
