//! Runs `classroom compare`, with the real programs and with programs that stand for them.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::cargo;
use serde_json::Value;
use testing::browser::Browser;
use testing::pictures::Folder;
use testing::{ProcessOutput, Running, check_width, check_wrong_usage, command, run};
use timeline::trace;

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// Cargo may have to wait for the builds of other tests.
const PATIENCE: Duration = Duration::from_secs(600);

/// Runs `classroom` with these arguments, as long as that takes.
#[track_caller]
fn compare(arguments: &[&str]) -> ProcessOutput {
    Running::start(&mut command(PROGRAM, arguments)).end_within(PATIENCE)
}

#[test]
fn compare_without_a_place_for_its_figures_runs_nothing() {
    let nowhere = std::env::temp_dir().join("no such folder").join("figures.json");
    let nowhere = nowhere.to_str().expect("the path is text");
    let ended = run(PROGRAM, &["compare", "cpu_mp", "--json", nowhere]).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error(&format!("Error: Cannot write {nowhere}: "));
}

/// The row of a program in the table, in words.
#[track_caller]
fn row<'a>(stdout: &'a str, program: &str) -> Vec<&'a str> {
    let row = stdout.lines().map(|line| line.split_whitespace().collect::<Vec<&str>>());
    let mut rows = row.filter(|row| row.first() == Some(&program));
    rows.next().unwrap_or_else(|| panic!("no row for {program} in {stdout}"))
}

#[test]
fn compare_prints_a_table_and_writes_the_same_as_json() {
    let folder = Folder::new("compare");
    let json = &folder.file("figures.json");
    let _ = build(&["cpu_non_concurrent", "cpu_mp"]);
    let programs = ["compare", "cpu_non_concurrent", "cpu_mp"];
    let options = ["--runs", "1", "--number", "1000", "--json", json];
    let ended = compare(&[&programs[..], &options].concat()).well();

    let written = fs::read_to_string(json).expect("compare has written it");
    let report: Value = serde_json::from_str(&written).expect("it is JSON");
    assert_eq!(report["runs"], 1);
    let rows = report["programs"].as_array().expect("a list of programs");
    assert_eq!(rows.len(), 2, "{written}");
    for program in ["cpu_non_concurrent", "cpu_mp"] {
        let row = row(&ended.stdout, program);
        let entry = rows.iter().find(|entry| entry["program"] == program);
        let runs = &entry.unwrap_or_else(|| panic!("no {program} in {written}"))["runs"];
        assert_eq!(runs.as_array().map(Vec::len), Some(1), "{written}");
        assert_eq!((&runs[0]["items"], &runs[0]["ok"]), (&20.0.into(), &20.0.into()), "{written}");
        let seconds = runs[0]["seconds"].as_f64().expect("a time");
        assert_eq!(row[2], format!("{seconds:.3}"), "{ended}");
        // Nothing is faster than its bound, not even a run that is over in no time.
        assert!(runs[0]["bound_seconds"].as_f64() <= Some(seconds), "{written}");
    }
    assert!(ended.stdout.contains("too short to compare"), "{ended}");
    check_width(&ended.stdout);
}

/// Builds programs as a user does, however long that takes: so that the time of `compare` is
/// bounded. Returns what cargo says of it, in JSON.
fn build(programs: &[&str]) -> String {
    let workspace = cargo::workspace().expect("cargo runs this test");
    let mut said = String::new();
    for program in programs {
        let output = cargo::build(&workspace, program).output().expect("cargo runs");
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        said += &String::from_utf8_lossy(&output.stdout);
    }
    said
}

#[test]
fn compare_builds_nothing_that_is_built() {
    let _ = build(&["io_threading"]);
    let quick = ["compare", "io_threading", "--runs", "1", "-n", "1", "--latency", "5"];
    let mut command = command(PROGRAM, &quick);
    // As `cargo run -p classroom` has it. Some crates are built anew if these have changed.
    command.env("CARGO_MANIFEST_DIR", "classroom").env("CARGO_PKG_NAME", "classroom");
    let _ = Running::start(&mut command).end_within(PATIENCE).well();
    let said = build(&["io_threading"]);
    assert!(said.contains("\"fresh\":true"), "{said}");
    assert!(!said.contains("\"fresh\":false"), "{said}");
}

