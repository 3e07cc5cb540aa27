//! An exercise that somebody made panic.

use std::process::ExitCode;


fn main() -> ExitCode {
    experiment::exercise("It panics.", || panic!("the attempt gives up"))
}
