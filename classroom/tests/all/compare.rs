//! Runs `classroom compare`, with the real programs and with programs that stand for them.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use testing::Folder;
use testing::{ProcessOutput, Running, check_width, check_wrong_usage, command, run};

use super::workspace::{self, PATIENCE, PROGRAM, command_in};

#[track_caller]
fn end(mut command: Command) -> ProcessOutput {
    Running::start(&mut command).end_within(PATIENCE)
}

/// The row of a program in the table, in words.
#[track_caller]
fn row<'a>(stdout: &'a str, program: &str) -> Vec<&'a str> {
    let row = stdout.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    let mut rows = row.filter(|row| row.first() == Some(&program));
    rows.next().unwrap_or_else(|| panic!("no row for {program} in {stdout}"))
}

#[test]
fn without_a_place_for_its_report_nothing_is_run() {
    let nowhere = env::temp_dir().join("no such folder").join("report.json");
    let nowhere = nowhere.to_str().expect("the path is text");
    let ended = run(PROGRAM, &["compare", "cpu_mp", "--save", nowhere]).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error(&format!("Error: Cannot write {nowhere}: "));
}

#[test]
fn a_saved_comparison_has_the_figures_of_the_table_and_is_drawn_again() {
    let folder = Folder::new("report");
    let json = folder.file("report.json");
    let programs = ["compare", "cpu_non_concurrent", "cpu_mp", "--runs", "2"];
    let quick = ["--number", "1000", "--save", &json];
    let compared = end(command(PROGRAM, &[&programs[..], &quick].concat())).well();
    check_width(&compared.stdout);
    assert!(compared.stdout.contains("too short to compare"), "{compared}");

    let saved = fs::read_to_string(&json).expect("compare has written it");
    let saved: Value = serde_json::from_str(&saved).expect("it is JSON");
    let rows = saved["otherData"]["comparison"]["programs"].as_array().expect("a list of programs");
    assert_eq!(rows.len(), 2, "{rows:?}");
    for (program, row) in programs[1..3].iter().map(|name| row(&compared.stdout, name)).zip(rows) {
        assert_eq!(row["program"], program[0]);
        let runs = row["runs"].as_array().expect("a list of runs");
        assert_eq!(runs.len(), 2, "{rows:?}");
        assert_eq!((&runs[0]["items"], &runs[0]["ok"]), (&20.0.into(), &20.0.into()), "{rows:?}");
        let seconds = runs[0]["seconds"].as_f64().expect("a time");
        assert_eq!(program[2], format!("{seconds:.3}"), "{compared}");
        // Nothing is faster than its bound, not even a run that is over in no time.
        assert!(runs[0]["bound_seconds"].as_f64() <= Some(seconds), "{rows:?}");
    }

    let again = run(PROGRAM, &["replay", &json]).well();
    let is_of_the_runs =
        |line: &&str| ["cpu_", "sums:", "Sums:"].iter().any(|start| line.starts_with(start));
    for line in compared.stdout.lines().filter(is_of_the_runs) {
        again.assert_line(line);
    }
    assert_eq!(again.stdout.matches("20 sums ").count(), 2, "{again}");
    let html = folder.file("report.html");
    let _ = run(PROGRAM, &["replay", &json, "--save", &html]).well();
    let page = fs::read_to_string(&html).expect("it is saved");
    assert_eq!(page.matches("class=\"bars").count(), 2, "an area for each");
    let picture = folder.file("a.svg");
    let wrong = ["replay", &json, "--save", &picture];
    check_wrong_usage(PROGRAM, &wrong, &["a.svg", ".html or .json"]);
}

#[test]
fn nothing_is_built_that_is_built() {
    let build = || {
        let cargo = env::var("CARGO").expect("cargo runs the tests");
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--message-format=json", "-p", "io_threading"]);
        // As in a terminal: some crates are built anew if these have changed.
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("CARGO_")) {
            build.env_remove(name);
        }
        String::from_utf8(build.output().expect("cargo runs").stdout).expect("JSON is text")
    };
    let _ = build();
    let quick = ["compare", "io_threading", "--runs", "1", "-n", "1", "--latency", "5"];
    let mut command = command(PROGRAM, &quick);
    // As `cargo run -p classroom` has it.
    command.env("CARGO_MANIFEST_DIR", "classroom").env("CARGO_PKG_NAME", "classroom");
    let _ = end(command).well();
    let said = build();
    assert!(said.contains("\"fresh\":true"), "{said}");
    assert!(!said.contains("\"fresh\":false"), "{said}");
}

