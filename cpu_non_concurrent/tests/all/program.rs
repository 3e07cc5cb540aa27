//! Runs the real program.

use testing::{check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cpu_non_concurrent");

testing::tests_of! { sums(PROGRAM);
    the_articles_sums_are_exact
    every_sum_is_recorded
}

#[test]
fn there_is_nothing_to_do_at_once() {
    check_wrong_usage(PROGRAM, &["-c", "2"], &["'-c'"]);
    let help = run(PROGRAM, &["--help"]).well();
    assert!(!help.stdout.contains("--concurrency"), "{help}");
}
