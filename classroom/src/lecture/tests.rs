//! Lessons that are held without a terminal.

use std::collections::BTreeMap;
use std::path::Path;

use console::strip_ansi_codes;

use super::class::Seen;
use super::files::plan_file;
use super::plan::Plan;
use super::program::Demonstration;
use super::questions::Question;
use super::race::Stage;
use super::record::{Record, now};
use super::screen::screen;
use super::state::{Action, Lesson, Place};
use super::votes::Votes;

/// A lesson for a class: a race, a step if there is time, one to leave out, a poll.
const PLAN: &str = r#"{"title": "A title that is far too long for one line of a screen", "minutes": 12,
    "opening": "Look.", "learned": ["Learned."], "steps": [
    {"minute": 1, "question": "One?", "choices": {"a": "no", "b": "yes"}, "answer": "b",
     "run": "cargo run -p scheduler", "lines": ["run "], "shows": "different results", "say": "Said.",
     "also": [{"when": "half", "say": "Half."}], "otherwise": "Type repeat."},
    {"question": "Two?", "choices": {"a": "no", "b": "yes"}, "answer": "a"},
    {"minute": 6, "spare": true, "question": "Three?", "choices": {"a": "no", "b": "yes"}, "answer": "a", "say": "No."},
    {"minute": 9, "question": "Four?", "choices": {"a": "no", "b": "yes"}, "say": "Thank you."}]}"#;

fn plan() -> Plan {
    Plan::parse(PLAN).expect("it is a plan")
}

fn begin<'a>(plan: &'a Plan, questions: &'a [Question]) -> Lesson<'a> {
    Lesson::new(plan, questions, Record::new(plan), Lesson::beginning(plan, 0))
}

/// Types these lines; the last action.
fn obey(lesson: &mut Lesson, lines: &[&str]) -> Action {
    lines.iter().map(|line| lesson.obey(line)).last().expect("something is typed")
}

/// The screen after so many minutes, without colours.
fn shown(lesson: &Lesson, minutes: u64) -> String {
    let lines = screen(lesson, now() + 60 * minutes);
    assert!(lines.len() <= 23, "more than a screen: {lines:#?}");
    let text = strip_ansi_codes(&lines.join("\n")).into_owned();
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{text}");
    text
}

fn run(lines: &[&str]) -> Demonstration {
    let lines = lines.iter().map(|line| (*line).to_string()).collect();
    Demonstration { has_ended_well: true, lines, ..Demonstration::default() }
}

#[test]
fn enter_leads_along_the_planned_steps() {
    let plan = plan();
    let mut lesson = begin(&plan, &[]);
    assert!(shown(&lesson, 0).contains("Look."));
    obey(&mut lesson, &[""]);
    assert!(shown(&lesson, 0).contains("Type hands: a 12 b 3   Enter"));
    assert_eq!(obey(&mut lesson, &["3 7", ""]), Action::Run(0));
    lesson.has_run(0, run(&["run 1", "other", "with 2 different results"]), None);
    assert!(shown(&lesson, 1).contains("other"));
    obey(&mut lesson, &[""]);
    let answer = shown(&lesson, 1);
    for line in [
        "b is right: yes",
        "b ██████████████████████████████ 7",
        "run 1",
        "Said.",
        "Enter: step 3 (minute 6)",
        "if there is time: 2",
    ] {
        assert!(answer.contains(line), "no {line:?} in {answer}");
    }
    assert!(!answer.contains("other") && !answer.contains("Half."), "{answer}");
    obey(&mut lesson, &["output"]);
    assert!(shown(&lesson, 1).contains("other"));
    obey(&mut lesson, &["", ""]);
    assert_eq!(lesson.place, Place::Question(2));
    obey(&mut lesson, &["back", "step 2", "1 0", "", ""]);
    assert_eq!(lesson.place, Place::Question(2));
    // A poll has no right answer.
    obey(&mut lesson, &["skip", "4 6", ""]);
    let poll = shown(&lesson, 10);
    assert!(poll.contains("Thank you.") && !poll.contains("right"), "{poll}");
    obey(&mut lesson, &[""]);
    let end = shown(&lesson, 11);
    for line in ["in 11 minutes", "Learned.", "Right: step 1: 7 of 10 · step 2: 1 of 1"] {
        assert!(end.contains(line), "no {line:?} in {end}");
    }
    assert_eq!(obey(&mut lesson, &[""]), Action::Leave);
}

