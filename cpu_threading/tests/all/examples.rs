//! Runs the real examples.

use experiment::Verdict::{DoesNotHoldHere, Holds, PythonOnly};
use testing::sums::words_behind;
use testing::{check_width, example, run};

#[test]
fn threads_that_share_a_lock_hand_it_on_and_lose_an_update() {
    let ended = run(&example("gil"), &[]).well();
    check_width(&ended.stdout);
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
    let lost = ended.claim("C91");
    assert_eq!(lost.verdict, DoesNotHoldHere, "{ended}");
    assert_eq!(lost.numbers, "one thread ran at a time, and the counter is 1 instead of 2");
    let waited = ended.claim("C93");
    assert_eq!(waited.verdict, PythonOnly, "{ended}");
    assert!(waited.numbers.ends_with("without the lock, 1 with it"), "{ended}");
}

#[test]
fn the_curve_goes_to_twice_the_cores() {
    let ended = run(&example("scaling"), &[]).well();
    check_width(&ended.stdout);
    let bars = ended.stdout.lines().filter(|line| line.contains('|') && line.contains(" times, "));
    let threads: Vec<&str> = bars.filter_map(|bar| bar.split_whitespace().next()).collect();
    assert_eq!(threads[0], "1", "{ended}");
    let cores = num_cpus::get();
    for threads_of_a_bar in [cores, 2 * cores] {
        assert!(threads.contains(&&*threads_of_a_bar.to_string()), "{ended}");
    }
    assert_eq!(threads.last(), Some(&&*(2 * cores).to_string()), "{ended}");
}

#[test]
fn a_recursion_is_shared_and_its_result_is_the_same() {
    let ended = run(&example("recursion"), &[]).well();
    check_width(&ended.stdout);
    for how in ["without join", "join at every call", "join down to fib(20)"] {
        assert_eq!(words_behind(&ended.stdout, how)[0], "9,227,465", "{ended}");
    }
    let impossible = ended.claim("C80");
    assert_eq!(impossible.verdict, DoesNotHoldHere, "{ended}");
    let threads = impossible.numbers.split_whitespace().find_map(|word| word.parse::<u32>().ok());
    assert!(threads.is_some_and(|threads| threads >= 2), "{ended}");
}

#[test]
fn joined_threads_always_print_and_others_may_not() {
    let ended = run(&example("two_threads"), &[]).well();
    check_width(&ended.stdout);
    assert!(ended.stdout.starts_with("Addition: 9\nAddition: 9\nList processing complete.\n"));
    assert_eq!(words_behind(&ended.stdout, "joined "), ["0", "0", "100"], "{ended}");
    let runs: Vec<u32> = words_behind(&ended.stdout, "not joined ")
        .iter()
        .map(|runs| runs.parse().expect("a number of runs"))
        .collect();
    assert_eq!((runs.len(), runs.iter().sum()), (3, 100), "{ended}");
    // How many lose a line is chance: it may be none.
    let finished = if runs[2] == 100 { Holds } else { DoesNotHoldHere };
    assert_eq!(ended.claim("C53").verdict, finished, "{ended}");
}
