//! Asks the compiler about the programs in `refused/`, which belong to no crate.

use std::env::{self, consts::EXE_EXTENSION};
use std::fs;
use std::path::{Path, PathBuf};

use classroom::testing::{Ended, Running, command};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/refused");

/// The compiler whose messages are kept beside the programs. Another version may use other words,
/// so of its messages only the name of the error is compared.
const WORDING: &str = "rustc 1.95.0 ";

fn rustc(arguments: &[&str]) -> Ended {
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    // From the folder of the programs: a message has the path that the compiler was given.
    Running::start(command(&rustc, arguments).current_dir(FOLDER)).end()
}

/// Compiles a program to a file of its own; returns what the compiler says, and the file.
fn compile(program: &str, flags: &[&str], ending: &str) -> (Ended, PathBuf) {
    let result = Path::new(env!("CARGO_TARGET_TMPDIR")).join(program).with_extension(ending);
    let output = result.to_str().expect("the path of the target folder is text");
    let source = format!("{program}.rs");
    (rustc(&[&["--edition=2024", &source, "-o", output], flags].concat()), result)
}

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(FOLDER).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A message without the notes on places in the standard library, and without the width of the
/// margin: both depend on whether the library's source is installed.
fn essence(message: &str, program: &str) -> Vec<String> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in message.lines().filter(|line| !line.trim().is_empty()) {
        if parts.is_empty() || line.starts_with(|first: char| first.is_ascii_lowercase()) {
            parts.push(Vec::new());
        }
        parts.last_mut().expect("the first line begins a part").push(line);
    }
    parts.retain(|part| {
        let place = part.iter().find_map(|line| line.trim_start().strip_prefix("--> "));
        place.is_none_or(|place| place.starts_with(&format!("{program}.rs:")))
    });
    parts.concat().into_iter().map(without_margin).collect()
}

fn without_margin(line: &str) -> String {
    match line.split_once('|') {
        Some((margin, rest)) if margin.trim().parse::<u32>().is_ok() => {
            format!("{} |{rest}", margin.trim())
        }
        _ => line.trim().into(),
    }
}

/// Checks that the compiler refuses a program, why, and in which words.
#[track_caller]
fn check_refused(program: &str, flags: &[&str], error: &str) {
    let (ended, _) = compile(program, &[flags, &["--emit=metadata"]].concat(), "rmeta");
    let ended = ended.with_status(1);
    ended.assert_error(error);
    if rustc(&["--version"]).stdout.starts_with(WORDING) {
        let kept = file(&format!("{program}.stderr"));
        assert_eq!(essence(&ended.stderr, program), essence(&kept, program), "{ended}");
    }
}

#[test]
fn closures_cannot_all_capture_the_counter_mutably() {
    check_refused("captured_counter", &[], "error[E0499]");
}

#[test]
fn an_rc_cannot_be_sent_to_a_thread() {
    check_refused("rc_cell", &[], "error[E0277]");
}

#[test]
fn a_static_mut_needs_unsafe() {
    check_refused("static_mut", &[], "error[E0133]");
}

#[test]
fn the_lint_of_this_workspace_refuses_unsafe() {
    check_refused("static_mut_unsafe", &["-Funsafe_code"], "-F unsafe-code");
    let workspace = include_str!("../../Cargo.toml");
    assert!(workspace.lines().any(|line| line == r#"unsafe_code = "forbid""#));
}

#[test]
fn with_unsafe_it_compiles_and_ends() {
    let (ended, program) = compile("static_mut_unsafe", &["-O"], EXE_EXTENSION);
    assert_eq!(ended.well().stdout, "");
    if cfg!(target_os = "linux") {
        // Neither what it prints is checked nor how it ends: its behaviour is undefined.
        let program = program.to_str().expect("the path of the target folder is text");
        let _ = Running::start(&mut command(program, &[])).end();
    }
}

#[test]
fn the_page_quotes_the_compiler() {
    let page = file("README.md");
    for program in ["captured_counter", "rc_cell", "static_mut", "static_mut_unsafe"] {
        let kept = file(&format!("{program}.stderr"));
        let quote = page
            .split("```")
            .find(|block| block.starts_with("text") && block.contains(&format!("> {program}.rs:")))
            .unwrap_or_else(|| panic!("the page has no message on {program}"));
        for line in quote.lines().skip(1).filter(|line| !line.is_empty() && *line != "...") {
            assert!(kept.lines().any(|kept| kept == line), "not in {program}.stderr: {line}");
        }
    }
}
