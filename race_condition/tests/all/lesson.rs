//! The lesson plan is data, `lesson.json`: the page says the same, and the programs do what it says.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use testing::{check_width, example, run};

/// How often a program may be run until it shows what it should.
const RUNS: usize = 5;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn plan() -> Value {
    serde_json::from_str(&read("lesson.json")).expect("the plan is JSON")
}

fn steps(plan: &Value) -> &[Value] {
    plan["steps"].as_array().expect("the plan has steps")
}

/// A text of a step.
#[track_caller]
fn text<'a>(step: &'a Value, name: &str) -> &'a str {
    step[name].as_str().unwrap_or_else(|| panic!("no {name} in {step:#}"))
}

fn arguments(step: &Value) -> Vec<&str> {
    let arguments = step["arguments"].as_array().expect("a step has arguments").iter();
    arguments.map(|argument| argument.as_str().expect("an argument is a text")).collect()
}

/// The letters that can be voted for, and what they stand for.
fn choices(step: &Value) -> Vec<(&str, &str)> {
    let choices = step["choices"].as_object().expect("a step has choices").iter();
    choices.map(|(letter, choice)| (&**letter, choice.as_str().unwrap_or_default())).collect()
}

/// When a step begins; nothing if it is for when there is time.
fn minute(step: &Value) -> Option<u64> {
    step["minute"].as_u64()
}

/// What one types for it.
fn command(step: &Value) -> String {
    let mut words = vec!["cargo run -p", text(step, "program")];
    words.extend(step["example"].as_str().into_iter().flat_map(|example| ["--example", example]));
    let arguments = arguments(step);
    words.extend((!arguments.is_empty()).then_some("--"));
    words.extend(arguments);
    words.join(" ")
}

/// A text with one space between all words.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_shows_the_plan() {
    let page = read("README.md");
    let lesson = page.split("\n## The lesson, ").nth(1).expect("the page has this section");
    let lesson = words(lesson.split("\n## ").next().unwrap_or_default());
    let plan = plan();
    assert!(lesson.starts_with(&format!("{} minutes", plan["minutes"])), "{lesson}");

    let mut rows = Vec::new();
    for (number, step) in (1..).zip(steps(&plan)) {
        let choices =
            choices(step).into_iter().map(|(letter, choice)| format!("**{letter}** {choice}"));
        let choices = choices.collect::<Vec<_>>().join("; ");
        let minute = minute(step).map_or("+".into(), |minute| minute.to_string());
        let question = text(step, "question");
        assert!(command(step).len() < 80, "too long for a line: {}", command(step));
        rows.push(format!("| {number} | {minute} | {question} {choices} | `{}` |", command(step)));

        let [answer, tell, say, otherwise] =
            ["answer", "tell", "say", "otherwise"].map(|name| text(step, name));
        let folded = format!(
            "<details><summary>Question {number}: the answer</summary> **{answer}.** {tell} *Say:* \
             {say} *If it does not show, or the class is stuck:* {otherwise} </details>"
        );
        assert!(lesson.contains(&words(&folded)), "not on the page: {folded}");
    }
    let head = "| question | minute | ask, and let the class vote | then run | |---:|---:|---|---|";
    let rows = format!("board. {head} {}", rows.join(" "));
    assert!(lesson.contains(&words(&rows)), "not on the page: {rows}");
    assert_eq!(lesson.matches("<details>").count(), steps(&plan).len(), "each is of a step");
}

#[test]
fn the_plan_is_in_order_and_every_answer_is_a_choice() {
    let plan = plan();
    assert!(!text(&plan, "title").is_empty());
    let minutes: Vec<u64> = steps(&plan).iter().filter_map(minute).collect();
    assert!(minutes.is_sorted_by(|a, b| a < b), "{minutes:?}");
    assert!(minutes.last() < plan["minutes"].as_u64().as_ref(), "{minutes:?}");
    assert!(plan["minutes"].as_u64() < plan["minutes_of_all"].as_u64());
    for step in steps(&plan) {
        let letters: Vec<&str> = choices(step).into_iter().map(|(letter, _)| letter).collect();
        assert_eq!(letters, ["a", "b", "c"], "{step:#}");
        assert!(letters.contains(&text(step, "answer")), "{step:#}");
        for name in ["question", "program", "tell", "say", "otherwise"] {
            assert!(!text(step, name).is_empty(), "{step:#}");
        }
        if let Some(example) = step["example"].as_str() {
            let examples = folder().join("examples");
            let places: [PathBuf; 2] = [format!("{example}.rs"), format!("{example}/main.rs")]
                .map(|place| examples.join(place));
            assert!(places.iter().any(|place| place.is_file()), "there is no example {example}");
        }
    }
}

#[test]
fn what_the_plan_waits_for_is_printed_on_one_screen() {
    let plan = plan();
    let (played, others): (Vec<_>, Vec<_>) =
        steps(&plan).iter().partition(|step| step["played"] == true);
    assert_eq!(played.len(), 3, "the levels of the scheduler");
    for step in others {
        let shows = text(step, "shows");
        let program = match step["example"].as_str() {
            Some(name) => example(name),
            None => env!("CARGO_BIN_EXE_race_condition").into(),
        };
        // Other programs may have had the cores. Then the plan says to run it again.
        let is_shown = (0..RUNS).any(|_| {
            let ended = run(&program, &arguments(step)).well();
            check_width(&ended.stdout);
            // Below it `classroom lesson` says what to look at, on a screen of 24 lines.
            assert!(ended.stdout.lines().count() <= 20, "more than a screen: {ended}");
            ended.stdout.contains(shows)
        });
        assert!(is_shown, "not in {RUNS} runs: {shows:?} by {}", command(step));
    }
}
