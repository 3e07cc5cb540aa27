//! Holds lectures with the real programs, and types what a teacher or a learner would.

use std::fs;
use std::process::{Command, Stdio};

use testing::Folder;
use testing::{ProcessOutput, Running, check_width, check_wrong_usage, command, wait_until};
#[cfg(unix)]
use testing::{children_of, lives, signal};

use super::workspace::{self, PATIENCE, PROGRAM, command_in};

/// `classroom lesson` with an input of its own.
fn lesson(arguments: &[&str]) -> Command {
    let mut command = command(PROGRAM, &[&["lesson"], arguments].concat());
    command.stdin(Stdio::piped());
    command
}

/// Types these lines, one after the other, and then nothing more.
fn hold(arguments: &[&str], lines: &[&str]) -> ProcessOutput {
    let mut running = Running::start(&mut lesson(arguments));
    for line in lines {
        running.type_line(line);
    }
    // The programs may have to be built first.
    running.end_within(PATIENCE)
}

/// Checks the width of all lines but those of two files that are compared, and of a command with a path.
#[track_caller]
fn check_own_width(ended: &ProcessOutput) {
    let is_own = |line: &&str| !line.starts_with(['<', '>']) && !line.contains(" --save ");
    check_width(&ended.stdout.lines().filter(is_own).collect::<Vec<_>>().join("\n"));
}

/// Has all programs built, which may take long, so that nothing else has to wait for it.
#[cfg(unix)]
fn build() {
    let _ = hold(&["article"], &["quit"]).well();
}

