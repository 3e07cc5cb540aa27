//! Has cargo build programs of the workspace, as a user would.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

use basics::error::{Error, Result};
use serde_json::Value;

use crate::children::{ProcessOutput, run_to_end};

/// The folder of the workspace whose programs are meant.
///
/// It is found when it is needed. A path that was compiled in would lead to another checkout once
/// this one has been copied or moved.
///
/// # Errors
///
/// There is none around the crate that cargo runs, the current folder or this program.
pub fn workspace() -> Result<PathBuf> {
    // `cargo run` says where the crate is that it runs.
    let of_cargo = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let starts = [of_cargo, env::current_dir().ok(), env::current_exe().ok()];
    starts.into_iter().flatten().find_map(|start| workspace_around(&start)).ok_or_else(|| {
        Error::new("Cannot find the programs: go to the folder of their Cargo.toml and try again")
    })
}

/// The folder of this path, or above it, that has the workspace.
fn workspace_around(path: &Path) -> Option<PathBuf> {
    let path = absolute(path).ok()?;
    let is_ours = |folder: &&Path| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest.contains("[workspace]") && folder.join("classroom").join("Cargo.toml").is_file()
    };
    path.ancestors().find(is_ours).map(Path::to_path_buf)
}

/// A program of the workspace, as cargo knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program<'a> {
    pub package: &'a str,
    /// The option of cargo that goes before the name.
    option: &'static str,
    pub name: &'a str,
}

impl<'a> Program<'a> {
    /// The program that has the name of its package.
    pub const fn of(package: &'a str) -> Self {
        Self::bin(package, package)
    }

    pub const fn bin(package: &'a str, name: &'a str) -> Self {
        Self { package, option: "--bin", name }
    }

    pub const fn example(package: &'a str, name: &'a str) -> Self {
        Self { package, option: "--example", name }
    }

    /// The command that runs it, as one types it.
    pub fn command(self) -> String {
        let Self { package, option, name } = self;
        let command = format!("cargo run -p {package}");
        if self == Self::of(package) { command } else { format!("{command} {option} {name}") }
    }
}

/// Programs that cargo has built, and what the compiler says of those that it refuses. No two
/// programs of the workspace have the same name.
pub struct Executables(BTreeMap<String, Result<PathBuf>>);

impl Executables {
    /// Builds these programs; `on_package` is told the name of each package before it is built.
    ///
    /// # Errors
    ///
    /// Cargo cannot build for a reason that is in none of these programs: a crate cannot be downloaded,
    /// say.
    pub fn build<'a>(
        workspace: &Path,
        programs: impl IntoIterator<Item = Program<'a>>,
        mut on_package: impl FnMut(&str),
    ) -> Result<Self> {
        let mut packages = BTreeMap::<&str, BTreeSet<Program>>::new();
        for program in programs {
            packages.entry(program.package).or_default().insert(program);
        }
        let mut all = BTreeMap::new();
        for (package, programs) in packages {
            on_package(package);
            let output = run_to_end(&mut build_command(workspace, package, &programs), None)
                .map_err(|error| Error::new(format!("Cannot start cargo: {error}")))?;
            let messages = Messages::read(&output);
            for Program { name, .. } in programs {
                all.insert(name.to_string(), messages.result_for(package, name)?);
            }
        }
        Ok(Self(all))
    }

    /// Where a program is.
    ///
    /// # Errors
    ///
    /// The compiler refuses it: what it says.
    pub fn path(&self, program: Program) -> Result<&Path> {
        match self.0.get(program.name) {
            Some(Ok(path)) => Ok(path),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(format!("{} has not been built", program.name))),
        }
    }
}

/// A command that builds programs of a package.
fn build_command(workspace: &Path, package: &str, programs: &BTreeSet<Program>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--quiet", "--message-format=json", "--keep-going", "-p", package])
        .args(programs.iter().flat_map(|program| [program.option, program.name]))
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"));
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // `cargo run` has set them for this process, and a crate that looks at them (ring does) would be
    // built anew, and once more when a user builds it.
    for (variable, _) in env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            command.env_remove(&variable);
        }
    }
    command
}

/// What cargo and the compiler say of one build.
struct Messages<'a> {
    executables: BTreeMap<String, PathBuf>,
    /// What the compiler says against a program, by the program's name.
    errors: BTreeMap<String, String>,
    stderr: &'a str,
}

impl<'a> Messages<'a> {
    fn read(output: &'a ProcessOutput) -> Self {
        let mut executables = BTreeMap::new();
        let mut errors = BTreeMap::<String, String>::new();
        for line in output.stdout.lines() {
            let message: Value = serde_json::from_str(line).unwrap_or_default();
            let Some(name) = message["target"]["name"].as_str() else { continue };
            if let Some(path) = message["executable"].as_str() {
                executables.insert(name.into(), path.into());
            }
            if message["message"]["level"] == "error" {
                let rendered = message["message"]["rendered"].as_str().unwrap_or_default();
                errors.entry(name.into()).or_default().push_str(rendered);
            }
        }
        Self { executables, errors, stderr: &output.stderr }
    }

    /// Where a program is, or what the compiler says against it. If that is nothing, the build has
    /// failed elsewhere.
    fn result_for(&self, package: &str, name: &str) -> Result<Result<PathBuf>> {
        let cannot = |what: &str, reasons: &str| {
            let reasons = reasons.trim_end();
            Error::new(format!("cargo could not build {what}. It says:\n\n{reasons}"))
        };
        if let Some(path) = self.executables.get(name) {
            return Ok(Ok(path.clone()));
        }
        if let Some(errors) = self.errors.get(name) {
            return Ok(Err(cannot(name, errors)));
        }
        let elsewhere: String = self.errors.values().map(String::as_str).collect();
        Err(cannot(package, &(elsewhere + self.stderr)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found_from_below() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let found = workspace_around(&here.join("src").join("no such folder"));
        assert_eq!(found.as_deref(), here.parent());
        let root = here.ancestors().last().expect("a path is its own ancestor");
        assert_eq!(workspace_around(root), None);
    }

    #[test]
    fn a_command_can_be_typed() {
        assert_eq!(Program::of("scheduler").command(), "cargo run -p scheduler");
        let bin = Program::bin("race_exercises", "early_flag");
        assert_eq!(bin.command(), "cargo run -p race_exercises --bin early_flag");
        let example = Program::example("race_condition", "cures");
        assert_eq!(example.command(), "cargo run -p race_condition --example cures");
    }
}
