//! Holds lectures with the real programs, and types what a teacher or a learner would.

use std::fs;
use std::process::{Command, Stdio};

use testing::Folder;
use testing::{ProcessOutput, Running, check_width, check_wrong_usage, command, run, wait_until};
#[cfg(unix)]
use testing::{children_of, lives, signal};

use super::workspace::{self, PATIENCE, PROGRAM, command_in};

/// `classroom lesson` with an input of its own.
pub fn lesson(arguments: &[&str]) -> Command {
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
    running.close_input();
    // The programs may have to be built first.
    running.end_within(PATIENCE)
}

/// What a lesson prints fits on a screen, but for a command with a path.
#[track_caller]
fn check_own_width(ended: &ProcessOutput) {
    let is_own = |line: &&str| !line.contains("-- lesson ") && !line.contains(": /");
    check_width(&ended.stdout.lines().filter(is_own).collect::<Vec<_>>().join("\n"));
}

/// A plan of a test's own in this folder, under a name that no other test has: lessons are kept by it.
pub fn plan_file(folder: &Folder, plan: &str) -> String {
    let name = folder.path().file_name().expect("it has a name").to_string_lossy().into_owned();
    let file = folder.file(&format!("{name}.json"));
    fs::write(&file, plan).expect("there is room");
    file
}

/// A copy of a plan that is here already, in this folder: lessons that go on are kept by the file's name.
fn copy(folder: &Folder, name: &str) -> String {
    let file = format!("{}/plans/{name}.json", env!("CARGO_MANIFEST_DIR"));
    plan_file(folder, &fs::read_to_string(file).expect("it is there"))
}

/// Has all programs built, which may take long, so that nothing else has to wait for it.
#[cfg(unix)]
fn build() {
    let _ = hold(&["article"], &[]).well();
}

#[test]
fn a_prediction_stands_beside_the_measurement_and_the_bound() {
    let folder = Folder::new("a_prediction_stands_");
    let plan = &copy(&folder, "article");
    // A word that is no number; a prediction; run; the answer; the two files; back; run again; the
    // answer; the next question; out.
    let lines = ["", "fast", "2.5", "", "", "diff", "back", "repeat", "", ""];
    let ended = hold(&[plan, "--step", "7"], &lines).well();
    check_own_width(&ended);
    assert_eq!(ended.stdout.matches("  you said                 2.500 s").count(), 3, "{ended}");
    assert_eq!(ended.stdout.matches("  measured ").count(), 3, "{ended}");
    assert_eq!(ended.stdout.matches("  bound ").count(), 3, "{ended}");
    let _ = ended.line_with("Not understood. Type a number of seconds, such as 2.5");
    for text in
        ["In the article: CPU-Bound, threading and asyncio", "To open: cpu_threading/src/main.rs"]
    {
        assert!(ended.stdout.contains(text), "no {text:?} in {ended}");
    }
    assert!(ended.stdout.contains("\n+use rayon::prelude::*;\n"), "the engine: {ended}");
    assert!(!ended.stdout.contains("//!"), "the heads of the files tell the answer: {ended}");
    let _ = ended.line_with("step 8 of 8");
    let _ = ended.line_with(" --step 8");
}

