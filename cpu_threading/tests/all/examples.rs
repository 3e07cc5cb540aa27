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

/// The words of the line that begins with this name, after it.
#[track_caller]
fn row<'a>(ended: &'a ProcessOutput, name: &str) -> Vec<&'a str> {
    let mut rows = ended.stdout.lines().filter_map(|line| line.trim_start().strip_prefix(name));
    let row = rows.next().unwrap_or_else(|| panic!("no row {name:?} in {ended}"));
    row.split_whitespace().collect()
}

#[test]
fn threads_that_share_a_lock_hand_it_on() {
    let ended = run_example("gil");
    let hand_overs = |name: &str| -> u32 {
        let row = row(&ended, name);
        // The time and its unit, the ratio, the hand-overs, and what they took with its unit.
        let [.., hand_overs, took, _] = row[..] else { panic!("{row:?}") };
        assert!(took.parse::<f64>().is_ok_and(|took| (took > 0.0) == (hand_overs != "0")));
        hand_overs.parse().expect("a number of hand-overs")
    };
    assert_eq!(hand_overs("1 thread "), 0, "{ended}");
    assert_eq!(hand_overs("5 threads, a lock for each "), 0, "{ended}");
    let [seldom, often] = ["5.00 ms ", "100 µs "]
        .map(|every| hand_overs(&format!("5 threads, one lock, every {every}")));
    assert!(0 < seldom && seldom < often, "{ended}");
    for claim in ["C76", "C90"] {
        assert_ne!(ended.claim(claim).verdict, Verdict::Holds, "{ended}");
    }
}

#[test]
fn a_lock_that_is_handed_on_loses_an_update_every_time() {
    for _ in 0..3 {
        let ended = run_example("gil");
        let lost = ended.claim("C91");
        assert_eq!(lost.verdict, Verdict::DoesNotHoldHere, "{ended}");
        assert_eq!(
            lost.numbers, "one thread ran at a time, and the counter is 1 instead of 2",
            "{ended}"
        );
        let waited = ended.claim("C93");
        assert_eq!(waited.verdict, Verdict::PythonOnly, "{ended}");
        assert!(waited.numbers.ends_with("without the lock, 1 with it"), "{ended}");
    }
}

#[test]
fn the_curve_goes_to_twice_the_cores() {
    let ended = run_example("scaling");
    let cores = std::thread::available_parallelism().expect("the system tells it").get();
    for threads in [cores, 2 * cores] {
        let row = row(&ended, &format!("{threads} thread"));
        assert!(row.contains(&"times,"), "{ended}");
    }
    for claim in ["C01", "C78", "C79", "C81"] {
        assert_ne!(ended.claim(claim).numbers, "", "{ended}");
    }
}

#[test]
fn a_recursion_is_shared_and_its_result_is_the_same() {
    let ended = run_example("recursion");
    for how in ["without join", "join at every call", "join down to fib(20)"] {
        assert_eq!(row(&ended, how)[0], "9,227,465", "{ended}");
    }
    let impossible = ended.claim("C80");
    assert_eq!(impossible.verdict, Verdict::DoesNotHoldHere, "{ended}");
    let threads = impossible.numbers.split_whitespace().find_map(|word| word.parse::<u32>().ok());
    assert!(threads.is_some_and(|threads| threads >= 2), "{ended}");
}

#[test]
fn joined_threads_always_print_and_others_do_not() {
    let ended = run_example("two_threads");
    assert!(ended.stdout.starts_with("Addition: 9\nAddition: 9\nList processing complete.\n"));
    assert_eq!(row(&ended, "joined "), ["0", "0", "100"], "{ended}");
    let runs: Vec<u32> =
        row(&ended, "not joined ").iter().map(|runs| runs.parse().expect("a number")).collect();
    assert_eq!(runs.iter().sum::<u32>(), 100, "{ended}");
    assert!(runs[2] < 100, "no run lost a line: {ended}");
    assert_eq!(ended.claim("C53").verdict, Verdict::DoesNotHoldHere);
}

#[test]
fn a_reader_that_goes_away_ends_them_quietly() {
    for name in ["gil", "scaling", "recursion", "two_threads"] {
        check_head(&example(name), &[], 1);
    }
}
