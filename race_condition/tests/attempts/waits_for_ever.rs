//! An exercise that somebody made wait for ever.

use std::process::ExitCode;
use std::thread;

use classroom::lesson;

fn main() -> ExitCode {
    lesson::exercise("It waits.", || {
        loop {
            thread::park(); // and nobody unparks it
        }
    })
}