#[test]
fn a_prediction_stands_beside_the_measurement_and_the_bound() {
    let folder = Folder::new("notes");
    let notes = &folder.file("my notes.html");
    // Begin; a word that is no number; a prediction; run; repeat; the two files; go on; quit at the
    // next question.
    let lines = ["", "fast", "2.5", "", "repeat", "diff", "", "quit"];
    let ended = hold(&["article", "--step", "7", "--save", notes], &lines).well();
    check_own_width(&ended);
    assert_eq!(ended.stdout.matches("  you said                 2.500 s").count(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("  measured ").count(), 2, "{ended}");
    assert_eq!(ended.stdout.matches("  bound ").count(), 2, "{ended}");
    let _ =
        ended.line_with("not understood; type a number of seconds, such as 2.5, or Enter for none");
    let _ = ended.line_with("step 8 of 8");
    let next = notes.replace(".html", "-2.html");
    let quote = if cfg!(windows) { '"' } else { '\'' };
    let _ = ended.line_with(&format!("lesson article --step 8 --save {quote}{next}{quote}"));
    assert!(
        ended.stdout.contains("> use rayon::prelude::*;"),
        "the diff shows the engine: {ended}"
    );
    let saved = fs::read_to_string(notes).expect("the notes have been saved");
    let again = hold(&["article", "--step", "7", "--save", notes], &[]).with_status(1);
    again.assert_error("choose another name");
    assert!(saved.contains("Predicted: 2.5 s."), "{saved}");
    assert!(saved.contains("cargo run -p cpu_threading"), "{saved}");
}

#[test]
fn the_votes_stand_beside_the_answer() {
    // Begin; no vote yet; no such choice; the votes, corrected; run; the answer; the question again;
    // the next one; back; out.
    let lines =
        ["", "", "d 5", "a 12 b 30 c 7", "b 3", "", "", "back", "skip", "back", "back", "quit"];
    let folder = Folder::new("votes");
    let notes = &folder.file("notes.html");
    let ended = hold(&["race", "--save", notes], &lines).well();
    check_own_width(&ended);
    let saved = fs::read_to_string(notes).expect("the notes have been saved");
    for hands in ["a: 40,000,000 (12 hands)", "(3 hands)", "the right one (7 hands)"] {
        assert!(saved.contains(hands), "no {hands:?} in {saved}");
    }
    let _ = ended.line_with("Hands: a 12, b 3, c 7. Right: 7 of 22.");
    let _ = ended.line_with("hands are typed as a 12 b 3 c 7");
    let _ = ended.line_with("Compare the column `is` of the five runs.");
    let _ = ended.line_with("No hands have been typed.");
    let _ = ended.line_with("This is the first step.");
    // The votes are there again after `back`, which is seen in their bars.
    assert_eq!(ended.stdout.matches("█ 12\n").count(), 5, "{ended}");
    // The first question, twice; with the votes, twice; after `back` from the result, from the second
    // question, and from this one.
    assert_eq!(ended.stdout.matches("step 1 of").count(), 7, "{ended}");
    let second = ended.line_with("step 2 of");
    assert!(second.ends_with(", if there is time, or skip"), "{second}");
    let _ = ended.line_with("cargo run -p classroom -- lesson race --step 1 --save ");
}

#[test]
fn a_game_is_explained_before_it_is_played() {
    // Begin; no vote; to the game; play, which this terminal is none for; the answer; quit.
    let ended = hold(&["race", "--step", "4"], &["", "", "", "", "", "quit"]).with_status(0);
    check_width(&ended.stdout);
    assert!(ended.stdout.contains("step 4 of 8 · minute 4, planned for minute 4"), "{ended}");
    let explained = ended.stdout.find("Press `1`, then `2`").expect("the keys are explained");
    let failed = ended.stdout.find("The program was stopped or has failed").expect("it has failed");
    let solution =
        ended.stdout.find("One way: `o`, then `1 2 1 2 1 2`.").expect("the solution is there");
    assert!(explained < failed && failed < solution, "{ended}");
}

#[test]
fn one_learner_says_a_letter() {
    let lines = ["", "a 1 b 2", "b", "", "", "", "", "quit"];
    let ended = hold(&["article", "--step", "3"], &lines).well();
    check_width(&ended.stdout);
    // Below the question, and below the answer.
    assert_eq!(ended.stdout.matches("  You said b.").count(), 2, "{ended}");
    assert!(!ended.stdout.contains("Hands"), "{ended}");
    let _ = ended.line_with("not understood; type one letter, or Enter for none");
    let _ = ended.line_with("To read: race_condition/README.md");
    let _ = ended.line_with("With fetch_add");
}

#[test]
fn verdicts_on_the_texts_are_left_out() {
    let ended = hold(&["race", "--step", "7"], &["", "", "", "", "quit"]).well();
    let _ = ended.line_with("18 of them end at 1, which is wrong, and 2 end at 2.");
    assert!(!ended.stdout.contains("Claim ") && !ended.stdout.contains("HOLDS"), "{ended}");
}

#[test]
fn a_time_stands_beside_that_of_the_program_before_it() {
    let lines = ["", "0.1", "", "", "0.2", "", "", "skip"];
    let ended = hold(&["article", "--step", "6"], &lines).well();
    check_width(&ended.stdout);
    let times = |name: &str| {
        let lines = ended.stdout.lines().filter(|line| line.trim_start().starts_with(name));
        lines.map(str::trim_start).map(str::to_string).collect::<Vec<String>>()
    };
    // Beside the second program, and in the table at the end.
    let [beside, last] = &times("cpu_non_concurrent ")[..] else { panic!("{ended}") };
    assert_eq!(beside.split_whitespace().nth(1), last.split_whitespace().nth(3), "{ended}");
    let [last] = &times("cpu_threading ")[..] else { panic!("{ended}") };
    assert_eq!(last.split_whitespace().nth(1), Some("0.200"), "{ended}");
    let _ = ended.line_with("That was the lesson.");
}

/// A program that is stopped answers nothing, and the lesson goes on.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_program_and_not_the_lesson() {
    build();
    let mut running = Running::start(&mut lesson(&["article", "--step", "1"]));
    for line in ["", "2", ""] {
        running.type_line(line);
    }
    let started = || running.stdout().contains("$ cargo run -p io_non_concurrent -- --quiet\n\n");
    wait_until("the program", || started() && children_of(running.id()).len() == 1);
    // As a terminal does, to both.
    let program = children_of(running.id())[0];
    signal("INT", running.id());
    signal("INT", program);
    wait_until("the end of the program", || running.stdout().contains("was stopped"));
    running.type_line("quit");
    let ended = running.end().with_status(0);
    assert!(!ended.stdout.contains("measured"), "{ended}");

    // A signal to the lesson alone ends both.
    let mut running = Running::start(&mut lesson(&["article", "--step", "1"]));
    for line in ["", "2", ""] {
        running.type_line(line);
    }
    let started = || running.stdout().contains("$ cargo run -p io_non_concurrent -- --quiet\n\n");
    wait_until("the program", || started() && children_of(running.id()).len() == 1);
    let program = children_of(running.id())[0];
    signal("TERM", running.id());
    let _ = running.end().with_status(130).line_with("lesson article --step 1");
    assert!(!lives(program));
}

