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

/// The exercises in this folder, in a terminal of this kind, and then what it is set to.
#[cfg(target_os = "linux")]
fn in_a_terminal(kind: &str, folder: &Path) -> Running {
    let program = env!("CARGO_BIN_EXE_classroom");
    let line = format!("stty rows 24 columns 80; '{program}' exercises; echo status $?; stty -a");
    let mut script = command("script", &["--quiet", "--return", "--command", &line, "/dev/null"]);
    script.current_dir(folder).env_remove("CARGO_MANIFEST_DIR").env("TERM", kind);
    script.env("CARGO_TARGET_DIR", folder.join("target"));
    Running::start(script.stdin(std::process::Stdio::piped()))
}

#[cfg(target_os = "linux")]
#[track_caller]
fn check_terminal(ended: &testing::ProcessOutput, status: i32) {
    let (_, after) = ended.stdout.rsplit_once("status ").expect("it says its status");
    let begin = format!("{status}\r\n");
    let is_whole = after.contains(" icanon ") && after.contains(" echo ");
    assert!(after.starts_with(&begin) && is_whole, "{ended}");
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_terminal_each_one_is_judged_when_it_is_saved() {
    use testing::{children_of, signal, wait_until};

    let folder = Folder::new("watched");
    let folder = folder.path();
    make(folder, "");
    write_programs(folder, [NOT_SOLVED; 11]);
    let mut running = in_a_terminal("xterm", folder);
    let mut see = |text: &str, keys: &str| {
        wait_until(text, || running.stdout().contains(text));
        running.type_line(keys);
    };
    see("Not solved yet.", "h");
    see("Hint: The read and the write have to be one step.", "l");
    see("> broken_counter        race_exercises   not solved yet", "n");
    let (file, body) = (folder.join("race_condition/exercises/half_locked.rs"), SOLVED);
    let text = fs::read_to_string(&file).expect("it is an exercise");
    let program = folder.join("race_exercises/src/bin/half_locked.rs");
    write(&program, &format!("fn main() {{ {body} }}"));
    write(&file, &text);
    see("1 of 11 solved", "q");
    check_terminal(&running.end().with_status(0), 0);

    let running = in_a_terminal("xterm", folder);
    wait_until("the first verdict", || running.stdout().contains("Not solved yet."));
    let shell = children_of(running.id())[0];
    signal("TERM", children_of(shell)[0]);
    check_terminal(&running.end().with_status(0), 130);

    // As in a pipe.
    let ended = in_a_terminal("dumb", folder).end_within(PATIENCE);
    assert!(ended.stdout.contains("\nSolved: 1 of 11.\r\n") && !ended.stdout.contains('\x1b'));
}

/// What students write for `broken_counter`, and what is said of it.
const HAND_INS: [(&str, &str, &str); 11] = [
    ("Ana Müller", "RIGHT", "solved,"),
    ("b, \"lost\"", "WRONG", "goes wrong,\"order 1221: Two increments, and the counter is 1.\""),
    (
        "c",
        "fn increment(counter: &AtomicU64) {\n    counter.add(1);\n}",
        "does not compile,line 5: ",
    ),
    (
        "d",
        "fn main() -> ExitCode { println!(\"Solved.\"); ExitCode::SUCCESS }\nWRONG",
        "goes wrong,",
    ),
    (
        "e",
        "fn increment(_: &AtomicU64) {\n    std::process::exit(0)\n}",
        "look at it,line 5: `process`",
    ),
    ("f", "WRONG\nmod judge { pub use ::judge::*; pub fn every_order(_: fn()) {} }", "goes wrong,"),
    (
        "g",
        "WRONG\nfn check(_: bool, _: String) {}\nfn count_to_two(_: fn(&AtomicU64)) {}",
        "goes wrong,",
    ),
    (
        "h",
        "WRONG\npub(super) fn the_attempt() -> judge::Outcome { Ok(()) }\n#[cfg(any())]",
        "does not compile,line 7: ",
    ),
    ("i", "WRONG\n/*", "does not compile,line 7: "),
    ("j", "#![allow(unsafe_code)]\nWRONG", "does not compile,line 1: "),
    (
        "k",
        "fn increment(_: &AtomicU64) {\n    println!(\"Solved. {}\", std::io::read_to_string(std::io::stdin()).unwrap());\n}",
        "goes wrong,",
    ),
];

#[test]
fn of_a_class_only_those_are_solved_that_the_original_checks_call_so() {
    let folder = Folder::new("class");
    let hand_in = |student: &str, text: &[u8]| {
        // Anywhere in the student's folder.
        let path = folder.path().join("class").join(student).join("race/broken_counter.rs");
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    let line = "// From here on it is the check: leave it as it is.";
    for (student, text, _) in HAND_INS {
        let right = "fn increment(counter: &AtomicU64) {\n    counter.fetch_add(1, Relaxed);\n}";
        let wrong = "fn increment(counter: &AtomicU64) {\n    counter.store(counter.load(Relaxed) + 1, Relaxed);\n}";
        let head = "use std::process::ExitCode;\n\nuse judge::{AtomicU64, Relaxed};\n";
        let text = text.replace("RIGHT", right).replace("WRONG", wrong);
        let text = if text.starts_with("#!") {
            text.replacen('\n', &format!("\n{head}"), 1)
        } else {
            head.to_string() + &text
        };
        let edited = "fn main() -> ExitCode { ExitCode::SUCCESS }\n";
        hand_in(student, format!("{text}\n\n{line}\n\n{edited}").as_bytes());
    }
    hand_in("m", b"fn increment() {}");
    hand_in("n", &[0xff; 100]);
    hand_in("o", &vec![b'x'; 200_000]);
    #[cfg(unix)]
    {
        let path = folder.path().join("class/p");
        fs::create_dir(&path).expect("there is room");
        std::os::unix::fs::symlink("/dev/zero", path.join("broken_counter.rs")).expect("a link");
    }
    let odd = [
        ("m", "look at it,the line above the check is missing"),
        ("n", "look at it,it is no text"),
        ("o", "look at it,it is too large"),
        #[cfg(unix)]
        ("p", "look at it,\"it is a link, or no file\""),
    ];
    let (class, saved) = (folder.file("class"), folder.file("class.csv"));
    let arguments = ["exercises", "--from", &class, "--save", &saved];
    let program = env!("CARGO_BIN_EXE_classroom");
    let ended = Running::start(&mut command(program, &arguments)).end_within(PATIENCE);
    let ended = ended.with_status(0);
    ended.assert_error("people have written");
    testing::check_width(&ended.stdout);
    let table = fs::read_to_string(&saved).expect("it is saved");
    for (student, says) in HAND_INS.map(|(student, _, says)| (student, says)).iter().chain(&odd) {
        let student = if student.contains(',') { "\"b, \"\"lost\"\"\"" } else { student };
        let begin = format!("{student},broken_counter,{says}");
        assert!(table.lines().any(|line| line.starts_with(&begin)), "{begin}: {table}");
    }
    assert_eq!(table.matches(",solved,").count(), 1, "{table}");
    let again = Running::start(&mut command(program, &arguments)).end().with_status(1);
    again.assert_error("already");
}

#[test]
fn a_class_needs_a_folder_for_each_student() {
    let (folder, program) = (Folder::new("no-class"), env!("CARGO_BIN_EXE_classroom"));
    let class = folder.file("");
    let arguments = ["exercises", "--from", &class];
    let ended = Running::start(&mut command(program, &arguments)).end().with_status(1);
    ended.assert_error("Each student needs one");
}

#[test]
fn cargo_says_itself_why_it_cannot_build() {
    let folder = Folder::new("no-exercises");
    make(folder.path(), "[dependencies]\nnothing.path = \"nowhere\"\n");
    let asked = exercises(folder.path()).end_within(PATIENCE).with_status(1);
    assert_eq!(asked.stdout, "", "{asked}");
    asked.assert_error("nowhere");
}
