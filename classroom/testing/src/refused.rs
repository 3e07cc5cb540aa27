//! Asks the compiler about programs that belong to no crate, because it refuses them.

use std::env;
use std::fs;
use std::path::Path;

use super::process_output::ProcessOutput;
use super::programs::{Running, command};

/// What the compiler says about a program in this folder; nothing is made of it that could run.
pub fn rustc(folder: &str, program: &str, flags: &[&str]) -> ProcessOutput {
    let compiler = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    let mut command = command(&compiler, &["--edition=2024", "--emit=metadata", "--out-dir"]);
    command.arg(env::temp_dir()).arg(format!("{program}.rs")).args(flags).current_dir(folder);
    Running::start(&mut command).end()
}

/// Checks that the compiler refuses a program in this folder for a reason, the beginning of its
/// message, and that the folder's page quotes that message.
#[track_caller]
pub fn check_refused(folder: &str, program: &str, flags: &[&str], reason: &str) {
    let ended = rustc(folder, program, flags).with_status(1);
    assert!(ended.stderr.starts_with(reason), "not {reason:?}: {ended}");
    let page = fs::read_to_string(Path::new(folder).join("README.md")).expect("it has a page");
    let place = format!("--> {program}.rs:");
    let quotes = page.split("```text\n").skip(1).filter_map(|block| block.split("```").next());
    let quote =
        quotes.filter(|quote| quote.contains(&place)).any(|quote| quote.starts_with(reason));
    assert!(quote, "the page does not quote {reason:?} of {program}.rs");
}
