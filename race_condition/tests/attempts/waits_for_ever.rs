//! An exercise that somebody made wait for ever.

use std::process::ExitCode;
use std::thread;


fn main() -> ExitCode {
    experiment::exercise("It waits.", || {
        loop {
            thread::park(); // and nobody unparks it
        }
    })
}