#[test]
fn a_saved_comparison_is_a_report_and_is_drawn_again() {
    let _ = build(&["cpu_non_concurrent", "cpu_threading"]);
    let folder = Folder::new("report");
    let json = folder.file("report.json");
    let programs = ["compare", "cpu_non_concurrent", "cpu_threading", "--runs", "2"];
    let quick = ["--number", "100000", "--save", &json];
    let compared = compare(&[&programs[..], &quick].concat()).well();
    let (runs, _) = trace::read(fs::read_to_string(&json).expect("it is saved")).expect("ours");
    let names: Vec<&str> = runs.iter().map(|run| &*run.program).collect();
    assert_eq!(names, ["cpu_non_concurrent", "cpu_threading"]);
    assert!(runs.iter().all(|run| run.totals().items == 20));

    let again = run(PROGRAM, &["replay", &json]).well();
    for line in compared
        .stdout
        .lines()
        .filter(|line| ["cpu_", "sums:", "Sums:"].iter().any(|start| line.starts_with(start)))
    {
        again.assert_line(line);
    }
    assert_eq!(again.stdout.matches("20 sums on ").count(), 2, "{again}");
    let html = folder.file("report.html");
    let _ = run(PROGRAM, &["replay", &json, "--save", &html]).well();
    let page = fs::read_to_string(&html).expect("it is saved");
    // The areas of both, and a picture of each.
    assert_eq!(page.matches("<figure").count(), 3);
    assert_eq!(page.matches("<tr><td>").count(), 40);
    assert!(page.len() < 1_000_000, "{}", page.len());
    if let Some(mut browser) = Browser::start() {
        browser.open(std::path::Path::new(&html));
        let count = "['.areas .bar', 'figure.timeline', '.times .track', 'b.bound[style]']
            .map((what) => document.querySelectorAll(what).length)";
        // Only programs that know their bound have it marked; sums do.
        assert_eq!(browser.evaluate::<Vec<u32>>(count), [40, 3, 2, 2]);
        browser.check_looks();
        browser.check_quiet();
    }
    let picture = folder.file("a.svg");
    let wrong = ["replay", &json, "--save", &picture];
    check_wrong_usage(PROGRAM, &wrong, &["a.svg", ".html or .json"]);
}

/// Makes a workspace like this one in a folder, with these programs in place of the real ones: the
/// name of each and the body of its `main`.
fn workspace(folder: &Path, programs: &[(&str, &str)]) {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("there is room");
        fs::write(path, text).expect("there is room");
    };
    let package = |name| format!("[package]\nname = {name:?}\nedition = \"2024\"\n");
    let members: Vec<&str> = programs.iter().map(|(name, _)| *name).collect();
    let members = [&members[..], &["classroom"]].concat();
    write("Cargo.toml", &format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n"));
    write("classroom/Cargo.toml", &package("classroom"));
    write("classroom/src/lib.rs", "");
    for (name, body) in programs {
        let source = format!(
            "fn told(option: &str) -> String {{
                 std::env::args().skip_while(|word| word != option).nth(1).expect(option)
             }}
             fn leave(option: &str, text: String) {{
                 std::fs::write(told(option), text).expect(option);
             }}
             fn main() {{ {body} }}"
        );
        write(&format!("{name}/Cargo.toml"), &package(name));
        write(&format!("{name}/src/main.rs"), &source);
    }
}

/// A command of `classroom` that measures the programs of the workspace in this folder.
fn command_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = command(PROGRAM, arguments);
    command.current_dir(folder).env_remove("CARGO_MANIFEST_DIR");
    command.env("CARGO_TARGET_DIR", folder.join("target"));
    command
}

#[track_caller]
fn end(mut command: Command) -> ProcessOutput {
    Running::start(&mut command).end_within(PATIENCE)
}

/// Where cargo puts the programs.
const PROFILE: &str = if cfg!(debug_assertions) { "debug" } else { "release" };

