//! The same code, compiled without optimisation and with it.

use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

use experiment::{Verdict, claim};
use lesson::{Error, Result};

const SOURCE: &str = include_str!("squares.rs");

/// Runs a command to its end, and returns what it has printed.
fn output(command: &mut Command) -> Result<String> {
    let ended = command.output();
    let ended = ended.map_err(|error| Error::new(format!("Cannot run {command:?}: {error}")))?;
    if !ended.status.success() {
        return Err(Error::new(String::from_utf8_lossy(&ended.stderr)));
    }
    Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
}

/// How many seconds the loop takes if it is compiled with this option.
fn time(folder: &Path, optimisation: &str) -> Result<f64> {
    let (source, program) = (folder.join("squares.rs"), folder.join("squares.exe"));
    fs::write(&source, SOURCE)?;
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "-C", optimisation, "-o"]).args([&program, &source]);
    output(&mut rustc)?;
    Ok(output(&mut Command::new(program))?.trim().parse()?)
}

/// Compares the two programs.
pub fn compare() -> Result<()> {
    let folder = env::temp_dir().join(format!("better_algorithm-{}", process::id()));
    fs::create_dir(&folder)?;
    let slow = time(&folder, "opt-level=0");
    let fast = time(&folder, "opt-level=3");
    fs::remove_dir_all(&folder)?;
    let ratio = slow? / fast?;
    let verdict = if ratio > 1.5 { Verdict::PythonOnly } else { Verdict::Undecided };
    let numbers = format!("the same loop, optimised by rustc, is {ratio:.0} times as fast");
    claim("C85", verdict, numbers);
    Ok(())
}
