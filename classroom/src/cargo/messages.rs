//! What cargo says, in JSON, while it builds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use basics::error::{Error, Result};
use serde_json::Value;

use super::Libraries;
use crate::children::ProcessOutput;

/// What cargo and the compiler say of one build.
pub struct Messages<'a> {
    executables: BTreeMap<String, PathBuf>,
    pub libraries: Libraries,
    /// What the compiler says against a program, by the program's name.
    errors: BTreeMap<String, String>,
    /// What else cargo says, beside what it does.
    stderr: Vec<&'a str>,
}

impl<'a> Messages<'a> {
    pub fn read(output: &'a ProcessOutput) -> Self {
        let mut executables = BTreeMap::new();
        let mut libraries = Libraries::new();
        let mut errors = BTreeMap::<String, String>::new();
        for line in output.stdout.lines() {
            let message: Value = serde_json::from_str(line).unwrap_or_default();
            let Some(name) = message["target"]["name"].as_str() else { continue };
            if let Some(path) = message["executable"].as_str() {
                executables.insert(name.into(), path.into());
            }
            let files = message["filenames"].as_array().into_iter().flatten();
            let mut paths = files.filter_map(Value::as_str).map(PathBuf::from);
            if let Some(path) = paths.find(|it| it.extension().is_some_and(|it| it == "rlib")) {
                libraries.insert(name.replace('-', "_"), path);
            }
            if message["message"]["level"] == "error" {
                let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
                errors.entry(name.into()).or_default().push_str(rendered);
            }
        }
        let stderr = output.stderr.lines().filter(|line| !is_status(line)).collect();
        Self { executables, libraries, errors, stderr }
    }

    /// Where a program is, or what the compiler says against it. If that is nothing, the build has
    /// failed elsewhere.
    pub fn result_for(&self, package: &str, name: &str) -> Result<Result<PathBuf>> {
        let cannot = |what: &str, reasons: &str| {
            Error::new(match reasons.trim_end() {
                "" => format!("cargo could not build {what}, and does not say why"),
                reasons => format!("cargo could not build {what}. It says:\n\n{reasons}"),
            })
        };
        if let Some(path) = self.executables.get(name) {
            return Ok(Ok(path.clone()));
        }
        if let Some(errors) = self.errors.get(name) {
            return Ok(Err(cannot(name, errors)));
        }
        let elsewhere: String = self.errors.values().map(String::as_str).collect();
        Err(cannot(package, &(elsewhere + &self.stderr.join("\n"))))
    }
}

/// Whether cargo says in this line what it does: `   Compiling io_mp v0.1.0`.
fn is_status(line: &str) -> bool {
    line.split_at_checked(12).is_some_and(|(what, rest)| {
        rest.starts_with(' ') && what.trim_start().chars().all(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_does_is_no_reason() {
        assert!(is_status("   Compiling io_mp v0.1.0"));
        assert!(is_status("    Blocking waiting for file lock on build directory"));
        for reason in ["error: no such thing", "  failed to read it", "            ", "Caused by:"]
        {
            assert!(!is_status(reason), "{reason:?}");
        }
    }
}