/// Where cargo puts the programs.
const PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

/// The body of a program that leaves these figures. In them `{cpu}` is the CPU time of sums whose steps
/// take exactly ten nanoseconds, and `{half}` is half of it.
fn leaves(figures: &str) -> String {
    format!(
        "let option = |name: &str| {{
             let mut words = std::env::args().skip_while(|word| word != name);
             words.nth(1).unwrap_or_default()
         }};
         let cpu = option(\"--number\").parse().unwrap_or(0.0) / 1e8;
         let half = cpu / 2.0;
         std::fs::write(option(\"--summary\"), format!({figures:?})).unwrap();"
    )
}

const IO_THREADING: &str = "io_threading/src/main.rs";

fn downloads() -> String {
    leaves("seconds 1.25\nat_once 5\nmost_at_once 5")
}

#[test]
fn the_checkout_is_measured_in_which_it_is_called() {
    // Beside the program, so that it can be put there by a link.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkouts");
    let _ = fs::remove_dir_all(&folder);
    let here = folder.join("here");
    workspace::make(&here, &[(IO_THREADING, &downloads())]);
    let elsewhere = env::temp_dir();
    let arguments = ["compare", "io_threading", "--runs", "1"];
    let measured = |command: Command| {
        let ended = end(command).well();
        assert_eq!(row(&ended.stdout, "io_threading")[2], "1.250", "{ended}");
    };

    // From a folder in it.
    let mut command = command_in(&here, &arguments);
    command.current_dir(here.join("classroom"));
    measured(command);
    // As `cargo run --manifest-path` has it.
    let mut command = command_in(&here, &arguments);
    command.current_dir(&elsewhere).env("CARGO_MANIFEST_DIR", here.join("classroom"));
    measured(command);
    // After it was moved.
    let moved = folder.join("moved");
    fs::rename(&here, &moved).expect("nothing is open in it");
    measured(command_in(&moved, &arguments));
    // By the path of the program.
    let name = Path::new(PROGRAM).file_name().expect("a program has a name");
    let program = moved.join("target").join(PROFILE).join(name);
    fs::hard_link(PROGRAM, &program).expect("it is on the same disk");
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&elsewhere).env_remove("CARGO_MANIFEST_DIR");
    command.env("CARGO_TARGET_DIR", moved.join("target"));
    measured(command);
    fs::remove_dir_all(&folder).expect("it is this test's own folder");
}

#[test]
fn a_program_that_does_not_build_is_named_with_what_the_compiler_says() {
    let folder = Folder::new("no-build");
    workspace::make(folder.path(), &[(IO_THREADING, "let number: u8 = \"text\";")]);
    let ended = end(command_in(folder.path(), &["compare", "io_threading"])).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error("Error: cargo could not build io_threading.");
    ended.assert_error("mismatched types");
    ended.assert_error("let number: u8 = \"text\";");
}

#[test]
fn a_run_that_fails_has_a_reason_and_leaves_nothing() {
    let folder = Folder::new("killed");
    let dies = format!("{} std::process::abort();", downloads());
    workspace::make(folder.path(), &[(IO_THREADING, &dies)]);
    let report = folder.file("report.html");
    let arguments = ["compare", "io_threading", "--runs", "2", "--save", &report];
    let ended = end(command_in(folder.path(), &arguments)).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    let lines = ended.stderr.lines();
    let reasons: Vec<&str> =
        lines.filter_map(|line| line.strip_prefix("io_threading failed: ")).collect();
    assert_eq!(reasons.len(), 2, "{ended}");
    #[cfg(unix)]
    assert!(reasons[0].starts_with("signal: "), "{ended}");
    ended.assert_error("Error: No run succeeded, so there is nothing to compare");
    assert_eq!(leftovers(folder.path()), [""; 0]);
    assert!(!Path::new(&report).exists());
}

/// The files of figures that are left beside the programs of a workspace.
fn leftovers(workspace: &Path) -> Vec<String> {
    let built = fs::read_dir(workspace.join("target").join(PROFILE)).expect("cargo made it");
    let names = built.flatten().filter_map(|file| file.file_name().into_string().ok());
    names.filter(|name| [".summary", ".json"].iter().any(|end| name.ends_with(end))).collect()
}

