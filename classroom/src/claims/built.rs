//! The programs of the experiments, built as a user would.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::cargo;
use basics::error::{Error, Result};

use crate::children::{Ended, run_to_end};

/// A program that an experiment runs, as cargo knows it: the package, and an example of it or its
/// own program.
pub type Program = (&'static str, Option<&'static str>);

/// The program of a package that has its name.
pub fn own(package: &'static str) -> Program {
    (package, None)
}

/// What cargo has built, or why it could not.
pub struct Built {
    pub workspace: PathBuf,
    programs: BTreeMap<Program, Result<PathBuf>>,
}

impl Built {
    /// Builds these programs; says what is being built.
    pub fn new(
        workspace: &Path,
        wanted: impl IntoIterator<Item = Program>,
        mut say: impl FnMut(String),
    ) -> Self {
        let mut packages = BTreeMap::<(&str, bool), Vec<Program>>::new();
        for program in wanted {
            let (package, example) = program;
            let together = packages.entry((package, example.is_some())).or_default();
            if !together.contains(&program) {
                together.push(program);
            }
        }
        let mut programs = BTreeMap::new();
        for ((package, _), together) in packages {
            let examples: Vec<&str> = together.iter().filter_map(|(_, example)| *example).collect();
            say(match &examples[..] {
                [] => format!("building {package}"),
                [example] => format!("building {example} of {package}"),
                examples => format!("building {} examples of {package}", examples.len()),
            });
            // One package at a time, because cargo would build several with each other's features.
            let mut command = match &examples[..] {
                [] => cargo::build(workspace, package),
                examples => cargo::build_examples(workspace, package, examples),
            };
            let ended = run_to_end(&mut command, None);
            for program in together {
                programs.insert(program, executable(program, ended.as_ref()));
            }
        }
        Self { workspace: workspace.into(), programs }
    }

    /// Where a program is.
    ///
    /// # Errors
    ///
    /// It could not be built.
    pub fn path(&self, program: Program) -> Result<&Path> {
        match self.programs.get(&program) {
            Some(Ok(path)) => Ok(path),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(format!("{} has not been built", program.0))),
        }
    }
}

/// The program among those that cargo says it has built.
fn executable(program: Program, ended: Result<&Ended, &Error>) -> Result<PathBuf> {
    let (package, example) = program;
    let name = example.unwrap_or(package);
    let ended = ended.map_err(Clone::clone)?;
    cargo::executables(&ended.stdout).remove(name).ok_or_else(|| {
        let errors = ended.stderr.lines().filter(|line| line.starts_with("error"));
        let first = errors.map(str::trim).next().unwrap_or("cargo gives no reason");
        Error::new(format!("cargo could not build {name}: {first}"))
    })
}
