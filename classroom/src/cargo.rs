//! Has cargo build the programs, as a user would.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::Command;

use serde_json::Value;

use basics::error::{Error, Result};

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
    let told = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let starts = [told, env::current_dir().ok(), env::current_exe().ok()];
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

/// A command that builds a program of a workspace as `cargo run -p` does. It tells of it in JSON on
/// standard output; what the compiler has to say goes to standard error.
///
/// One program at a time, because cargo would build several with each other's features.
#[must_use]
pub fn build(workspace: &Path, program: &str) -> Command {
    build_of(workspace, program, &[])
}

/// A command that builds examples of a package, as `cargo run -p PACKAGE --example NAME` does with
/// each of them. One that cannot be built keeps none of the others from being built.
#[must_use]
pub fn build_examples(workspace: &Path, package: &str, examples: &[&str]) -> Command {
    let named = examples.iter().flat_map(|example| ["--example", *example]);
    build_of(workspace, package, &[&["--keep-going"][..], &named.collect::<Vec<_>>()].concat())
}

fn build_of(workspace: &Path, package: &str, options: &[&str]) -> Command {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--message-format=json-render-diagnostics", "-p", package])
        .args(options)
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

/// The programs and examples that cargo has built, by name: what it said of them on standard output.
#[must_use]
pub fn executables(said: &str) -> BTreeMap<String, PathBuf> {
    let executable = |line: &str| {
        let message: Value = serde_json::from_str(line).ok()?;
        let path = message["executable"].as_str()?;
        Some((message["target"]["name"].as_str()?.to_string(), path.into()))
    };
    said.lines().filter_map(executable).collect()
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
}
