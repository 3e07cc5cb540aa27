//! Holds lectures with the phones of a class: what they send is typed here.

use std::fs;
use std::net::TcpStream;
use std::process::Command;

use testing::{Folder, Phone, ProcessOutput, Running, signal, wait_until};

use super::lecture::{self, plan_file};
use super::workspace::PROGRAM;

/// A lesson that runs no program.
const PLAN: &str = r#"{"title": "t", "minutes": 9, "steps": [
    {"minute": 0, "question": "One?", "choices": {"a": "1", "b": "2"}, "answer": "b", "race_on_phones": 2},
    {"minute": 4, "question": "Two?", "choices": {"a": "1", "b": "2"}}]}"#;

/// `classroom lesson` with this plan.
fn lesson(folder: &Folder, plan: &str, arguments: &[&str]) -> Command {
    lecture::lesson(&[&[plan_file(folder, plan).as_str()], arguments].concat())
}

/// Waits until the lesson asks whether phones may come in, and lets them; returns where they come in.
fn let_phones_in(running: &mut Running) -> String {
    wait_until("it asks", || {
        running.stdout().contains("127.0.0.1 (lo) could vote. Let them in? [y/N]")
    });
    assert_eq!(listening(running.id()), 0, "nothing listens before it may");
    type_and_see(running, "y", "   http://127.0.0.1:");
    assert_eq!(listening(running.id()), 1);
    let shown = running.stdout();
    let url = shown.lines().find_map(|line| Some(&line[line.find("http://")?..]));
    url.expect("the address is shown").trim().to_string()
}

/// How many ports this process listens on.
fn listening(process: u32) -> usize {
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("it runs");
    let own: Vec<String> = files
        .filter_map(|file| fs::read_link(file.ok()?.path()).ok())
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    let all =
        ["tcp", "tcp6"].map(|it| fs::read_to_string(format!("/proc/net/{it}")).unwrap_or_default());
    let sockets = all.iter().flat_map(|all| all.lines()).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        (fields[3] == "0A").then(|| format!("socket:[{}]", fields[9]))
    });
    sockets.filter(|socket| own.contains(socket)).count()
}

/// Types a line, and waits for what it shows.
fn type_and_see(running: &mut Running, line: &str, shown: &str) {
    let before = running.stdout().len();
    running.type_line(line);
    wait_until(shown, || running.stdout()[before..].contains(shown));
}

