//! The same code, compiled without optimisation and with it.

use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

use classroom::lesson::{Error, Result, Verdict, claim};

const SOURCE: &str = include_str!("squares.rs");

/// How many seconds the loop takes if it is compiled so.
fn time(folder: &Path, optimisation: &str) -> Result<f64> {
    let (source, program) = (folder.join("squares.rs"), folder.join("squares.exe"));
    fs::write(&source, SOURCE)?;
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition", "2024", "-C", optimisation, "-o"]).args([&program, &source]);
    let output = |mut command: Command| {
        let ended = command.output();
        let ended =
            ended.map_err(|error| Error::new(format!("Cannot run {command:?}: {error}")))?;
        let said = |bytes| String::from_utf8_lossy(bytes).into_owned();
        if ended.status.success() {
            Ok(said(&ended.stdout))
        } else {
            Err(Error::new(said(&ended.stderr)))
        }
    };
    output(rustc)?;
    Ok(output(Command::new(program))?.trim().parse()?)
}

/// Compares the two programs, which differ by an option of the compiler.
pub fn compare() -> Result<()> {
    let folder = env::temp_dir().join(format!("better_algorithm-{}", process::id()));
    fs::create_dir_all(&folder)?;
    let times =
        time(&folder, "opt-level=0").and_then(|slow| Ok((slow, time(&folder, "opt-level=3")?)));
    fs::remove_dir_all(&folder)?;
    let (slow, fast) = times?;
    let ratio = slow / fast;
    let verdict = if ratio > 1.5 { Verdict::PythonOnly } else { Verdict::Undecided };
    claim(
        "C85",
        verdict,
        format!("the same loop, optimised by rustc, is {ratio:.0} times as fast"),
    );
    Ok(())
}
