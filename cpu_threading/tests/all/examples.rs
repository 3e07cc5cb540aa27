//! Runs the real examples.

use experiment::Verdict::{DoesNotHoldHere, Holds, PythonOnly, Undecided};
use testing::run_example;
use testing::sums::words_behind;

#[test]
fn threads_that_share_a_lock_hand_it_on_and_lose_an_update() {
    let ended = run_example("gil");
    let hand_overs = |name: &str| -> u32 {
        let words = words_behind(&ended.stdout, name);
        // The time and its unit, the ratio, the hand-overs, and what they took with its unit.
        let [.., hand_overs, took, _] = words[..] else { panic!("{words:?}") };
        assert!(took.parse::<f64>().is_ok_and(|took| (took > 0.0) == (hand_overs != "0")));
        hand_overs.parse().expect("a number of hand-overs")
    };
    assert_eq!(hand_overs("1 thread "), 0, "{ended}");
    assert_eq!(hand_overs("5 threads, a lock for each "), 0, "{ended}");
    let [seldom, often] = ["5.00 ms ", "100 µs "]
        .map(|every| hand_overs(&format!("5 threads, one lock, every {every}")));
    assert!(0 < seldom && seldom < often, "{ended}");
    ended.assert_line("Two threads add 1, and hand the lock on before they write: 1, not 2.");
    assert!(ended.claim("C93").numbers.ends_with("without the lock, 1 with it"), "{ended}");
    ended.assert_claims(&[
        ("C76", Undecided),
        ("C90", Undecided),
        ("C91", DoesNotHoldHere),
        ("C93", PythonOnly),
    ]);
}

#[test]
fn the_curve_goes_to_twice_the_cores() {
    let ended = run_example("scaling");
    let bars = ended.stdout.lines().filter(|line| line.contains('|') && line.contains(" times, "));
    let threads = |bar: &str| bar.split_whitespace().next()?.parse::<usize>().ok();
    let threads: Vec<usize> = bars.filter_map(threads).collect();
    let cores = num_cpus::get();
    assert_eq!((threads.first(), threads.last()), (Some(&1), Some(&(2 * cores))), "{ended}");
    assert!(threads.contains(&cores), "{ended}");
}

#[test]
fn a_recursion_is_shared_and_its_result_is_the_same() {
    let ended = run_example("recursion");
    for how in ["without join", "join at every call", "join down to fib(20)"] {
        assert_eq!(words_behind(&ended.stdout, how)[0], "9,227,465", "{ended}");
    }
    ended.assert_claims(&[("C80", DoesNotHoldHere)]);
}

#[test]
fn joined_threads_always_print_and_others_may_not() {
    let ended = run_example("two_threads");
    assert!(ended.stdout.starts_with("Addition: 9\nAddition: 9\nList processing complete.\n"));
    assert_eq!(words_behind(&ended.stdout, "joined "), ["0", "0", "100"], "{ended}");
    let runs: Vec<u32> = words_behind(&ended.stdout, "not joined ")
        .iter()
        .map(|runs| runs.parse().expect("a number of runs"))
        .collect();
    assert_eq!((runs.len(), runs.iter().sum()), (3, 100), "{ended}");
    // How many lose a line is chance: it may be none.
    let finished = if runs[2] == 100 { Holds } else { DoesNotHoldHere };
    ended.assert_claims(&[("C53", finished)]);
}
