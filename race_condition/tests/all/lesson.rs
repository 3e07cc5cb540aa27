//! The lesson plan is data, `lesson.json`: each of its programs can be run and shows what it should.

use serde_json::Value;
use testing::{Running, check_width, command, example};

/// How often a program may be run until it shows what it should: other programs may have had the
/// cores, and then the plan says to run it again.
const RUNS: usize = 5;

fn steps() -> Vec<Value> {
    let plan: Value = serde_json::from_str(include_str!("../../lesson.json")).expect("it is JSON");
    plan["steps"].as_array().expect("the plan has steps").clone()
}

#[test]
fn what_the_plan_waits_for_is_printed_on_one_screen() {
    // Those of other packages are tested there.
    for step in steps().iter().filter(|step| step["program"] == "race_condition") {
        let program = match step["example"].as_str() {
            Some(name) => example(name),
            None => env!("CARGO_BIN_EXE_race_condition").into(),
        };
        let arguments = step["arguments"].as_array().expect("a step has arguments");
        let arguments: Vec<&str> = arguments.iter().filter_map(Value::as_str).collect();
        let shows = step["shows"].as_str().expect("a step shows something");
        let is_shown = (0..RUNS).any(|_| {
            // As in the lesson, without verdicts on the texts.
            let mut command = command(&program, &arguments);
            let printed = Running::start(command.env("NO_CLAIMS", "1")).end().well().stdout;
            check_width(&printed);
            // Below it `classroom lesson` says what to look at, on a screen of 24 lines.
            assert!(printed.lines().count() <= 20, "more than a screen: {printed}");
            printed.contains(shows)
        });
        assert!(is_shown, "not in {RUNS} runs: {shows:?} by {program} {arguments:?}");
    }
}

#[test]
fn the_page_has_a_question_for_each_step() {
    let page = include_str!("../../README.md");
    assert_eq!(page.matches("<summary>Question ").count(), steps().len());
}
