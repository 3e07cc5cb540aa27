//! Makes a copy of the program `race_condition` with the types of the model checker, for
//! `tests/all/every_schedule.rs`.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let lesson = "../src/main.rs";
    println!("cargo::rerun-if-changed={lesson}");
    let code = fs::read_to_string(lesson)?;
    let code = code.replace("use std::sync", "use shuttle::sync").replace("\nfn ", "\npub fn ");
    // The head of a file cannot be included.
    let lines: Vec<&str> = code.lines().filter(|line| !line.starts_with("//!")).collect();
    let folder = env::var_os("OUT_DIR").expect("cargo sets it for build scripts");
    fs::write(Path::new(&folder).join("race_condition.rs"), lines.join("\n"))
}