/// Runs a lesson, and then another command, in a terminal of this kind, which `script` makes.
#[cfg(target_os = "linux")]
fn in_a_terminal(kind: &str, lesson: &str, then: &str) -> Running {
    build();
    let line = format!("stty rows 24 columns 80; '{PROGRAM}' lesson {lesson}; {then}");
    let mut script = command("script", &["--quiet", "--return", "--command", &line, "/dev/null"]);
    Running::start(script.stdin(Stdio::piped()).env("TERM", kind))
}

/// A game that is killed has not put the terminal back.
#[cfg(target_os = "linux")]
#[test]
fn a_game_that_is_killed_leaves_the_lesson_its_terminal() {
    let mut running = in_a_terminal("xterm", "race --step 4", "stty -a");
    for shown in ["Enter: begin", "step 4 of 8", "No hands have been typed", "Enter: play"] {
        wait_until(shown, || running.stdout().contains(shown));
        running.type_line("");
    }
    wait_until("the game", || running.stdout().contains("q quit"));
    let mut game = running.id();
    while let Some(child) = children_of(game).first() {
        game = *child;
    }
    signal("KILL", game);
    wait_until("the end of the game", || running.stdout().contains("has failed"));
    running.type_line("quit");
    let ended = running.end().with_status(0);
    assert!(ended.stdout.contains(" icanon ") && ended.stdout.contains(" echo "), "{ended}");
    let after = ended.stdout.rsplit("q quit").next().unwrap_or_default();
    assert!(after.contains("\x1b[?1049l") && after.contains("\x1b[?25h"), "{ended}");
}

