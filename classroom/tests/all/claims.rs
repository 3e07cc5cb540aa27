//! Runs `classroom claims`, with the real experiments and with programs that stand for them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use testing::Folder;
use testing::{Running, check_head, check_width, check_wrong_usage, command, run};

use super::workspace::{self, HANGS, PATIENCE, PROGRAM, command_in};

/// The claims of a report in JSON.
#[track_caller]
fn read(json: &str) -> Vec<Value> {
    let report: Value =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    report["claims"].as_array().expect("a list of claims").clone()
}

/// The claims that the list shows, without running anything.
fn listed(options: &[&str]) -> Vec<Value> {
    read(&run(PROGRAM, &[&["claims", "--list", "--json"], options].concat()).well().stdout)
}

fn text<'a>(claim: &'a Value, name: &str) -> &'a str {
    claim[name].as_str().unwrap_or_else(|| panic!("no {name} in {claim}"))
}

#[test]
fn no_claim_is_left_out() {
    let numbers = [1..=18, 20..=40, 45..=54, 60..=71, 75..=99].into_iter().flatten();
    let all: BTreeSet<String> = numbers.map(|number: u32| format!("C{number:02}")).collect();
    let listed = listed(&[]);
    let mut found = BTreeSet::new();
    for claim in &listed {
        assert!(found.insert(text(claim, "claim").to_string()), "it is there twice: {claim}");
        // It is tried by an experiment, or there is a reason why not.
        assert!(claim["command"].is_string() != claim["reason"].is_string(), "{claim}");
    }
    assert_eq!(found, all);
    // In the order of the texts.
    let texts: Vec<&str> =
        listed.iter().map(|claim| claim["texts"][0].as_str().unwrap_or_default()).collect();
    assert!(texts.is_sorted(), "{texts:?}");
}

#[test]
fn every_experiment_says_something_about_its_claims() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in the workspace");
    let mut checked = 0;
    for claim in listed(&[]) {
        let Some(command) = claim["command"].as_str() else { continue };
        let words: Vec<&str> = command.split(' ').collect();
        let ["cargo", "run", "-p", package, "--example", example] = words[..] else { continue };
        // As cargo finds it: a file, or a folder with several.
        let folder = root.join(package).join("examples").join(example);
        let modules = fs::read_dir(&folder).into_iter().flatten().flatten();
        let file = folder.with_extension("rs");
        let files = modules.map(|module| module.path()).chain([file]);
        let source: String = files.flat_map(fs::read_to_string).collect();
        let said = format!("\"{}\"", text(&claim, "claim"));
        assert!(source.contains(&said), "{example} does not speak of {said}");
        checked += 1;
    }
    assert!(checked > 10, "only {checked} claims were found");
}

#[test]
fn the_verdicts_are_those_of_the_experiments() {
    let folder = Folder::new("claims");
    let (json, page) = (folder.file("claims.json"), folder.file("claims.html"));
    let only = ["claims", "--only", "c04,8", "--only", "C46,C47,C54"];
    let arguments = [&only[..], &["--json", &json, "--save", &page]].concat();
    let ended = Running::start(&mut command(PROGRAM, &arguments)).end_within(PATIENCE).well();
    check_width(&ended.stdout);
    let found = read(&fs::read_to_string(&json).expect("it is saved"));
    let verdicts: Vec<[&str; 2]> =
        found.iter().map(|claim| [text(claim, "claim"), text(claim, "verdict")]).collect();
    let wanted = [
        ["C04", "HOLDS DIFFERENTLY"],
        ["C54", "DOES NOT HOLD HERE"],
        ["C47", "HOLDS DIFFERENTLY"],
        ["C46", "HOLDS"],
        ["C08", "HOLDS DIFFERENTLY"],
    ];
    assert_eq!(verdicts, wanted, "{ended}");
    assert_eq!(text(&found[0], "numbers"), "lost 1 of 2 updates");
    let page = fs::read_to_string(&page).expect("it is saved");
    for claim in &found {
        let _ = ended.line_with(&format!("{}  ", text(claim, "claim")));
        assert!(page.contains(text(claim, "numbers")), "{page}");
    }
    assert!(page.contains("1 of 5 claims does not hold here."), "{page}");
    // What does not hold leads, and its place follows.
    assert!(page.find("<a href=\"#C54\">") < page.find("id=\"C04\""), "{page}");
}

#[test]
fn the_page_of_all_claims_has_their_sentences_and_commands() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/pages/claims.md");
    let page = fs::read_to_string(page).expect("the page is there");
    let page: Vec<&str> = page.split_whitespace().collect();
    let page = page.join(" ");
    for claim in listed(&[]) {
        let (number, sentence) = (text(&claim, "claim"), text(&claim, "wording"));
        let entry = format!("- **{sentence}** ({number}) *");
        let at = page.find(&entry).unwrap_or_else(|| panic!("no {entry:?}"));
        if let Some(command) = claim["command"].as_str() {
            let own = page[at..].split(" - **").next().unwrap_or_default();
            assert!(own.contains(&format!("`{command}`")), "{own}");
        }
    }
    assert!(page.contains("do not hold here.**"), "{page}");
}