#[test]
fn what_the_program_has_shown_decides_what_is_said() {
    let plan = plan();
    let mut lesson = begin(&plan, &[]);
    obey(&mut lesson, &["", "3 7", ""]);
    for (line, said, not_said) in [
        ("with 5 different results", "Said.", "Half."),
        ("half, with 5 different results", "Half.", "did not show"),
        ("half, with 1 different result", "It did not show this time.", "Said."),
    ] {
        lesson.has_run(0, run(&[line]), None);
        obey(&mut lesson, &[""]);
        let answer = shown(&lesson, 1);
        assert!(answer.contains(said) && !answer.contains(not_said), "{answer}");
    }
    lesson.has_run(0, run(&["with 5 different results", experiment::CANNOT_TELL]), None);
    obey(&mut lesson, &[""]);
    assert!(shown(&lesson, 1).contains("other programs have the cores"));
    lesson.has_run(0, Demonstration::default(), None);
    assert!(shown(&lesson, 1).contains("was stopped or has failed"));
}

#[test]
fn of_an_output_empty_lines_are_left_out_first() {
    let plan = plan();
    let mut lesson = begin(&plan, &[]);
    obey(&mut lesson, &["", "3 7", ""]);
    let output: Vec<&str> = "first,,,second,,,third".split(',').chain(["more"; 14]).collect();
    lesson.has_run(0, run(&[&output[..], &["last"]].concat()), None);
    let whole = ["first", "second", "third", "last"];
    let is_whole = |shown: String| whole.iter().all(|line| shown.contains(line));
    assert!(is_whole(shown(&lesson, 1)), "{}", shown(&lesson, 1));
    // What is said takes a line.
    obey(&mut lesson, &["nothing"]);
    assert!(is_whole(shown(&lesson, 1)), "{}", shown(&lesson, 1));
}

#[test]
fn votes_are_never_lost() {
    let plan = plan();
    let mut lesson = begin(&plan, &[]);
    let votes = |lesson: &Lesson| lesson.record.steps[0].votes.as_ref().map(ToString::to_string);
    obey(&mut lesson, &["", "a 12, b 3", "b", "x", "12 3 4"]);
    assert_eq!(votes(&lesson).as_deref(), Some("a 12, b 3"));
    assert!(shown(&lesson, 0).contains("Not understood. Hands are typed as a 12 b 3"));
    obey(&mut lesson, &["b 5", "undo"]);
    assert_eq!(votes(&lesson).as_deref(), Some("a 12, b 3"));
    obey(&mut lesson, &["a 5", "b 5"]);
    assert!(shown(&lesson, 0).contains("again: a second vote"));
    obey(&mut lesson, &["again"]);
    assert!(shown(&lesson, 0).contains("before: "));
    obey(&mut lesson, &["2 8"]);
    assert!(shown(&lesson, 0).contains("8 (before: 5)"));
    // Ctrl-C asks.
    assert_eq!(lesson.interrupt(), Action::Draw);
    assert!(shown(&lesson, 0).contains("End the lesson?"));
    assert_eq!(obey(&mut lesson, &[""]), Action::Draw);
    assert_eq!(votes(&lesson).as_deref(), Some("a 2, b 8"));
    lesson.interrupt();
    assert_eq!(obey(&mut lesson, &["y"]), Action::Leave);
    lesson.interrupt();
    assert_eq!(lesson.interrupt(), Action::Leave);
}

#[test]
fn the_clock_says_how_late_it_is_and_what_to_leave_out() {
    let plan = plan();
    let mut lesson = begin(&plan, &[]);
    obey(&mut lesson, &["", "3 7"]);
    assert!(shown(&lesson, 2).contains("… step 1 of 4 · minute 2 of 12"));
    assert!(!shown(&lesson, 2).contains("late"));
    assert!(shown(&lesson, 3).contains("2 minutes late: leave out step 3"));
    // The answer may take until the next step.
    lesson.has_run(0, run(&["different results"]), None);
    assert!(!shown(&lesson, 6).contains("late"));
    assert!(shown(&lesson, 8).contains("2 minutes late: leave out step 3"));
    obey(&mut lesson, &["step 4"]);
    assert!(
        shown(&lesson, 12).contains(" 3 minutes late ─")
            || shown(&lesson, 12).contains(" 3 minutes late ")
    );
}

#[test]
fn a_question_of_a_student_is_answered_and_the_lesson_goes_on() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
    let questions = Question::all(workspace).expect("the page is there");
    let plan = plan();
    let mut lesson = begin(&plan, &questions);
    obey(&mut lesson, &["", "3 7", "ask"]);
    assert!(shown(&lesson, 0).contains("ask seqcst"));
    obey(&mut lesson, &["ask seqcst"]);
    assert!(shown(&lesson, 0).contains("$ cargo run -p race_condition --example strictest_order"));
    assert!(matches!(obey(&mut lesson, &[""]), Action::Prove(_)));
    lesson.has_proved(run(&["the same numbers"]));
    assert!(shown(&lesson, 0).contains("the same numbers"));
    obey(&mut lesson, &[""]);
    assert_eq!(lesson.place, Place::Question(0));
    obey(&mut lesson, &["ask nobody"]);
    assert!(shown(&lesson, 0).contains("There is no question nobody; there are noshow, half"));
}

