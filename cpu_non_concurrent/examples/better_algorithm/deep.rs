//! The sum as a recursion, which needs a place on the stack for every number.

use std::hint::black_box;
use std::process::Command;
use std::{env, thread};

use experiment::{Verdict, claim};
use lesson::{Error, Result, thousands};

/// The argument with which this program goes too deep.
pub const TOO_DEEP: &str = "too_deep";

const SHALLOW: u64 = 1_000; // calls; where Python's limit is
const DEEP: u64 = 5_000_000;
const STACK: usize = 1024 * 1024; // bytes

fn sum_of_squares(number: u64) -> u128 {
    let Some(i) = number.checked_sub(1) else { return 0 };
    // Without `black_box` the compiler may make a loop of it.
    black_box(sum_of_squares(i)) + u128::from(i) * u128::from(i)
}

/// Calls itself `number` times, on a stack of the same size on every system.
fn recurse(number: u64) -> Result<u128> {
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || sum_of_squares(number))?;
    thread.join().map_err(|_| Error::new("The recursion has panicked"))
}

/// Ends this process, because its stack is full.
pub fn go_too_deep() -> Result<()> {
    black_box(recurse(DEEP)?);
    Ok(())
}

/// Compares a recursion that is not too deep with one that is.
pub fn compare() -> Result<()> {
    let sum = recurse(SHALLOW)?;
    let ended = Command::new(env::current_exe()?).arg(TOO_DEEP).output()?.status;
    let verdict = match (sum == 332_833_500, ended.success()) {
        (true, false) => Verdict::HoldsDifferently,
        (_, survived) => Verdict::old_counted(!survived),
    };
    let (shallow, deep) = (thousands(SHALLOW), thousands(DEEP));
    let numbers =
        format!("{shallow} calls deep it gives the sum; {deep} deep the process ended, {ended}");
    claim("C87", verdict, numbers);
    Ok(())
}
