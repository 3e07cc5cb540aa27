//! Asks the compiler about the programs in `refused/`, which belong to no crate.

use std::env::consts::EXE_EXTENSION;

use testing::{Refused, Running, command};

const REFUSED: Refused = Refused {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/refused"),
    results: env!("CARGO_TARGET_TMPDIR"),
};

#[test]
fn closures_cannot_all_capture_the_counter_mutably() {
    REFUSED.check("captured_counter", &[], "error[E0499]");
}

#[test]
fn an_rc_cannot_be_sent_to_a_thread() {
    REFUSED.check("rc_cell", &[], "error[E0277]");
}

#[test]
fn a_static_mut_needs_unsafe() {
    REFUSED.check("static_mut", &[], "error[E0133]");
}

#[test]
fn the_lint_of_this_workspace_refuses_unsafe() {
    REFUSED.check("static_mut_unsafe", &["-Funsafe_code"], "-F unsafe-code");
    let workspace = include_str!("../../Cargo.toml");
    assert!(workspace.lines().any(|line| line == r#"unsafe_code = "forbid""#));
}

#[test]
fn with_unsafe_it_compiles_and_ends() {
    let (ended, program) = REFUSED.compile("static_mut_unsafe", &["-O"], EXE_EXTENSION);
    assert_eq!(ended.well().stdout, "");
    if cfg!(target_os = "linux") {
        // Neither what it prints is checked nor how it ends: its behaviour is undefined.
        let program = program.to_str().expect("the path of the target folder is text");
        let _ = Running::start(&mut command(program, &[])).end();
    }
}

#[test]
fn the_page_quotes_the_compiler() {
    REFUSED.check_page(&["captured_counter", "rc_cell", "static_mut", "static_mut_unsafe"]);
}