/// Nor is anything cleared or coloured on a dumb terminal.
#[cfg(target_os = "linux")]
#[test]
fn what_is_typed_while_a_program_runs_is_not_obeyed() {
    let mut running = in_a_terminal("dumb", "article --step 2", "true");
    let command = "$ cargo run -p io_threading -- --quiet";
    for (shown, times, typed) in [
        ("Enter: begin", 1, ""),
        (command, 1, "3"),    // below the question
        (command, 2, ""),     // and again, with the prediction
        (command, 3, "quit"), // above the output
        ("Enter: go on", 1, ""),
        ("step 3 of 8", 1, "quit"),
    ] {
        wait_until(shown, || running.stdout().matches(shown).count() == times);
        running.type_line(typed);
    }
    let ended = running.end().with_status(0);
    let _ = ended.line_with("  measured ");
    assert!(!ended.stdout.contains('\x1b'), "{ended}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_at_a_question_ends_it() {
    build();
    let mut running = Running::start(&mut lesson(&["article", "--step", "6"]));
    running.type_line("");
    wait_until("the question", || running.stdout().contains("step 6 of 8"));
    signal("INT", running.id());
    let ended = running.end().with_status(130);
    assert_eq!(ended.stderr, "", "{ended}");
    let _ = ended.line_with("cargo run -p classroom -- lesson article --step 6");
}

/// Starts `lesson article` in this folder, with other programs and this plan.
fn start_other(folder: &Folder, programs: &[(&str, &str)], plan: &str) -> Running {
    workspace::make(folder.path(), programs);
    fs::write(folder.path().join("classroom/article.json"), plan).expect("there is room");
    let mut command = command_in(folder.path(), &["lesson", "article"]);
    Running::start(command.stdin(Stdio::piped()))
}

#[cfg(unix)]
#[test]
fn what_a_program_leaves_behind_holds_up_no_lesson() {
    let folder = Folder::new("leaves");
    // It removes itself, too.
    let body = "std::fs::remove_file(std::env::current_exe().unwrap()).unwrap();
                let mut sleep = std::process::Command::new(\"sleep\");
                let sleep = sleep.arg(\"1000\").stderr(std::process::Stdio::null()).spawn();
                println!(\"sleep {}\", sleep.unwrap().id());";
    let plan = r#"{"title": "t", "steps": [{"question": "q", "say": "s", "program": "io_mp",
                   "choices": {"a": "1", "b": "2"}, "answer": "a"}]}"#;
    let mut running = start_other(&folder, &[("io_mp/src/main.rs", body)], plan);
    for line in ["", "a", "", "repeat"] {
        running.type_line(line);
    }
    let ended = running.end_within(PATIENCE).with_status(1);
    signal("KILL", ended.line_with("sleep ").trim_start_matches("sleep "));
    let _ = ended.line_with("a is right: 1");
    ended.assert_error("Error: Cannot start io_mp: No such file or directory");
    let _ = ended.line_with("cargo run -p classroom -- lesson article --step 1");
}

/// The pipe that it prints to is full.
#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_it_while_nobody_reads() {
    use std::io::Write;

    let (_read, mut write) = std::io::pipe().expect("there is room for a pipe");
    write.write_all(&vec![0; 1 << 16]).expect("a pipe holds so much");
    let running = Running::start_with_stdout(lesson(&["race"]).stdout(write));
    let is_listening = || {
        let status = fs::read_to_string(format!("/proc/{}/status", running.id()));
        let status = status.unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:\t"));
        u64::from_str_radix(caught.unwrap_or_default(), 16).is_ok_and(|signals| signals & 2 != 0)
    };
    wait_until("the lesson listens", is_listening);
    signal("INT", running.id());
    let _ = running.end().with_status(130);
}

#[test]
fn notes_that_appear_meanwhile_are_not_touched() {
    let folder = Folder::new("taken");
    let notes = &folder.file("notes.html");
    let mut running = Running::start(&mut lesson(&["race", "--save", notes]));
    let begins = || running.stdout().contains("Enter: begin");
    wait_until("all is ready", begins);
    fs::write(notes, "mine").expect("there is room");
    running.type_line("");
    running.end().with_status(1).assert_error("choose another name");
    assert_eq!(fs::read_to_string(notes).ok().as_deref(), Some("mine"));
}

#[test]
fn a_mistake_in_a_plan_is_one_sentence() {
    let folder = Folder::new("plan");
    let plan = r#"{"title": "t", "minutess": 3, "steps": []}"#;
    let ended = start_other(&folder, &[], plan).end().with_status(1);
    let beginning = "Error: Cannot read the plan classroom/article.json: unknown field `minutess`";
    assert!(ended.stderr.starts_with(beginning), "{ended}");
    assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
}

#[test]
fn wrong_usage_is_named() {
    for (arguments, named) in [
        (&["lesson", "physics"][..], "physics"),
        (&["lesson", "race", "--save", "notes.txt"], ".html"),
        (&["lesson", "race", "--step", "0"], "at least 1"),
    ] {
        check_wrong_usage(PROGRAM, arguments, &[named]);
    }
    let ended = hold(&["article", "--step", "99"], &[]).with_status(1);
    assert_eq!(ended.stderr, "Error: There is no step 99: this lesson has 8\n");
    let ended = hold(&[], &[]).with_status(2);
    assert!(ended.stderr.contains("race: the race condition"), "{ended}");
}