#[test]
fn a_class_votes_and_races_on_its_phones_until_ctrl_c() {
    let folder = Folder::new("phones_vote");
    let notes = &folder.file("notes.html");
    let mut running = Running::start(&mut lesson(
        &folder,
        PLAN,
        &["--phones", "--address", "127.0.0.1", "--save", notes],
    ));
    let url = let_phones_in(&mut running);
    let mut phone = Phone::of(&url);
    phone.wait_for("Look to the front.");

    type_and_see(&mut running, "", "0 voted · 1 phone here");
    // Nobody has voted, so the vote stays open.
    type_and_see(&mut running, "", "Nobody has voted.");
    phone.wait_for(r#""press":"a""#);
    phone.tap("a");
    type_and_see(&mut running, "", "█ 1\n");
    phone.wait_for("You voted A. The vote is closed.");
    type_and_see(&mut running, "undo", "1 voted · 1 phone here");
    phone.wait_for(r#""press":"a""#);
    // Hands are added to the votes of the phones.
    type_and_see(&mut running, "b +2", "█ 2\n");
    type_and_see(&mut running, "undo", "1 voted · 1 phone here");
    type_and_see(&mut running, "", "█ 1\n");
    type_and_see(&mut running, "again", "Convince your neighbour");
    phone.wait_for("Second vote");
    phone.tap("b");
    type_and_see(&mut running, "", "█ 1 (before: 0)");
    // Hands win.
    type_and_see(&mut running, "3 9", "█ 9 (before: 0)");
    type_and_see(&mut running, "", "b is right: 2");
    phone.wait_for("You voted B. The vote is closed.");

    type_and_see(&mut running, "", "0 increments of 2, and the counter is");
    phone.wait_for("You are a thread.");
    phone.tap("read");
    phone.tap("write");
    type_and_see(
        &mut running,
        "",
        "Read, then write                                  1             1",
    );
    type_and_see(&mut running, "race 4", "With compare-and-swap. WRITE does nothing");
    phone.wait_for("With compare-and-swap: 0 of 2 increments done.");
    type_and_see(&mut running, "back", "Enter: step 2");
    signal("INT", running.id());
    wait_until("it asks", || running.stdout().contains("End the lesson?"));
    running.type_line("y");
    let ended = running.end().with_status(0);
    let _ = ended.line_with(" --step 1 --phones --address 127.0.0.1");
    assert!(phone.is_closed(), "an open connection ends, too");
    let address = url.trim_start_matches("http://");
    assert!(TcpStream::connect(address).is_err(), "nothing listens after the end");
    let notes = fs::read_to_string(notes).expect("the notes have been saved");
    for text in ["3 votes, before: 1", "Read, then write "] {
        assert!(notes.contains(text), "no {text:?} in {notes}");
    }
}

#[test]
fn phones_play_and_keep_their_vote() {
    let folder = Folder::new("phones_play");
    let game = r#"{"title": "t", "minutes": 9, "steps": [
        {"minute": 0, "question": "One?", "choices": {"a": "1", "b": "2"}, "answer": "b",
         "run": "cargo run -p scheduler -- --level 1", "played": true, "tell": "Play."}]}"#;
    let mut running =
        Running::start(&mut lesson(&folder, game, &["--phones", "--address", "127.0.0.1"]));
    let mut phone = Phone::of(&let_phones_in(&mut running));
    type_and_see(&mut running, "", "0 voted · 1 phone here");
    phone.wait_for(r#""press":"a""#);
    phone.tap("a");
    type_and_see(&mut running, "race", "This lesson has no race on the phones");
    type_and_see(&mut running, "steer", "comes after the vote");
    type_and_see(&mut running, "", "█ 1\n");
    type_and_see(&mut running, "", "On the phones 0 of 1 reached the goal.");
    phone.wait_for(r#""level":0"#);
    phone.tap("121212");
    type_and_see(&mut running, "phones", "   http://127.0.0.1:");
    type_and_see(&mut running, "", "On the phones 1 of 1 reached the goal, by one order:");
    type_and_see(&mut running, "steer", "Steps so far: none");
    phone.wait_for("Which thread takes the next step?");
    type_and_see(&mut running, "undo", "Here is nothing to take back");
    type_and_see(&mut running, "back", "On the phones 1 of 1 reached the goal, by one order:");
    type_and_see(&mut running, "back", "Enter: run");
    phone.wait_for("You voted A. The vote is closed.");
    type_and_see(&mut running, "undo", "1 voted · 1 phone here");
    phone.wait_for("You voted A. You can change it");
    running.type_line("quit");
    running.type_line("y");
    let _ = running.end().with_status(0);
}

#[test]
fn without_a_yes_nothing_listens_and_the_lesson_is_held() {
    let folder = Folder::new("phones_no");
    let mut running =
        Running::start(&mut lesson(&folder, PLAN, &["--phones", "--address", "127.0.0.1"]));
    type_and_see(&mut running, "", "No phone can come in.");
    type_and_see(&mut running, "", "One?");
    assert_eq!(listening(running.id()), 0);
    type_and_see(&mut running, "race", "There are no phones here");
    type_and_see(&mut running, "3 9", "█ 9");
    running.type_line("quit");
    running.type_line("y");
    let ended = running.end().with_status(0);
    assert!(!ended.stdout.contains("http://"), "{ended}");
    let refused = |arguments: &[&str]| -> ProcessOutput {
        Running::start(&mut lesson(&folder, PLAN, arguments)).end()
    };
    let other = refused(&["--phones", "--address", "192.0.2.99"]).with_status(1);
    other.assert_error("has no address 192.0.2.99");
    refused(&["--address", "127.0.0.1"]).with_status(2).assert_error("--phones");
    let alone = testing::run(PROGRAM, &["lesson", "article", "--phones"]).with_status(1);
    alone.assert_error("Phones are for a class, and this lesson is for one learner");
}
