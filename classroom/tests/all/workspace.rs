//! A workspace like this one, with a test's own programs in place of the real ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use testing::command;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// Cargo may have to wait for the builds of other tests.
pub const PATIENCE: Duration = Duration::from_secs(600);

/// Never ends.
pub const HANGS: &str = "loop { std::thread::park() }";

/// Makes a workspace in this folder: the file of each program, such as `io_mp/src/main.rs`, and the
/// body of its `main`.
pub fn make(folder: &Path, programs: &[(&str, &str)]) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    let packages = programs.iter().filter_map(|(path, _)| path.split('/').next());
    let packages: BTreeSet<&str> = packages.chain(["classroom"]).collect();
    let packages = Vec::from_iter(packages);
    write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {packages:?}\n"));
    for name in packages {
        let manifest = format!("[package]\nname = {name:?}\nedition = \"2024\"\n");
        write(&format!("{name}/Cargo.toml"), &manifest);
        write(&format!("{name}/src/lib.rs"), "");
    }
    for (path, body) in programs {
        write(path, &format!("fn main() {{ {body} }}"));
    }
}

/// A command of `classroom` in the workspace in this folder.
pub fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = command(PROGRAM, arguments);
    command.current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command
}