const DOWNLOADS: &str = r#"leave("--summary", "seconds 1.25\nat_once 5\nmost_at_once 5".into());"#;

#[test]
fn compare_measures_the_checkout_that_it_is_called_in() {
    // Beside the program, so that it can be put there by a link.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkouts");
    let _ = fs::remove_dir_all(&folder);
    let here = folder.join("here");
    workspace(&here, &[("io_threading", DOWNLOADS)]);
    let elsewhere = std::env::temp_dir();
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
    workspace(folder.path(), &[("io_threading", "let number: u8 = \"text\";")]);
    let ended = end(command_in(folder.path(), &["compare", "io_threading"])).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error("Error: cargo could not build io_threading.");
    ended.assert_error("mismatched types");
    ended.assert_error("let number: u8 = \"text\";");
}

#[test]
fn a_run_that_fails_has_a_reason_and_leaves_nothing() {
    let folder = Folder::new("killed");
    let dies = format!("{DOWNLOADS} leave(\"--save\", \"{{\".into()); std::process::abort();");
    workspace(folder.path(), &[("io_threading", &dies)]);
    let report = folder.file("report.html");
    let arguments = ["compare", "io_threading", "--runs", "2", "--save", &report];
    let ended = end(command_in(folder.path(), &arguments)).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    let reasons: Vec<&str> = ended
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("io_threading failed: "))
        .collect();
    assert_eq!(reasons.len(), 2, "{ended}");
    assert!(reasons.iter().all(|reason| !reason.is_empty()), "{ended}");
    #[cfg(unix)]
    assert!(reasons[0].starts_with("signal: "), "{ended}");
    ended.assert_error("Error: No run succeeded, so there is nothing to compare");
    let built = fs::read_dir(folder.path().join("target").join(PROFILE)).expect("cargo made it");
    let left: Vec<_> = built
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .filter(|name| [".summary", ".json"].iter().any(|ending| name.ends_with(ending)))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(!Path::new(&report).exists());
}

#[test]
fn the_articles_time_stands_beside_the_articles_job() {
    let folder = Folder::new("article");
    workspace(folder.path(), &[("io_threading", DOWNLOADS)]);
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
    // Its sums take exactly ten nanoseconds a step.
    let sums = |at_once: u32| {
        format!(
            "let cpu = told(\"--number\").parse::<f64>().unwrap() / 1e8;
             let seconds = cpu / {at_once}.0;
             leave(\"--summary\", format!(
                 \"seconds {{seconds}}\ncpu_seconds {{cpu}}\nbound_seconds {{seconds}}\n\
                 at_once {at_once}\nitems 20\nok 20\"));"
        )
    };
    let folder = Folder::new("half-a-second");
    workspace(folder.path(), &[("cpu_non_concurrent", &sums(1)), ("cpu_mp", &sums(2))]);
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

#[cfg(target_os = "linux")]
#[test]
fn a_comparison_that_is_told_to_end_takes_its_program_with_it() {
    use testing::{children_of, signal, wait_until};

    let _ = build(&["io_non_concurrent"]);
    let arguments = ["compare", "io_non_concurrent", "--runs", "1"];
    let running = Running::start(&mut command(PROGRAM, &arguments));
    // The program, and the file of its figures. Before that it is cargo that runs.
    let started = || {
        children_of(running.id()).into_iter().find_map(|child| {
            let arguments = fs::read_to_string(format!("/proc/{child}/cmdline")).ok()?;
            let mut words = arguments.split('\0').skip_while(|word| *word != "--summary");
            Some((child, words.nth(1)?.to_string()))
        })
    };
    let mut program = None;
    wait_until("the program runs", || {
        program = started();
        program.is_some()
    });
    let (child, figures) = program.expect("it was just found");
    signal("TERM", running.id());
    let ended = running.end();
    assert_eq!(ended.status.code(), Some(143), "{ended}");
    assert!(!Path::new(&format!("/proc/{child}")).exists(), "the program runs on: {ended}");
    assert!(!Path::new(&figures).exists(), "its file is left: {ended}");
}
