//! Tests of `every_interleaving`, a module for each subject.

mod counts;
mod machine;
mod program;
