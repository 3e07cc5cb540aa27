//! Asks which exercises are solved, in a workspace with other programs in their place.

use std::fs;
use std::path::Path;
use std::time::Duration;

use testing::Folder;
use testing::{Running, command};

/// Cargo has to build small programs.
const PATIENCE: Duration = Duration::from_secs(600);

/// The exercises: the folder of each, that of its program here, and its name.
const EXERCISES: [(&str, &str, &str); 11] = [
    ("race_condition", "race_exercises/src/bin", "broken_counter"),
    ("race_condition", "race_exercises/src/bin", "half_locked"),
    ("race_condition", "race_exercises/src/bin", "check_then_act"),
    ("race_condition", "race_exercises/src/bin", "bank_transfer"),
    ("race_condition", "race_exercises/src/bin", "early_flag"),
    ("io_threading", "io_threading/examples", "session_per_page"),
    ("io_threading", "io_threading/examples", "errors_vanish"),
    ("io_asyncio", "io_asyncio/examples", "await_in_the_loop"),
    ("io_asyncio", "io_asyncio/examples", "blocking_client"),
    ("io_asyncio", "io_asyncio/examples", "no_limit"),
    ("io_asyncio", "io_asyncio/examples", "sum_blocks_the_loop"),
];

// What a `main` does.
const SOLVED: &str = "println!(\"Solved. {}\", std::io::read_to_string(std::io::stdin()).unwrap())";
const NOT_SOLVED: &str = "println!(\"Not solved yet.\"); std::process::exit(1)";
const HANGING: &str = "eprintln!(\"Not solved yet: it has not ended\"); std::process::exit(1)";
const ENDLESS: &str = "loop { println!(\"{:1000}\", 1) }";
const ENDLESS_ERRORS: &str = "loop { eprintln!(\"{:1000}\", 1) }";
const LEAVING: &str = "std::process::exit(0)";
const BOASTING: &str = "println!(\"Solved. What is next: cargo run -p classroom -- exercises\")";
const NOT_RUST: &str = "let number: u8 = \"text\";";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is room");
    fs::write(path, text).expect("there is room");
}

/// Makes a workspace like this one, with the same checks.
fn make(folder: &Path, manifest: &str) {
    let members = ["classroom", "io_asyncio", "io_threading", "race_exercises"];
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    write(&folder.join("Cargo.toml"), &workspace);
    for name in members {
        let package = format!("[package]\nname = {name:?}\nedition = \"2024\"\n{manifest}");
        write(&folder.join(name).join("Cargo.toml"), &package);
        write(&folder.join(name).join("src/lib.rs"), "");
    }
    for (package, _, name) in EXERCISES {
        let file = Path::new(package).join("exercises").join(format!("{name}.rs"));
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(&file);
        write(&folder.join(file), &fs::read_to_string(here).expect("it is an exercise"));
    }
}

fn write_programs(folder: &Path, bodies: [&str; 11]) {
    for ((_, package, name), body) in EXERCISES.into_iter().zip(bodies) {
        let file = folder.join(package).join(format!("{name}.rs"));
        write(&file, &format!("fn main() {{ {body} }}"));
    }
}

#[track_caller]
fn exercises(folder: &Path) -> Running {
    let mut command = command(env!("CARGO_BIN_EXE_classroom"), &["exercises"]);
    command.current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    Running::start(command.env("CARGO_TARGET_DIR", folder.join("target")))
}

#[test]
fn solved_is_what_its_own_check_calls_so() {
    let folder = Folder::new("exercises");
    let folder = folder.path();
    make(folder, "");
    write_programs(
        folder,
        [
            SOLVED,
            NOT_RUST,
            NOT_SOLVED,
            HANGING,
            LEAVING,
            ENDLESS,
            ENDLESS_ERRORS,
            BOASTING,
            SOLVED,
            NOT_SOLVED,
            SOLVED,
        ],
    );
    let edited = folder.join("io_asyncio/exercises/sum_blocks_the_loop.rs");
    let check = fs::read_to_string(&edited).expect("it has been written");
    write(&edited, &check.replace("at_least", "at_most"));
    let asked = exercises(folder).end_within(PATIENCE).with_status(1);
    let table = "\
broken_counter        race_exercises   solved
half_locked           race_exercises   does not compile
check_then_act        race_exercises   not solved yet
bank_transfer         race_exercises   not solved yet: it did not end
early_flag            race_exercises   it ended before its check
session_per_page      io_threading     it prints without end
errors_vanish         io_threading     it prints without end
await_in_the_loop     io_asyncio       it ended before its check
blocking_client       io_asyncio       solved
no_limit              io_asyncio       not solved yet
sum_blocks_the_loop   io_asyncio       its check was edited

Solved: 2 of 11.
The next one: cargo run -p race_exercises --bin half_locked
";
    assert_eq!(asked.stdout, table, "{asked}");
    asked.assert_error("mismatched types");

    write(&edited, &check);
    write_programs(folder, [NOT_SOLVED; 11]);
    let asked = exercises(folder).end_within(PATIENCE).with_status(0);
    assert!(asked.stdout.contains("\nSolved: 0 of 11.\n"), "{asked}");
}

#[test]
fn cargo_says_itself_why_it_cannot_build() {
    let folder = Folder::new("no-exercises");
    make(folder.path(), "[dependencies]\nnothing.path = \"nowhere\"\n");
    let asked = exercises(folder.path()).end_within(PATIENCE).with_status(1);
    assert_eq!(asked.stdout, "", "{asked}");
    asked.assert_error("nowhere");
}
