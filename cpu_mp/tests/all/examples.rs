//! Runs the real examples.

use experiment::Verdict::{Holds, HoldsDifferently, Undecided};
use testing::sums::words_behind;
use testing::{example, run, run_example};

#[test]
fn two_processes_print_a_line_each() {
    let ended = run_example("two_processes");
    let mut lines: Vec<&str> = ended.stdout.lines().take(2).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["Addition: 9", "Subtraction: 5"], "{ended}");
    // The two, and the one that waited for them.
    let told = ended.line_with("waited for both");
    let mut ids: Vec<u32> = told.split([' ', ';']).filter_map(|word| word.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3, "{ended}");
    let ended = run(&example("two_processes"), &["multiply"]).with_status(1);
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
        assert_eq!(words_behind(&ended.stdout, limit)[0], primes, "{ended}");
    }
}

/// `ulimit -n`: a second worker finds no room for its pipes.
#[cfg(target_os = "linux")]
#[test]
fn processes_that_could_not_start_are_judged_by_nobody() {
    use testing::{Running, command_with_ulimit};

    let mut command = command_with_ulimit("-n 8", &example("chunks"), &[]);
    let ended = Running::start(&mut command).end().with_status(0);
    assert!(ended.stdout.starts_with("160 sums by 1 process: "), "{ended}");
    for claim in ["C67", "C69", "C71"] {
        assert_eq!(ended.claim(claim).verdict, Undecided, "{ended}");
    }
}

#[test]
fn the_parts_of_a_job_are_counted() {
    let ended = run_example("chunks");
    let processes = std::cmp::max(num_cpus::get(), 2);
    // The number of parts, and how much of the even and of the uneven work the largest is.
    let parts = |how| -> Vec<usize> {
        let words = words_behind(&ended.stdout, how);
        [0, 1, 4].iter().map(|&at| words[at].parse().expect("a number")).collect()
    };
    assert_eq!(parts("one at a time "), [160, 1, 1], "{ended}");
    // As `Pool.map` of Python cuts 160 items for so many workers.
    let chunk = 160 / (4 * processes) + usize::from(160 % (4 * processes) > 0);
    assert_eq!(parts("Python's chunks ")[0], 160_usize.div_ceil(chunk), "{ended}");
    if processes == 2 {
        assert_eq!(parts("Python's chunks "), [8, 13, 23], "{ended}");
        assert_eq!(parts("one for each "), [2, 50, 75], "{ended}");
    }
    // With 5 processes or more Python's map sends single items as well.
    let single = if processes < 5 { HoldsDifferently } else { Holds };
    ended.assert_claims(&[("C67", Undecided), ("C69", single), ("C71", Holds)]);
}
