//! Has cargo build programs of the workspace, as a user would.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};
use basics::words::plural;

mod messages;

use crate::children::{is_told_to_end, run_and_watch};
use messages::Messages;

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

/// A word of a command, as one types it.
pub fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=+,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into()
    } else if cfg!(windows) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// How far a build is, in a line.
#[derive(Clone, Copy)]
pub enum Progress<'a> {
    /// This package is built now.
    Package(&'a str),
    /// Cargo has to wait.
    Waits(&'a str),
    /// This crate is compiled now, for that package.
    Compiles(&'a str),
}

/// Programs that cargo has built, and what the compiler says of those that it refuses. No two
/// programs of the workspace have the same name.
pub struct Executables {
    programs: BTreeMap<String, Result<PathBuf>>,
    libraries: Libraries,
}

/// Libraries that the programs use, by their names in the code.
type Libraries = BTreeMap<String, PathBuf>;

impl Executables {
    /// Builds these programs; `report` is told which package is built, and what cargo waits for.
    ///
    /// # Errors
    ///
    /// Cargo cannot build for a reason that is in none of these programs: a crate cannot be downloaded,
    /// say.
    pub fn build<'a>(
        workspace: &Path,
        programs: impl IntoIterator<Item = Program<'a>>,
        mut report: impl FnMut(&str),
    ) -> Result<Self> {
        Self::build_and_report(workspace, programs, |progress| match progress {
            Progress::Package(what) | Progress::Waits(what) => report(what),
            Progress::Compiles(_) => {}
        })
    }

    /// As [`Executables::build`], and `report` is also told which crate is compiled.
    ///
    /// # Errors
    ///
    /// Those of [`Executables::build`].
    pub fn build_and_report<'a>(
        workspace: &Path,
        programs: impl IntoIterator<Item = Program<'a>>,
        mut report: impl FnMut(Progress),
    ) -> Result<Self> {
        let mut packages = BTreeMap::<&str, BTreeSet<Program>>::new();
        for program in programs {
            packages.entry(program.package).or_default().insert(program);
        }
        let mut all = Self { programs: BTreeMap::new(), libraries: BTreeMap::new() };
        let of = packages.len();
        for ((package, programs), number) in packages.into_iter().zip(1..) {
            let programs: Vec<Program> = programs.into_iter().collect();
            let count = plural(programs.len() as u64, "program");
            let what = format!("building {number} of {of}, {package}: {count}");
            report(Progress::Package(&what));
            let mut say = |said: Option<&str>| match said {
                None => report(Progress::Package(&what)),
                Some(line) if line.starts_with(WAITS) => report(Progress::Waits(line)),
                Some(line) => report(Progress::Compiles(&format!("{what}: {line}"))),
            };
            let built = build_package(workspace, &programs, &mut say)?;
            all.programs.extend(built.programs);
            all.libraries.extend(built.libraries);
        }
        Ok(all)
    }

    /// Where a program is.
    ///
    /// # Errors
    ///
    /// The compiler refuses it: what it says.
    pub fn path(&self, program: Program) -> Result<&Path> {
        match self.programs.get(program.name) {
            Some(Ok(path)) => Ok(path),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(format!("{} has not been built", program.name))),
        }
    }

    /// The libraries that the programs use, and the folders of all that these use themselves.
    pub fn libraries(&self) -> (&BTreeMap<String, PathBuf>, BTreeSet<&Path>) {
        (&self.libraries, self.libraries.values().filter_map(|path| path.parent()).collect())
    }
}

/// The compiler that cargo uses.
pub fn rustc() -> PathBuf {
    env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()).into()
}

/// Builds programs of one package. `report` is told what cargo says when it has to wait, and when it
/// goes on.
fn build_package(
    workspace: &Path,
    programs: &[Program],
    report: &mut impl FnMut(Option<&str>),
) -> Result<Executables> {
    let error = match build_together(workspace, programs, report) {
        Err(error) if programs.len() > 1 && !is_told_to_end() => error,
        result => return result,
    };
    // One of which there is no file, say, is no reason to do without the others.
    let mut all = Executables { programs: BTreeMap::new(), libraries: BTreeMap::new() };
    for program in programs {
        match build_together(workspace, std::slice::from_ref(program), report) {
            Ok(one) => {
                all.programs.extend(one.programs);
                all.libraries.extend(one.libraries);
            }
            Err(error) => _ = all.programs.insert(program.name.into(), Err(error)),
        }
    }
    if all.programs.values().all(Result::is_err) { Err(error) } else { Ok(all) }
}

fn build_together(
    workspace: &Path,
    programs: &[Program],
    report: &mut impl FnMut(Option<&str>),
) -> Result<Executables> {
    let start = Instant::now();
    let mut said = String::new();
    let mut command = build_command(workspace, programs);
    let output = run_and_watch(&mut command, |stderr| {
        let stderr = String::from_utf8_lossy(stderr);
        let last = stderr.lines().last().map_or("", str::trim);
        if last == said || start.elapsed() < PATIENCE {
            return;
        }
        let waited = said.starts_with(WAITS);
        said = last.into();
        match last {
            last if last.starts_with(WAITS) || last.starts_with(COMPILES) => report(Some(last)),
            _ if waited => report(None),
            _ => {}
        }
    })?;
    let messages = Messages::read(&output);
    let result = |program: &Program| {
        let Program { package, name, .. } = *program;
        Ok((name.to_string(), messages.result_for(package, name)?))
    };
    let programs: Result<_> = programs.iter().map(result).collect();
    Ok(Executables { programs: programs?, libraries: messages.libraries })
}

/// How cargo's line begins while another one builds.
const WAITS: &str = "Blocking";

/// How its line begins when it compiles a crate.
const COMPILES: &str = "Compiling";

/// How long cargo may wait without a word.
const PATIENCE: Duration = Duration::from_secs(1);

/// A command that builds programs of one package.
fn build_command(workspace: &Path, programs: &[Program]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--message-format=json", "--keep-going", "--color=never"])
        .args(programs.iter().map(|program| format!("--package={}", program.package)))
        .args(programs.iter().map(|program| format!("{}={}", program.option, program.name)))
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
        for (word, typed) in [("a-1.html", "a-1.html"), ("", "''"), ("it's", "'it'\\''s'")] {
            assert!(cfg!(windows) || quoted(word) == typed, "{word}");
        }
    }
}