/// A lesson that ends in the middle goes on with its votes, its clock and its notes.
#[test]
fn a_lesson_goes_on_where_it_ended() {
    let folder = Folder::new("goes-on");
    let plan = r#"{"title": "t", "minutes": 9, "steps": [
        {"minute": 0, "question": "One?", "choices": {"a": "1", "b": "2"}, "answer": "b"},
        {"minute": 4, "question": "Two?", "choices": {"a": "1", "b": "2"}, "answer": "a"}]}"#;
    let plan = &plan_file(&folder, plan);
    let notes = &folder.file("my notes.html");
    let save = [&**plan, "--save", notes];
    let ended = hold(&save, &["", "12 3", "b 5", "", ""]).well();
    check_own_width(&ended);
    assert!(ended.line_with("-- lesson ").ends_with(" --step 2"), "{ended}");
    // A lone letter is no vote.
    let lines = ["", "b", "4 0", "", "", "back", "back", "", "", ""];
    let ended = hold(&[plan, "--step", "2"], &lines).well();
    let _ = ended.line_with(", with 1 answer kept.");
    let _ = ended.line_with("How many hands for b?");
    assert_eq!(
        ended.stdout.matches("Right: step 1: 5 of 17 · step 2: 4 of 4").count(),
        2,
        "{ended}"
    );
    let saved = fs::read_to_string(notes).expect("the notes have been saved");
    for hands in ["</meter> 12 votes", "</meter> 5 votes<td>✓ right", "</meter> 4 votes<td>✓ right"]
    {
        assert!(saved.contains(hands), "no {hands:?} in {saved}");
    }
    // Another lesson does not touch them.
    hold(&save, &[]).with_status(1).assert_error("choose another name");
    assert_eq!(fs::read_to_string(notes).ok(), Some(saved));
}

#[test]
fn a_game_is_explained_before_it_is_played_and_has_a_picture() {
    let folder = Folder::new("a_game_is_explained_");
    let plan = &copy(&folder, "race");
    // Begin; no vote; to the game; play, which this terminal is none for; the answer.
    let ended = hold(&[plan, "--step", "4"], &["", "", "", "", ""]).with_status(0);
    check_own_width(&ended);
    let at =
        |text: &str| ended.stdout.find(text).unwrap_or_else(|| panic!("no {text:?} in {ended}"));
    let explained = at("1 and 2 let that thread run");
    let failed = at("The program was stopped or has failed");
    let picture = at("5  store  counter = 1");
    assert!(explained < failed && failed < picture, "{ended}");
    let _ = ended.line_with("One way: `o`, then `1 2 1 2 1 2`.");
}

#[test]
fn one_learner_says_a_letter_and_the_answer_shows_what_it_speaks_of() {
    let folder = Folder::new("one_learner_says_a_l");
    let plan = &copy(&folder, "article");
    let lines = ["", "a 1 b 2", "b", "", ""];
    let ended = hold(&[plan, "--step", "3"], &lines).well();
    check_own_width(&ended);
    assert_eq!(ended.stdout.matches("You said b.").count(), 2, "{ended}");
    let _ = ended.line_with("Not understood. Type one letter, or Enter for none");
    let answer = &ended.stdout[ended.stdout.find("c is right").expect("the answer is there")..];
    assert!(
        answer.contains("\nRead, switch, write") && !answer.contains("With fetch_add"),
        "{ended}"
    );
}

#[test]
fn verdicts_on_the_texts_are_left_out() {
    let ended = hold(&["race", "--step", "7"], &["", "", "", ""]).well();
    let _ = ended.line_with("The share depends on how steps are counted");
    assert!(!ended.stdout.contains("Claim ") && !ended.stdout.contains("HOLDS"), "{ended}");
}

#[test]
fn a_time_stands_beside_that_of_the_program_before_it() {
    let folder = Folder::new("a_time_stands_beside");
    let plan = &copy(&folder, "article");
    let lines = ["", "0.1", "", "", "", "0.2", "", "", "", "skip", ""];
    let ended = hold(&[plan, "--step", "6"], &lines).well();
    check_own_width(&ended);
    let times = |name: &str| {
        let lines = ended.stdout.lines().filter(|line| line.trim_start().starts_with(name));
        lines.map(str::trim_start).map(str::to_string).collect::<Vec<String>>()
    };
    // Beside the second program, and in the table at the end.
    let [beside, last] = &times("cpu_non_concurrent ")[..] else { panic!("{ended}") };
    assert_eq!(beside.split_whitespace().nth(1), last.split_whitespace().nth(3), "{ended}");
    let [last] = &times("cpu_threading ")[..] else { panic!("{ended}") };
    assert_eq!(last.split_whitespace().nth(1), Some("0.200"), "{ended}");
    let _ = ended.line_with("That was the lesson, in ");
}