#[test]
fn the_articles_time_stands_beside_the_articles_job() {
    let folder = Folder::new("article");
    workspace::make(folder.path(), &[(IO_THREADING, &downloads())]);
    let last_cell = |options: &[&str]| {
        let arguments = [&["compare", "io_threading", "--runs", "1"], options].concat();
        let ended = end(command_in(folder.path(), &arguments)).well();
        row(&ended.stdout, "io_threading").last().map(|cell| (*cell).to_string())
    };
    assert_eq!(last_cell(&[]).as_deref(), Some("3.72"));
    for options in [["-n", "20"], ["--latency", "45"], ["--at", "20"]] {
        // The last cell is then what the site saw.
        assert_eq!(last_cell(&options).as_deref(), Some("5"), "{options:?}");
    }
}

#[test]
fn the_sums_keep_one_core_busy_for_half_a_second() {
    let folder = Folder::new("half-a-second");
    let one = "seconds {cpu}\ncpu_seconds {cpu}\nat_once 1\ncores 8\nitems 20\nok 20";
    let two = "seconds {half}\ncpu_seconds {cpu}\nat_once 2\ncores 8\nitems 20\nok 20";
    let programs =
        [("cpu_non_concurrent/src/main.rs", &*leaves(one)), ("cpu_mp/src/main.rs", &*leaves(two))];
    workspace::make(folder.path(), &programs);
    let arguments = ["compare", "cpu_non_concurrent", "cpu_mp", "--runs", "1"];
    let ended = end(command_in(folder.path(), &arguments)).well();
    check_width(&ended.stdout);
    assert_eq!(row(&ended.stdout, "cpu_non_concurrent")[2], "0.500", "{ended}");
    assert_eq!(row(&ended.stdout, "cpu_mp")[2], "0.250", "{ended}");
    let said = ended.stdout.split_whitespace().collect::<Vec<&str>>().join(" ");
    for sentence in [
        "sums: the first number is 50,000,000, so that one core is busy for about half a second; \
         the article's is 5,000,000, so its times are not shown",
        "Sums: cpu_mp was fastest, 2.0 times as fast as cpu_non_concurrent: 2.0 cores were busy \
         instead of 1.0. Compared with cpu_non_concurrent, cpu_mp took 0.50 times as long (in the article \
         0.32 times).",
    ] {
        assert!(said.contains(sentence), "no {sentence:?} in {ended}");
    }
    let arguments = [&arguments[..], &["--number", "5_000_000"]].concat();
    let ended = end(command_in(folder.path(), &arguments)).well();
    ended.assert_line("sums: the first number is 5,000,000");
    assert_eq!(row(&ended.stdout, "cpu_mp").last(), Some(&"2.52"), "{ended}");
}

/// The program has started another one, which holds its output open.
#[cfg(target_os = "linux")]
#[test]
fn a_program_is_stopped_with_all_that_it_has_started() {
    use testing::{children_of, lives, signal, wait_until};

    let folder = Folder::new("told-to-end");
    let starts = "let sleep = std::process::Command::new(\"sleep\").arg(\"1000\").spawn().unwrap();
                  std::fs::write(\"sleep\", sleep.id().to_string()).unwrap();";
    let hangs = format!("{starts} {} {}", downloads(), workspace::HANGS);
    workspace::make(folder.path(), &[(IO_THREADING, &hangs)]);
    let check_stopped = || {
        let sleep = fs::read_to_string(folder.file("sleep")).expect("the program has written it");
        wait_until("the end of all", || !lives(sleep.parse().expect("a number")));
        assert_eq!(leftovers(folder.path()), [""; 0]);
    };
    let arguments = ["compare", "io_threading", "--runs", "1", "--timeout", "0.5"];
    let ended = end(command_in(folder.path(), &arguments)).with_status(1);
    ended.assert_error("io_threading failed: it took longer than 0.5 s and was stopped");
    check_stopped();
    for name in ["TERM", "INT", "HUP", "QUIT"] {
        let mut command = command_in(folder.path(), &["compare", "io_threading"]);
        let running = Running::start(&mut command);
        wait_until("the program has left its figures", || {
            folder.path().join("target").join(PROFILE).exists()
                && !leftovers(folder.path()).is_empty()
        });
        let child = children_of(running.id())[0];
        signal(name, running.id());
        let ended = running.end();
        assert_eq!((ended.status.code(), &*ended.stderr), (Some(130), ""), "{ended}");
        assert!(!Path::new(&format!("/proc/{child}")).exists(), "the program runs on: {ended}");
        check_stopped();
    }
}
