//! What an exercise says, however its attempt ends.

use std::io::{self, Write};

use testing::{Running, check_width, check_wrong_usage, command, example};

const TO_DO: &str = "Its file: classroom/experiment/examples/attempt.rs
For a hint, add -- --hint to the command.
";

/// Runs an attempt, and returns its status, its standard output and its standard error.
#[track_caller]
fn attempt(how: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = command(&example("attempt"), arguments);
    let ended = Running::start(command.env("ATTEMPT", how)).end();
    check_width(&ended.stdout);
    // The compiler writes a path as its own system does.
    let [stdout, stderr] = [ended.stdout, ended.stderr].map(|text| text.replace('\\', "/"));
    (ended.status.code(), stdout, stderr)
}

#[test]
fn a_solution_says_what_is_next() {
    let solved = "\nSolved. What is next: cargo run -p classroom -- exercises\n";
    assert_eq!(attempt("solved", &[]), (Some(0), solved.into(), String::new()));
}

#[test]
fn only_a_solution_says_the_word_that_it_was_told() {
    for (how, says) in [("solved", "\nSolved. sesame\n"), ("", "\nNot solved yet. Its file:")] {
        let (input, mut writer) = io::pipe().expect("the system has a pipe");
        writer.write_all(b"sesame").expect("there is room in it");
        drop(writer);
        let mut command = command(&example("attempt"), &["--password"]);
        let ended = Running::start(command.env("ATTEMPT", how).stdin(input)).end();
        assert!(ended.stdout.starts_with(says), "{ended}");
    }
}

#[test]
fn an_exercise_that_is_not_solved_says_what_to_do() {
    let to_do = format!("\nNot solved yet. {TO_DO}");
    assert_eq!(attempt("", &[]), (Some(1), to_do, String::new()));
    check_wrong_usage(&example("attempt"), &["--hnit"], &["--hnit"]);
}

#[test]
fn a_hint_stands_before_all_else_and_is_not_offered_again() {
    let file = "Its file: classroom/experiment/examples/attempt.rs";
    let all = format!("Hint: Set the variable ATTEMPT.\n\n\nNot solved yet. {file}\n");
    assert_eq!(attempt("", &["--hint"]), (Some(1), all, String::new()));
}

#[test]
fn an_error_and_a_panic_are_no_solutions() {
    let said = format!("\nNot solved yet: the site has gone.\n{TO_DO}");
    assert_eq!(attempt("fails", &[]), (Some(1), String::new(), said));
    let (status, _, stderr) = attempt("panics", &[]);
    assert!(stderr.contains("the attempt gives up"), "{stderr}");
    assert!(stderr.ends_with(&format!("\nNot solved yet: it has panicked.\n{TO_DO}")), "{stderr}");
    assert_eq!(status, Some(1));
}

#[test]
fn an_attempt_that_waits_for_ever_is_ended() {
    let reason =
        "it has not ended after 1 s. Does something wait for ever, or\ntake very many steps?";
    let said = format!("\nNot solved yet: {reason}\n{TO_DO}");
    assert_eq!(attempt("hangs", &[]), (Some(1), String::new(), said));
}