#[test]
fn the_claims_of_a_text_can_be_asked_for_alone() {
    let all = listed(&[]);
    for (asked, number) in [("001", "001"), ("4", "004")] {
        let found = listed(&["--text", asked]);
        assert!(found.len() > 4 && found.len() < all.len(), "{}", found.len());
        let is_of_text = |claim: &Value| {
            claim["texts"].as_array().is_some_and(|texts| texts.contains(&number.into()))
        };
        assert!(found.iter().all(is_of_text), "{found:?}");
    }
    // The list in words has the same claims.
    let list = run(PROGRAM, &["claims", "--list"]).well();
    check_width(&list.stdout);
    for claim in all {
        let _ = list.line_with(&format!("{}  ", text(&claim, "claim")));
    }
    check_head(PROGRAM, &["claims", "--list"], 1);
}

#[test]
fn wrong_numbers_are_refused() {
    for wrong in ["C19", "C100", "C00", "12x", ""] {
        check_wrong_usage(PROGRAM, &["claims", "--only", wrong], &["no claim has that number"]);
    }
    for wrong in ["005", "x", "0000", ""] {
        check_wrong_usage(PROGRAM, &["claims", "--text", wrong], &["the texts are 000 to 004"]);
    }
    check_wrong_usage(PROGRAM, &["claims", "--only", "C04", "--text", "0"], &["cannot be used"]);
    check_wrong_usage(
        PROGRAM,
        &["claims", "--save", "claims.svg"],
        &["claims.svg", ".html or .md"],
    );
    let nowhere = std::env::temp_dir().join("no such folder").join("claims.html");
    let nowhere = nowhere.to_str().expect("the path is text");
    let ended = run(PROGRAM, &["claims", "--only", "C04", "--save", nowhere]).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error(&format!("Error: Cannot write {nowhere}: "));
}

#[test]
fn what_an_experiment_cannot_say_is_undecided_and_all_else_goes_on() {
    let folder = Folder::new("broken-claims");
    let programs = [
        (
            "race_condition/examples/lost_update.rs",
            "println!(\"Claim C04: a\\n  sentence\\n  HOLDS: 7 of 8\\n  threads\")",
        ),
        (
            "race_condition/examples/how_often.rs",
            "eprintln!(\"no thread left\"); std::process::exit(3)",
        ),
        (
            "every_interleaving/src/main.rs",
            "println!(\"Claim C99: another\\n  HOLDS: no claim of this program\")",
        ),
        ("race_condition/examples/cures.rs", HANGS),
        ("race_condition/examples/torn_lines.rs", "let number: u8 = \"text\";"),
        // An experiment that was disturbed has not failed. Beside it there is no `scaling`.
        ("cpu_threading/examples/gil.rs", "println!(\"Claim C76: slower\\n  UNDECIDED: 9 s\")"),
    ];
    workspace::make(folder.path(), &programs);
    let only =
        ["claims", "--only", "C04,C45,C46,C48,C52,C76,C81,C94", "--timeout", "0.5", "--json"];
    let mut command = command_in(folder.path(), &only);
    let ended = Running::start(&mut command).end_within(PATIENCE).with_status(1);
    let found = read(&ended.stdout);
    let about = |number: &str| {
        let claim = found.iter().find(|claim| claim["claim"] == number);
        let claim = claim.unwrap_or_else(|| panic!("no {number} in {ended}"));
        (text(claim, "verdict"), claim["numbers"].as_str().unwrap_or_default())
    };
    assert_eq!(about("C04"), ("HOLDS", "7 of 8 threads"));
    assert_eq!(about("C76"), ("UNDECIDED", "9 s"));
    assert_eq!(about("C94"), ("IDEA", ""));
    for (number, reason) in [
        ("C45", "no thread left"),
        ("C46", "said nothing about it"),
        ("C48", "it took longer than 0.5 s"),
        ("C52", "cargo could not build torn_lines. It says: error[E0308]: mismatched types"),
        ("C81", "error: no example target named `scaling`"),
    ] {
        let (verdict, numbers) = about(number);
        assert_eq!(verdict, "UNDECIDED", "{number}: {ended}");
        assert!(numbers.contains(reason), "{number}: no {reason:?} in {ended}");
    }
    let mut command = command_in(folder.path(), &["claims", "--only", "C76"]);
    let _ = Running::start(&mut command).end_within(PATIENCE).well();
}

/// What is printed is more than a pipe holds.
#[cfg(unix)]
#[test]
fn a_signal_ends_it_while_nobody_reads() {
    use std::io::{BufRead, BufReader};
    use testing::signal;

    let folder = Folder::new("claims-blocked");
    let numbers = "7".repeat(200_000);
    let speaks = format!("println!(\"Claim C04: x\\n  HOLDS: {numbers}\")");
    workspace::make(folder.path(), &[("race_condition/examples/lost_update.rs", &speaks)]);
    let mut command = command_in(folder.path(), &["claims", "--only", "C04"]);
    let (read, write) = std::io::pipe().expect("there is room for a pipe");
    let running = Running::start_with_stdout(command.stdout(write));
    // It is blocked as soon as there is anything to read of the claim.
    let mut lines = BufReader::new(&read).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("C04 ")));
    signal("TERM", running.id());
    let _ = running.end().with_status(130);
}

#[test]
fn it_stops_when_nobody_reads_on() {
    let folder = Folder::new("claims-head");
    let speaks = "println!(\"Claim C04: x\\n  HOLDS: 7\")";
    let programs = [
        ("race_condition/examples/lost_update.rs", speaks),
        ("race_condition/examples/cures.rs", HANGS),
    ];
    workspace::make(folder.path(), &programs);
    let only = ["claims", "--only", "C04,C48", "--timeout", "86400"];
    let (running, _) = Running::start_and_read(&mut command_in(folder.path(), &only), 1);
    let ended = running.end();
    assert_eq!((ended.status.code(), &*ended.stderr), (Some(0), ""), "{ended}");
}
