//! The plan of the race lesson is data: each of its programs can be run and shows what it should.

use serde_json::Value;
use testing::{Running, check_width, command, example};

/// How often a program may be run until it shows what it should: other programs may have had the
/// cores, and then the plan says to run it again.
const RUNS: usize = 5;

#[test]
fn what_the_plan_waits_for_is_printed_on_one_screen() {
    let plan = include_str!("../../../classroom/plans/race.json");
    let plan: Value = serde_json::from_str(plan).expect("it is JSON");
    let mut checked = 0;
    for step in plan["steps"].as_array().expect("the plan has steps") {
        // Those of other packages are tested there.
        let typed = step["run"].as_str().expect("a step runs something");
        let Some(rest) = typed.strip_prefix("cargo run -p race_condition") else { continue };
        let (program, arguments) = rest.split_once(" -- ").unwrap_or((rest, ""));
        let program = match program.trim().strip_prefix("--example ") {
            Some(name) => example(name),
            None => env!("CARGO_BIN_EXE_race_condition").into(),
        };
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let shows = step["shows"].as_str().expect("a step shows something");
        let is_shown = (0..RUNS).any(|_| {
            // As in the lesson, without verdicts on the texts.
            let mut command = command(&program, &arguments);
            let printed = Running::start(command.env("NO_CLAIMS", "1")).end().well().stdout;
            check_width(&printed);
            // Above it stand the title and the command, and below it what to look at and the keys. Where
            // there is no room for empty lines, the lesson leaves them out.
            let lines = printed.lines().filter(|line| !line.is_empty()).count();
            assert!(lines <= 19, "more than a screen: {printed}");
            printed.contains(shows)
        });
        assert!(is_shown, "not in {RUNS} runs: {shows:?} by {typed}");
        checked += 1;
    }
    assert!(checked > 2, "only {checked} commands");
}
