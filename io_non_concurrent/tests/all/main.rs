//! Tests of `io_non_concurrent`, a module for each subject.

mod program;