#[test]
fn the_race_on_the_phones_comes_after_its_answer_and_has_three_rounds_or_four() {
    let with_race = PLAN.replacen("\"shows\"", "\"race_on_phones\": 10, \"shows\"", 1);
    let plan = Plan::parse(&with_race).expect("it is a plan");
    let mut lesson = begin(&plan, &[]);
    lesson.place = Place::Answer(0);
    obey(&mut lesson, &[""]);
    assert_eq!(lesson.place, Place::Question(2), "without phones there is no race");
    lesson.place = Place::Answer(0);
    lesson.phones = Some(Seen::default());
    assert!(shown(&lesson, 1).contains("Enter: step 3"), "no phone is here");
    lesson.phones = Some(Seen { here: 2, ..Seen::default() });
    assert!(shown(&lesson, 1).contains("Enter: the race on the phones"));
    for (lines, round, stage, enter) in [
        (&[""][..], 0, Stage::Open, "Enter: close the round"),
        (&[""], 0, Stage::Closed, "Enter: With a Mutex"),
        (&["", ""], 1, Stage::Closed, "Enter: With fetch_add"),
        (&["", ""], 2, Stage::Closed, "Enter: step 3   race 4: compare-and-swap   undo"),
        (&["undo"], 2, Stage::Open, "Enter: close the round"),
        (&["race 4", ""], 3, Stage::Closed, "Enter: step 3"),
    ] {
        obey(&mut lesson, lines);
        let Place::Race(racing) = &lesson.place else { panic!("{lines:?}") };
        assert_eq!((racing.step, racing.round, racing.stage), (0, round, stage));
        let shown = shown(&lesson, 1);
        assert!(shown.contains(enter), "no {enter} in {shown}");
    }
    obey(&mut lesson, &["race 9", "phones", "", ""]);
    assert_eq!(lesson.place, Place::Question(2));
    // From another step it comes back to it, and takes no vote back.
    obey(&mut lesson, &["race 3", "undo", "skip"]);
    assert_eq!(lesson.place, Place::Question(2));
    obey(&mut lesson, &["race", "back"]);
    assert_eq!(lesson.place, Place::Question(2));
    // A vote of the phones is closed first, and then the lesson goes on.
    let votes = Votes::from(BTreeMap::from([('a', 3), ('b', 1)]));
    lesson.phones = Some(Seen { votes: Some(votes), ..Seen::default() });
    obey(&mut lesson, &[""]);
    assert!(shown(&lesson, 1).contains("█ 3"));
    obey(&mut lesson, &[""]);
    assert_eq!(lesson.place, Place::Answer(2));
}

#[test]
fn the_help_fits() {
    let help = super::texts::help(true);
    assert!(help.len() < super::screen::PAGE, "{help:#?}");
    for line in help {
        assert!(line.chars().count() < super::draw::COLUMNS, "{line}");
    }
}

#[test]
fn every_screen_of_every_plan_fits() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
    for name in ["race", "waiting", "article"] {
        let plan = Plan::read(&plan_file(workspace, name));
        let plan = plan.unwrap_or_else(|error| panic!("{error}"));
        let mut lesson = begin(&plan, &[]);
        shown(&lesson, 0);
        for (number, step) in plan.steps.iter().enumerate() {
            // All that could be said, below a full excerpt.
            let also = step.also.iter().map(|also| also.when.as_str());
            let lines: Vec<&str> = step
                .lines
                .iter()
                .map(String::as_str)
                .chain(also)
                .chain(step.shows.as_deref())
                .collect();
            for place in [Place::Question(number), Place::Rules(number), Place::Answer(number)] {
                lesson.place = place;
                obey(&mut lesson, &["12 3 7", "12 3"]);
                let whole = shown(&lesson, 99);
                assert!(whole.contains("?: help"), "{whole}");
            }
            lesson.has_run(number, run(&lines), None);
            lesson.place = Place::Answer(number);
            let answer = shown(&lesson, 99);
            for sentence in lesson.sentences(number) {
                let last = sentence.split_whitespace().last().unwrap_or_default();
                assert!(answer.contains(last), "no {last:?} in {answer}");
            }
            lesson.phones = Some(Seen { lines: vec!["a line".into(); 3], ..Seen::default() });
            for place in [Place::Question(number), Place::Rules(number)] {
                lesson.place = place;
                let whole = shown(&lesson, 99);
                assert_eq!(whole.lines().count(), 23, "{whole}");
                let is_live = lesson.place == Place::Rules(number);
                assert_eq!(whole.contains(&"a line\n".repeat(3)), is_live, "{whole}");
            }
            lesson.phones = None;
            if step.picture.is_none() {
                assert!(
                    lesson.excerpt(number).iter().all(|line| answer.contains(line)),
                    "{answer}"
                );
            }
        }
        lesson.place = Place::End;
        let end = shown(&lesson, 20);
        assert!(!end.lines().any(|line| line.ends_with("step")), "{end}");
    }
}
