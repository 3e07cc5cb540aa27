//! Runs the real program without a terminal.

use testing::{check_head, check_width, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_scheduler");

#[track_caller]
fn check_line(replay: &str, line: &str) {
    run(PROGRAM, &["--replay", replay]).well().assert_line(line);
}

#[test]
fn a_replay_is_a_table() {
    let table = "\
Level 1: Make two increments give 1.
Each thread runs counter += 1 once.

step  Thread 1            Thread 2            counter
                                                    0
   1  load   reg = 0                                0
   2  │                   load   reg = 0            0
   3  add    reg = 1      │                         0
   4  │                   add    reg = 1            0
   5  store  counter = 1  │ out of date             1
   6                      store  counter = 1        1

Passed. The counter ended at 1.
Thread 1 read 0 and wrote 1, thread 2 read 0 and wrote 1. Thread 2 had loaded
before thread 1 stored, and wrote over it: 1 of 2 increments is lost.
";
    assert_eq!(run(PROGRAM, &["--replay", "1:121212"]).well().stdout, table);
    check_line("6:12", "step  Thread 1            Thread 2            counter  mutex A   mutex B");
    check_line("6:12", "   2                      lock   B                  0  thread 1  thread 2");
}

#[test]
fn a_replay_shows_sleep_and_both_numbers() {
    check_line("11:12", "   2  │ out of date       set    ready = 1          1");
    check_line("11:112", "   3  asleep              set    ready = 1          1");
    check_line(
        "12:1122",
        "step  Thread 1            Thread 2            balance  savings  mutex A",
    );
    check_line(
        "12:1122",
        "   4                      add    reg = 40          40        0  thread 1",
    );
}

#[test]
fn a_replay_may_miss_the_goal_or_end_early() {
    check_line("1:111222", "Not passed. The counter ended at 2, not at 1.");
    check_line("1:111222", "Up to step 2 the goal could still be reached.");
    check_line("1:12", "The schedule ends before the threads do: steps are left to take.");
}

#[test]
fn a_claim_is_replayed_too() {
    check_line("5:i", "Passed. It is impossible, as you have claimed.");
    check_line("1:i", "Not passed. It can be done.");
    check_line("1:i", "cargo run -p scheduler -- --replay 1:112122");
}

#[test]
fn wrong_usage_is_one_message() {
    check_wrong_usage(PROGRAM, &["--replay", "13:12"], &["'13:12'", "the levels are 1 to 12"]);
    check_wrong_usage(PROGRAM, &["--level", "13"], &["'13'", "the levels are 1 to 12"]);
    check_wrong_usage(PROGRAM, &["--level", "1", "--replay", "1:1"], &["cannot be used with"]);
    check_wrong_usage(PROGRAM, &["1:121212"], &["'1:121212'"]);
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let output = run(PROGRAM, &[]).with_status(2);
    assert_eq!(output.stdout, "", "{output}");
    assert_eq!(output.stderr.lines().count(), 1, "{output}");
    output.assert_error("--replay 1:121212");
}

#[test]
fn help_fits_and_names_every_option() {
    let help = run(PROGRAM, &["--help"]).well();
    for option in ["--level <N>", "--replay <LEVEL:STEPS>", "--version"] {
        assert!(help.stdout.contains(option), "no {option} in {help}");
    }
    check_width(&help.stdout);
    check_head(PROGRAM, &["--replay", "3:122211211122"], 2);
}
