//! Tests of `many_machines`: against real Redis servers, with processes that end in every wrong way.
//! Without a redis-server here they are skipped, and say so.

#![cfg(unix)]

mod command_line;
mod here;
mod server;
mod trouble;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_many_machines");

/// A sum of this number takes a quarter of a second or more.
const LONG: &str = "500_000_000";

/// The workers that have computed something, and how many sums.
fn shares(stdout: &str) -> Vec<(&str, usize)> {
    let share = |line| {
        let (worker, rest) = str::split_once(line, " computed ")?;
        Some((worker, rest.split(' ').next()?.replace(',', "").parse().ok()?))
    };
    stdout.lines().filter_map(share).collect()
}

/// Checks that all sums are there and right, and that each was counted once.
#[track_caller]
fn check_all(stdout: &str, count: usize) {
    let checked = format!("\nall {} checked; ", lesson::plural(count as u64, "sum"));
    assert!(stdout.contains(&checked), "{stdout}");
    assert_eq!(shares(stdout).iter().map(|(_, sums)| sums).sum::<usize>(), count, "{stdout}");
}
