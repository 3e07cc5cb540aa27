//! Runs the real examples.

use experiment::Verdict;
use testing::{ProcessOutput, check_head, check_width, example, run};

/// Runs an example, which must end well and fit on the screen.
#[track_caller]
fn run_example(name: &str) -> ProcessOutput {
    let ended = run(&example(name), &[]).well();
    check_width(&ended.stdout);
    ended
}

/// The words of the line that begins so.
#[track_caller]
fn words<'a>(ended: &'a ProcessOutput, begin: &str) -> Vec<&'a str> {
    let mut lines = ended.stdout.lines().filter_map(|line| line.trim_start().strip_prefix(begin));
    let line = lines.next().unwrap_or_else(|| panic!("no line begins with {begin:?}: {ended}"));
    line.split_whitespace().collect()
}

#[test]
fn two_processes_print_a_line_each() {
    let program = example("two_processes");
    let ended = run_example("two_processes");
    let mut lines: Vec<&str> = ended.stdout.lines().take(2).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["Addition: 9", "Subtraction: 5"], "{ended}");
    // The two, and the one that waited for them.
    let mut ids: Vec<u32> = ended
        .line_with("waited for both")
        .split([' ', ';'])
        .filter_map(|word| word.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "{ended}");
    let ended = run(&program, &["multiply"]).with_status(1);
    ended.assert_error("There is no job multiply");
    assert_eq!(ended.stdout, "", "{ended}");
}

#[test]
fn the_primes_are_all_found() {
    let ended = run_example("primes");
    for (limit, primes) in [
        ("100,000 ", "9,592"),
        ("300,000 ", "25,997"),
        ("1,000,000 ", "78,498"),
        ("3,000,000 ", "216,816"),
    ] {
        assert_eq!(words(&ended, limit)[0], primes, "{ended}");
    }
    assert_ne!(ended.claim("C83").numbers, "", "{ended}");
}

#[test]
fn the_parts_of_a_job_are_counted() {
    let ended = run_example("chunks");
    let processes = std::cmp::max(num_cpus::get(), 2);
    // The number of parts, and how much of the even and of the uneven work the largest is.
    let parts = |how| -> Vec<usize> {
        let words = words(&ended, how);
        [0, 1, 4].iter().map(|&at| words[at].parse().expect("a number")).collect()
    };
    assert_eq!(parts("one at a time "), [160, 1, 1], "{ended}");
    // As `Pool.map` of Python cuts 160 items for so many workers.
    let chunk = 160 / (4 * processes) + usize::from(160 % (4 * processes) > 0);
    assert_eq!(parts("Python's chunks ")[0], 160_usize.div_ceil(chunk), "{ended}");
    if processes == 2 {
        assert_eq!(parts("Python's chunks "), [8, 13, 23], "{ended}");
        assert_eq!(parts("one for each "), [2, 50, 75], "{ended}");
        assert_eq!(ended.claim("C69").verdict, Verdict::HoldsDifferently, "{ended}");
    }
    assert_eq!(ended.claim("C71").verdict, Verdict::Holds, "{ended}");
    assert_ne!(ended.claim("C67").numbers, "", "{ended}");
}

#[test]
fn a_worker_started_by_hand_leaves_at_the_end_of_its_input() {
    for name in ["primes", "chunks"] {
        let ended = run(&example(name), &["--worker", "x"]).well();
        assert!(!ended.stdout.contains("Claim"), "it has become a program of its own: {ended}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_them_quietly() {
    for name in ["two_processes", "primes", "chunks"] {
        check_head(&example(name), &[], 1);
    }
}
