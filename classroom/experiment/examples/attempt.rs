//! An exercise that ends as the variable `ATTEMPT` says. The tests run it.

use std::process::ExitCode;
use std::time::Duration;
use std::{env, thread};

use basics::error::Error;

const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let attempt = env::var("ATTEMPT").unwrap_or_default();
    experiment::exercise_within(PATIENCE, "Set the variable ATTEMPT.", || match &*attempt {
        "solved" => Ok(true),
        "fails" => Err(Error::new("the site has gone")),
        "panics" => panic!("the attempt gives up"),
        "hangs" => loop {
            thread::park(); // and nobody unparks it
        },
        _ => Ok(false),
    })
}