/// A program that is stopped answers nothing, and the lesson goes on.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_program_and_not_the_lesson() {
    let folder = Folder::new("ctrl_c_ends_a_progra");
    let plan = &copy(&folder, "article");
    build();
    let started = |running: &Running| {
        let commands =
            running.stdout().matches("$ cargo run -p io_non_concurrent -- --quiet").count();
        commands == 3 && children_of(running.id()).len() == 1
    };
    let mut running = Running::start(&mut lesson(&[plan, "--step", "1"]));
    for line in ["", "", "2", ""] {
        running.type_line(line);
    }
    wait_until("the program", || started(&running));
    // As a terminal does, to both.
    let program = children_of(running.id())[0];
    signal("INT", running.id());
    signal("INT", program);
    wait_until("the end of the program", || running.stdout().contains("was stopped"));
    running.type_line("quit");
    running.type_line("y");
    let ended = running.end().with_status(0);
    assert!(!ended.stdout.contains("measured"), "{ended}");

    // A signal to the lesson alone ends both.
    let mut running = Running::start(&mut lesson(&[plan, "--step", "1"]));
    for line in ["", "", "2", ""] {
        running.type_line(line);
    }
    wait_until("the program", || started(&running));
    let program = children_of(running.id())[0];
    signal("TERM", running.id());
    let _ = running.end().with_status(130).line_with(" --step 1");
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
    let folder = Folder::new("a_game_that_is_kille");
    let plan = &copy(&folder, "race");
    let mut running = in_a_terminal("xterm", &format!("'{plan}' --step 4"), "stty -a");
    for shown in ["Enter: begin", "Type hands", "Nobody has voted", "Enter: play"] {
        wait_until(shown, || running.stdout().contains(shown));
        running.type_line("");
    }
    wait_until("the game", || running.stdout().contains("q back to the lesson"));
    let mut game = running.id();
    while let Some(child) = children_of(game).first() {
        game = *child;
    }
    signal("KILL", game);
    wait_until("the end of the game", || running.stdout().contains("has failed"));
    running.type_line("quit");
    running.type_line("y");
    let ended = running.end().with_status(0);
    assert!(ended.stdout.contains(" icanon ") && ended.stdout.contains(" echo "), "{ended}");
    let after = ended.stdout.rsplit("q back to the lesson").next().unwrap_or_default();
    assert!(after.contains("\x1b[?1049l") && after.contains("\x1b[?25h"), "{ended}");
}

