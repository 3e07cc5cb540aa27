//! Claims about programs that the compiler refuses: it is asked.

use std::env;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use basics::error::{Error, Result};
use experiment::{Finding, Verdict};

use crate::children::run_to_end;

/// What the compiler says of a program: the number of its first error, if it has one.
fn first_error(folder: &Path, program: &str, limit: Duration) -> Result<Option<String>> {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let mut command = Command::new(rustc);
    // What is compiled goes to standard output, and no file is left.
    command.args(["--edition=2024", "--emit=metadata=-"]).arg(format!("{program}.rs"));
    command.current_dir(folder);
    let output = run_to_end(&mut command, Some(limit))
        .map_err(|error| Error::new(format!("rustc cannot be asked: {error}")))?;
    let errors = output.stderr.lines().filter_map(|line| line.strip_prefix("error["));
    let number = errors.filter_map(|error| error.split(']').next()).map(String::from).next();
    if number.is_none() && !output.status.success() {
        let said = output.stderr.lines().next().unwrap_or_default();
        return Err(Error::new(format!("rustc did not judge {program}.rs: {said}")));
    }
    Ok(number)
}

/// A claim, and the programs that do what it says.
type Case = (&'static str, &'static [&'static str]);

/// The claims about the programs in the folder `refused` of a package.
fn cases(package: &str) -> &'static [Case] {
    match package {
        "race_condition" => &[
            ("C47", &["captured_counter", "rc_cell", "static_mut"]),
            ("C51", &["captured_counter", "rc_cell"]),
        ],
        _ => &[("C08", &["await_outside"])],
    }
}

/// The first program that is asked about.
pub fn first_program(package: &str) -> &'static str {
    cases(package)[0].1[0]
}

/// Asks the compiler about all programs of the claims.
pub fn refused(workspace: &Path, package: &str, limit: Duration) -> Result<Vec<Finding>> {
    let folder = workspace.join(package).join("refused");
    let judge = |(claim, programs): &Case| {
        let errors = programs.iter().map(|program| first_error(&folder, program, limit));
        let errors: Vec<String> = errors.filter_map(Result::transpose).collect::<Result<_>>()?;
        let verdict = match errors.len() {
            0 => Verdict::Holds,
            refused if refused == programs.len() => Verdict::HoldsDifferently,
            _ => Verdict::DoesNotHoldHere,
        };
        let (refused, all) = (errors.len(), programs.len());
        let numbers = match all {
            1 if refused == 1 => format!("the compiler refuses such a program ({})", errors[0]),
            _ => format!(
                "the compiler refuses {refused} of {all} programs that do so ({})",
                errors.join(", ")
            ),
        };
        Ok(Finding { claim: (*claim).into(), verdict, numbers })
    };
    cases(package).iter().map(judge).collect()
}
