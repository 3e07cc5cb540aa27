//! Checks of what every program has: its help, its errors, its quiet end.

use super::programs::{Running, command, run};

/// The options that the help of a program names: `--number`, `-c` and so on.
pub fn options_in(help: &str) -> Vec<String> {
    let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let words = options.flat_map(|line| line.split([' ', ',']));
    words.filter(|word| word.starts_with('-')).map(String::from).collect()
}

/// Checks what every program has: `--help` with these options, of 80 columns, and `--version`.
#[track_caller]
pub fn check_help(program: &str, options: &[&str]) {
    let help = run(program, &["--help"]).well();
    check_width(&help.stdout);
    let named = options_in(&help.stdout);
    let common = ["-q", "--quiet", "--diagram", "--save", "-h", "--help", "-V", "--version"];
    for option in options.iter().chain(&common) {
        assert!(named.iter().any(|name| name == option), "no {option} in {help}");
    }
    for hidden in ["--worker", "--summary"] {
        assert!(!help.stdout.contains(hidden), "{hidden} is shown in {help}");
    }
    let name = std::path::Path::new(program).file_stem().expect("a program has a name");
    let version = run(program, &["--version"]).well();
    assert_eq!(version.stdout.split(' ').next(), name.to_str(), "{version}");
    assert_eq!(version.stdout.split_whitespace().count(), 2, "{version}");
}

/// Checks that no line of a help is wider than a terminal of 80 columns.
#[track_caller]
pub fn check_width(help: &str) {
    let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "wider than 80 columns: {wide:#?}");
}

/// Checks that wrong usage is one message on standard error that names what is wrong, and status 2.
#[track_caller]
pub fn check_wrong_usage(program: &str, arguments: &[&str], named: &[&str]) {
    let ended = run(program, arguments).with_status(2);
    assert_eq!(ended.stdout, "", "{ended}");
    assert_eq!(ended.stderr.matches("error:").count(), 1, "{ended}");
    for name in named {
        ended.assert_error(name);
    }
}

/// Checks that a program whose reader goes away after so many lines ends quietly.
#[track_caller]
pub fn check_head(program: &str, arguments: &[&str], lines: usize) {
    let (running, read) = Running::start_and_read(&mut command(program, arguments), lines);
    assert_eq!(read.len(), lines, "{read:?}");
    let ended = running.end();
    assert_eq!(ended.stderr, "", "{ended}");
    assert_eq!(ended.status.code(), Some(0), "{ended}");
}

/// Checks that a program whose output cannot be written says so in a sentence.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn check_full_disk(program: &str, arguments: &[&str]) {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
    let mut command = command(program, arguments);
    let ended = Running::start_with_stdout(command.stdout(full)).end().with_status(1);
    ended.assert_error("Cannot write to standard output: No space left on device");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
}
