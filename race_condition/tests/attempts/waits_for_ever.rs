//! An exercise that somebody made wait for ever: it takes a lock twice.

use std::process::ExitCode;
use std::sync::Mutex;

use classroom::lesson;

fn main() -> ExitCode {
    lesson::exercise("It waits.", || {
        let lock = Mutex::new(0);
        let _first = lock.lock();
        let _second = lock.lock();
        Ok(true)
    })
}
