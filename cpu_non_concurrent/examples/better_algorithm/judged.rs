//! What the texts say beside it: of objects, of deep recursions, of faster compilers.

use std::hint::black_box;
use std::path::Path;
use std::process::{self, Command};
use std::{env, fs, thread};

use experiment::{Verdict, claim};
use lesson::{Error, Result, say, thousands};

use super::{NUMBER, looped, new_object, recursive, same_object, time};

/// The argument with which this program goes too deep.
pub const TOO_DEEP: &str = "too_deep";

const SHALLOW: u64 = 1_000; // calls; where Python's limit is
const DEEP: u64 = 5_000_000;
const STACK: usize = 1024 * 1024; // bytes, the same on every system
const STEPS: u64 = 1_000_000; // with an object each

/// Says from which number on a sum does not fit into 64 bits.
pub fn bits() {
    // The first number below which the squares add up to more than a `u64` holds.
    let fits = (0..).try_fold(0_u64, |sum, i: u64| sum.checked_add(i * i).ok_or(i + 1));
    let too_large = fits.unwrap_or_else(|number| number);
    say!("\nFrom {} on a sum does not fit into 64 bits, so all have 128.\n", thousands(too_large));
}

/// Looks whether the square of the number itself is summed.
pub fn last_number() {
    let (sum, with_the_number) = (looped(NUMBER), looped(NUMBER + 1));
    let more = thousands(with_the_number - sum);
    let numbers = format!("with the square of {} it is {more} more", thousands(NUMBER));
    claim("C82", Verdict::Holds.counted(sum == with_the_number), numbers);
}

/// Compares new objects with one that is used again.
pub fn objects() {
    let new = time(|| (0..STEPS).for_each(new_object));
    let mut object = [0; 16];
    let again = time(|| (0..STEPS).for_each(|i| same_object(&mut object, i)));
    let ratio = new.div_duration_f64(again);
    let steps = thousands(STEPS);
    let numbers = format!("{steps} new objects take {ratio:.1} times as long as one used again");
    claim("C86", Verdict::PythonOnly.counted(ratio > 1.0), numbers);
}

fn recurse(number: u64) -> Result<u128> {
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || recursive(number))?;
    thread.join().map_err(|_| Error::new("The recursion has panicked"))
}

/// Ends this process, because its stack is full.
pub fn go_too_deep() -> Result<()> {
    black_box(recurse(DEEP)?);
    Ok(())
}

/// Compares a recursion that is not too deep with one that is.
pub fn recursion() -> Result<()> {
    assert_eq!(recurse(SHALLOW)?, looped(SHALLOW));
    let status = Command::new(env::current_exe()?).arg(TOO_DEEP).output()?.status;
    let (shallow, deep) = (thousands(SHALLOW), thousands(DEEP));
    let numbers = format!("{shallow} calls deep it gives the sum; {deep} deep the process ended");
    let ends = Verdict::HoldsDifferently.counted(!status.success());
    claim("C87", ends, format!("{numbers}, {status}"));
    Ok(())
}

/// Runs a command to its end, and returns what it has printed.
fn output(command: &mut Command) -> Result<String> {
    let output = command.output();
    let output = output.map_err(|error| Error::new(format!("Cannot run {command:?}: {error}")))?;
    if !output.status.success() {
        return Err(Error::new(String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How many seconds the loop takes if it is compiled with this option.
fn compiled(folder: &Path, optimisation: &str) -> Result<f64> {
    let (source, program) = (folder.join("squares.rs"), folder.join("squares.exe"));
    fs::write(&source, include_str!("squares.rs"))?;
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "-C", optimisation, "-o"]).args([&program, &source]);
    output(&mut rustc)?;
    Ok(output(&mut Command::new(program))?.trim().parse()?)
}

/// Compares the same loop, compiled without optimisation and with it.
pub fn compiler() -> Result<()> {
    let folder = env::temp_dir().join(format!("better_algorithm-{}", process::id()));
    fs::create_dir(&folder).map_err(|error| {
        Error::new(format!("Cannot make the folder {}: {error}", folder.display()))
    })?;
    let slow = compiled(&folder, "opt-level=0");
    let fast = compiled(&folder, "opt-level=3");
    fs::remove_dir_all(&folder)?;
    let ratio = slow? / fast?;
    let numbers = format!("the same loop, optimised by rustc, is {ratio:.0} times as fast");
    claim("C85", Verdict::PythonOnly.counted(ratio > 1.5), numbers);
    Ok(())
}
