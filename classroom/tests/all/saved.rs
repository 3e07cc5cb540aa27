//! Files that were saved: they are drawn again or refused in a sentence, and they are written whole.

use std::fs;

use serde_json::{Value, json};
use testing::pictures::downloads;
use testing::{Folder, run};
use timeline::{Timeline, trace};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// Characters that a terminal obeys, that XML does not allow, or that begin a tag.
const HOSTILE: &str =
    "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\r\n\u{fffe}\u{ffff}<b>{content}";

/// What runs look like in a file.
fn text(runs: &[Timeline], comparison: &Value) -> String {
    let mut text = Vec::new();
    trace::write(runs, comparison, &mut text).expect("a vector takes everything");
    String::from_utf8(text).expect("JSON is text")
}

#[track_caller]
fn check_refused(arguments: &[&str], reason: &str) {
    let refused = run(PROGRAM, arguments).with_status(1);
    assert_eq!((&*refused.stdout, refused.stderr.lines().count()), ("", 1), "{refused}");
    refused.assert_error(reason);
}

#[test]
fn what_cannot_be_read_is_refused_in_a_sentence() {
    let folder = Folder::new("read");
    let (file, missing) = (folder.file("saved.json"), folder.file("missing.json"));
    let whole = text(&[downloads(1, 2, 60)], &Value::Null);
    let foreign = "saved.json: it is nothing that this version of the programs has saved";
    for (content, reason) in [
        ("", foreign),
        ("{\"name\": \"another JSON\"}", foreign),
        (&whole[..whole.len() / 2], foreign),
        (&whole.replace("\"lane\":\"thread\"", "\"lane\":null"), foreign),
        (&text(&[], &Value::Null), "saved.json holds no run"),
        (&text(&[], &json!({ "machine": "2 cores" })), "figures in it are missing"),
    ] {
        fs::write(&file, content).expect("there is room");
        check_refused(&["replay", &file], reason);
    }
    check_refused(&["replay", &missing], &missing);
    check_refused(&["replay", &folder.file("")], "Cannot read ");
}

#[test]
fn a_saved_run_is_drawn_again_and_its_names_command_nothing() {
    let folder = Folder::new("hostile");
    let saved = folder.file("saved.json");
    let mut known = Timeline { program: HOSTILE.into(), ..downloads(1, 2, 60) };
    known.lanes[0].name = HOSTILE.into();
    known.lanes[0].items[0].label = HOSTILE.into();
    known.lanes[0].items[0].failure = Some(HOSTILE.into());
    fs::write(&saved, text(&[known], &Value::Null)).expect("there is room");
    let drawn = run(PROGRAM, &["replay", &saved]).well();
    let _ =
        drawn.line_with("2 downloads (1 failed) on 1 thread: 0.000 s of work, 0.180 s of waiting");
    let obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!drawn.stdout.contains(obeyed), "{:?}", drawn.stdout);
    for name in ["run.svg", "run.html"] {
        let picture = folder.file(name);
        run(PROGRAM, &["replay", &saved, "--save", &picture])
            .well()
            .assert_line(&format!("Saved as {picture}"));
        let picture = fs::read_to_string(&picture).expect("it is saved");
        let forbidden = |c| obeyed(c) || matches!(c, '\u{fffe}'..='\u{ffff}');
        assert!(!picture.contains(forbidden), "{name}");
        assert!(picture.contains("&lt;b&gt;{content}") && !picture.contains("<b>{"), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_a_link_stays_a_link() {
    let folder = Folder::new("write");
    let [saved, pipe, link, picture] =
        ["saved.json", "pipe.svg", "link.svg", "picture.svg"].map(|name| folder.file(name));
    fs::write(&saved, text(&[downloads(1, 2, 60)], &Value::Null)).expect("there is room");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "every Unix has mkfifo");
    let reason = format!("Error: Cannot write {pipe}: it is a folder or a pipe; name a file");
    check_refused(&["replay", &saved, "--save", &pipe], &reason);

    fs::write(&picture, "older").expect("there is room");
    std::os::unix::fs::symlink("picture.svg", &link).expect("a link can be made");
    let _ = run(PROGRAM, &["replay", &saved, "--save", &link]).well();
    assert!(std::path::Path::new(&link).is_symlink());
    assert!(fs::read_to_string(&picture).is_ok_and(|svg| svg.ends_with("</svg>\n")));
    assert_eq!(folder.files().len(), 4, "nothing else is left: {:?}", folder.files());
}
