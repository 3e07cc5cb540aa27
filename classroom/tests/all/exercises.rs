//! Asks which exercises are solved, in a workspace with other programs in their place.

use std::fs;
use std::path::Path;
use std::time::Duration;

use testing::Folder;
use testing::{Running, command};

/// Cargo has to build small programs.
const PATIENCE: Duration = Duration::from_secs(600);

const SOLVED: &str = "";
const NOT_SOLVED: &str = "std::process::exit(1)";
const ENDLESS: &str = "eprintln!(\"it has not ended after 20 s.\"); std::process::exit(1)";
const NOT_RUST: &str = "let number: u8 = \"text\";";

/// Asks in a workspace like this one: the folder of each exercise, its name and the body of its `main`.
#[track_caller]
fn exercises(folder: &Path, manifest: &str, programs: &[(&str, &str, &str)]) -> Running {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    let members = ["classroom", "io_asyncio", "io_threading", "race_exercises"];
    write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"));
    for name in members {
        let package = format!("[package]\nname = {name:?}\nedition = \"2024\"\n{manifest}");
        write(&format!("{name}/Cargo.toml"), &package);
        write(&format!("{name}/src/lib.rs"), "");
    }
    for (folder, name, body) in programs {
        write(&format!("{folder}/{name}.rs"), &format!("fn main() {{ {body} }}"));
    }
    let mut command = command(env!("CARGO_BIN_EXE_classroom"), &["exercises"]);
    command.current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    Running::start(command.env("CARGO_TARGET_DIR", folder.join("target")))
}

#[test]
fn each_exercise_is_run_and_the_next_one_is_named() {
    let folder = Folder::new("exercises");
    let bin = "race_exercises/src/bin";
    let programs = [
        (bin, "broken_counter", SOLVED),
        (bin, "half_locked", NOT_RUST),
        (bin, "check_then_act", NOT_SOLVED),
        (bin, "bank_transfer", ENDLESS),
        (bin, "early_flag", SOLVED),
        ("io_threading/examples", "session_per_page", SOLVED),
        ("io_threading/examples", "errors_vanish", NOT_SOLVED),
        ("io_asyncio/examples", "await_in_the_loop", SOLVED),
        ("io_asyncio/examples", "blocking_client", NOT_SOLVED),
        ("io_asyncio/examples", "no_limit", NOT_SOLVED),
        ("io_asyncio/examples", "sum_blocks_the_loop", NOT_SOLVED),
    ];
    let asked = exercises(folder.path(), "", &programs).end_within(PATIENCE).with_status(0);
    let table = "\
broken_counter        race_exercises   solved
half_locked           race_exercises   does not compile
check_then_act        race_exercises   not solved yet
bank_transfer         race_exercises   not solved yet: it did not end
early_flag            race_exercises   solved
session_per_page      io_threading     solved
errors_vanish         io_threading     not solved yet
await_in_the_loop     io_asyncio       solved
blocking_client       io_asyncio       not solved yet
no_limit              io_asyncio       not solved yet
sum_blocks_the_loop   io_asyncio       not solved yet

Solved: 4 of 11.
The next one: cargo run -p race_exercises --bin half_locked
";
    assert_eq!(asked.stdout, table, "{asked}");
    asked.assert_error("mismatched types");
}

#[test]
fn cargo_says_itself_why_it_cannot_build() {
    let folder = Folder::new("no-exercises");
    let asked = exercises(folder.path(), "[dependencies]\nnothing.path = \"nowhere\"\n", &[]);
    let asked = asked.end_within(PATIENCE).with_status(1);
    assert_eq!(asked.stdout, "", "{asked}");
    asked.assert_error("nowhere");
}