/// Nor is anything cleared or coloured on a dumb terminal.
#[cfg(target_os = "linux")]
#[test]
fn what_is_typed_while_a_program_runs_is_not_obeyed() {
    let folder = Folder::new("what_is_typed_while_");
    let plan = &copy(&folder, "article");
    let mut running = in_a_terminal("dumb", &format!("'{plan}' --step 2"), "true");
    let command = "$ cargo run -p io_threading -- --quiet";
    for (shown, times, typed) in [
        ("Enter: begin", 1, ""),
        (command, 1, "3"),    // below the question
        (command, 2, ""),     // and again, with the prediction
        (command, 3, "quit"), // above the output
        ("Enter: the answer", 1, ""),
        ("Enter: step 3", 1, ""),
        ("step 3 of 8", 1, "quit"),
        ("End the lesson?", 1, "y"),
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
fn ctrl_c_at_a_question_asks_and_loses_nothing() {
    let folder = Folder::new("ctrl_c_at_a_question");
    let plan = &copy(&folder, "article");
    build();
    let mut running = Running::start(&mut lesson(&[plan, "--step", "6"]));
    running.type_line("");
    running.type_line("7.5");
    wait_until("the question", || running.stdout().contains("You said 7.5 s."));
    let asked = |times| move |shown: String| shown.matches("End the lesson?").count() == times;
    signal("INT", running.id());
    wait_until("it asks", || asked(1)(running.stdout()));
    running.type_line("");
    wait_until("it goes on", || running.stdout().matches("You said 7.5 s.").count() == 3);
    signal("INT", running.id());
    wait_until("it asks again", || asked(2)(running.stdout()));
    running.type_line("y");
    let ended = running.end().with_status(0);
    assert_eq!(ended.stderr, "", "{ended}");
    let _ = ended.line_with(" --step 6");

    // A signal that is no key ends it at once.
    let mut running = Running::start(&mut lesson(&[plan, "--step", "6"]));
    running.type_line("");
    wait_until("the question", || running.stdout().contains("step 6 of 8"));
    signal("TERM", running.id());
    let _ = running.end().with_status(130).line_with(" --step 6");
}

/// Starts a lesson in this folder, with other programs and a plan of its own.
fn start_other(folder: &Folder, programs: &[(&str, &str)], plan: &str) -> Running {
    workspace::make(folder.path(), programs);
    let pages = folder.path().join("classroom/pages");
    fs::create_dir_all(&pages)
        .and_then(|()| fs::write(pages.join("questions.md"), ""))
        .expect("there is room");
    let plan = plan_file(folder, plan);
    let mut command = command_in(folder.path(), &["lesson", &plan]);
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
    let plan = r#"{"title": "t", "steps": [{"question": "q", "say": "s", "run": "cargo run -p io_mp",
                   "choices": {"a": "1", "b": "2"}, "answer": "a"}]}"#;
    let mut running = start_other(&folder, &[("io_mp/src/main.rs", body)], plan);
    for line in ["", "a", "", "", "repeat"] {
        running.type_line(line);
    }
    running.close_input();
    let ended = running.end_within(PATIENCE).with_status(0);
    signal("KILL", ended.line_with("sleep ").trim_start_matches("sleep "));
    assert!(ended.stdout.contains("a is right: 1"), "{ended}");
    let _ = ended.line_with("It does not run: Cannot start io_mp: No such file or directory");
    assert!(ended.line_with("cargo run -p classroom -- lesson ").ends_with(" --step 1"), "{ended}");
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
fn a_lesson_that_cannot_be_kept_is_not_said_to_be() {
    let folder = Folder::new("unkept");
    let plan = &plan_file(
        &folder,
        r#"{"title": "t", "steps": [{"question": "One?", "choices": {"a": "1", "b": "2"}}]}"#,
    );
    let name = folder.path().file_name().expect("it has a name").to_string_lossy();
    let taken = format!("{}/../target/lessons/{name}.json", env!("CARGO_MANIFEST_DIR"));
    fs::create_dir_all(&taken).expect("there is room");
    let ended = hold(&[plan], &[""]).well();
    fs::remove_dir(taken).expect("it is empty");
    let said = ended.stdout.rsplit("help").next().unwrap_or_default();
    assert!(said.contains("This is not saved: Cannot write "), "{ended}");
    assert!(!said.contains("is kept") && !said.contains("--step"), "{ended}");
}

#[test]
fn a_mistake_in_a_plan_is_one_sentence() {
    let folder = Folder::new("plan");
    let plan = r#"{"title": "t", "minutess": 3, "steps": []}"#;
    let ended = start_other(&folder, &[], plan).end().with_status(1);
    assert!(ended.stderr.starts_with("Error: Cannot read the plan /"), "{ended}");
    assert!(ended.stderr.contains(".json: unknown field `minutess`"), "{ended}");
    assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
}

#[test]
fn only_a_file_of_text_is_a_plan() {
    let folder = Folder::new("no_plan");
    let (latin, directory) = (folder.file("latin.json"), folder.file("directory.json"));
    fs::write(&latin, b"{\"title\": \"caf\xe9\"}").expect("there is room");
    fs::create_dir(&directory).expect("there is room");
    for (plan, reason) in [(&latin, "it is no text in UTF-8"), (&directory, "it is no file")] {
        run(PROGRAM, &["lesson", plan]).with_status(1).assert_error(reason);
    }
}

#[test]
fn wrong_usage_is_named() {
    for (arguments, named) in [
        (&["lesson", "physics"][..], "there are article, race, waiting"),
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
