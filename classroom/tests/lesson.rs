//! Holds lessons with the real programs, and types what a teacher or a learner would.

use std::fs;
use std::process::{Command, Stdio};

#[cfg(unix)]
use classroom::testing::wait_until;
use classroom::testing::{Ended, Running, check_width, command};

const CLASSROOM: &str = env!("CARGO_BIN_EXE_classroom");

/// `classroom lesson` with an input of its own.
fn lesson(arguments: &[&str]) -> Command {
    let mut command = command(CLASSROOM, &[&["lesson"], arguments].concat());
    command.stdin(Stdio::piped());
    command
}

/// Types these lines, one after the other, and then nothing more.
fn hold(arguments: &[&str], lines: &[&str]) -> Ended {
    let mut running = Running::start(&mut lesson(arguments));
    for line in lines {
        running.type_line(line);
    }
    // The programs may have to be built first.
    running.end_within(std::time::Duration::from_secs(600))
}

#[test]
fn a_prediction_stands_beside_the_measurement_and_the_bound() {
    let notes = std::env::temp_dir().join(format!("notes-{}.html", std::process::id()));
    let path = notes.to_str().expect("the path is text");
    // Begin; a word that is no number; a prediction; run; repeat; the two files; go on; quit at the
    // next question.
    let lines = ["", "fast", "2.5", "", "repeat", "diff", "", "quit"];
    let ended = hold(&["article", "--step", "7", "--save", path], &lines).well();
    // The lines of the two files are as wide as they are.
    let own = ended.stdout.lines().filter(|line| !line.starts_with(['<', '>']));
    check_width(&own.collect::<Vec<_>>().join("\n"));
    assert_eq!(ended.stdout.matches("  you said           2.500 s").count(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("  measured ").count(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("  bound ").count(), 2, "{ended}");
    let _ = ended.line_with("not understood; type a number of seconds, such as 2.5");
    let _ = ended.line_with("step 8 of 8");
    assert!(
        ended.stdout.contains("> use rayon::prelude::*;"),
        "the diff shows the engine: {ended}"
    );
    let saved = fs::read_to_string(&notes).expect("the notes have been saved");
    fs::remove_file(&notes).expect("they are this test's own");
    assert!(saved.contains("Predicted: 2.5 s."), "{saved}");
    assert!(saved.contains("cargo run -p cpu_threading"), "{saved}");
}

#[test]
fn the_votes_stand_beside_the_answer() {
    let lines = ["", "d 5", "a 12 b 3 c 7", "", "back", "skip", "back", "quit"];
    let ended = hold(&["race"], &lines).well();
    check_width(&ended.stdout);
    let _ = ended.line_with("Hands: a 12, b 3, c 7.");
    let _ = ended.line_with("hands are typed as a 12 b 3 c 7");
    // The first question; again, with the votes (twice, as one line was not understood); after
    // `back` from the result; and after `back` from the second question.
    assert_eq!(ended.stdout.matches("step 1 of").count(), 4, "{ended}");
    assert_eq!(ended.stdout.matches("step 2 of").count(), 1, "{ended}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_at_a_question_ends_it() {
    let mut running = Running::start(&mut lesson(&["article", "--step", "6"]));
    running.type_line("");
    wait_until("the question", || running.stdout().contains("step 6 of 8"));
    classroom::testing::signal("INT", running.id());
    let ended = running.end().with_status(130);
    assert_eq!(ended.stderr, "", "{ended}");
}

#[test]
fn wrong_usage_is_named() {
    for (arguments, named) in [
        (&["lesson", "physics"][..], "physics"),
        (&["lesson", "race", "--save", "notes.txt"], ".html"),
        (&["lesson", "race", "--step", "0"], "at least 1"),
    ] {
        classroom::testing::check_wrong_usage(CLASSROOM, arguments, &[named]);
    }
    let ended = hold(&["article", "--step", "99"], &["", "quit"]).well();
    let _ = ended.line_with("step 8 of 8");
}
