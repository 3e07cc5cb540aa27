//! An exercise that somebody made panic.

use std::process::ExitCode;

use classroom::lesson;

fn main() -> ExitCode {
    lesson::exercise("It panics.", || panic!("the attempt gives up"))
}
