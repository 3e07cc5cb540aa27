//! How many schedules a case has, how they end, and single ones.

use std::collections::BTreeMap;
use std::iter::repeat_n;

use every_interleaving::{Case, Thread};

fn case(threads: usize, increments: usize, addition: bool) -> Case {
    Case { threads, increments, addition }
}

#[track_caller]
fn check(case: Case, schedules: u128, results: &[(u64, u128)]) {
    assert_eq!(case.schedules(), Ok(schedules), "{case}");
    let counted = case.results().expect("the case is small");
    assert_eq!(counted.values().sum::<u128>(), schedules, "{case}");
    assert_eq!(counted.into_iter().collect::<Vec<_>>(), results, "{case}");
}

#[test]
fn the_counts_are_the_known_ones() {
    check(case(1, 4, true), 1, &[(4, 1)]);
    check(case(2, 1, true), 20, &[(1, 18), (2, 2)]);
    check(case(2, 1, false), 6, &[(1, 4), (2, 2)]);
    check(case(2, 2, false), 70, &[(2, 32), (3, 32), (4, 6)]);
    check(case(3, 1, false), 90, &[(1, 48), (2, 36), (3, 6)]);
    let counts = [(2, 8), (3, 300), (4, 416), (5, 180), (6, 20)];
    check(case(2, 3, false), 924, &counts);
}

#[test]
fn the_right_schedules_are_those_without_a_switch_inside_an_increment() {
    // The increments then only take turns: (threads * increments)! / increments! for each.
    for (threads, increments, all, right) in [
        (3, 2, Some(34_650), 90),
        (3, 3, Some(17_153_136), 1_680),
        (4, 2, None, 2_520),
        (2, 10, None, 184_756),
    ] {
        let case = case(threads, increments, false);
        let results = case.results().expect("the case is small");
        assert_eq!(results[&case.expected()], right, "{case}");
        assert!(all.is_none_or(|all| results.values().sum::<u128>() == all), "{case}");
    }
}

/// What the counter is after a schedule.
#[track_caller]
fn counter(case: Case, schedule: impl IntoIterator<Item = Thread>) -> u64 {
    let machine = case.machine();
    let mut state = machine.start();
    for thread in schedule {
        machine.step(&mut state, thread).expect("no thread has too many turns");
    }
    assert!(machine.end(&state).is_some(), "all have finished: {case}");
    state.counter().unsigned_abs()
}

#[test]
fn no_order_ends_lower_than_the_one_shown() {
    for addition in [false, true] {
        for (threads, increments) in
            [(1, 1), (1, 3), (2, 1), (2, 2), (2, 5), (3, 1), (3, 2), (3, 3), (4, 2), (5, 1)]
        {
            let case = case(threads, increments, addition);
            let turns = case.smallest().into_iter();
            let turn = |(threads, steps)| {
                let threads: std::ops::Range<usize> = threads;
                threads.map(Thread).flat_map(move |thread| repeat_n(thread, steps))
            };
            let results = case.results().expect("the case is small");
            let lowest = results.keys().next();
            assert_eq!(lowest, Some(&counter(case, turns.flat_map(turn))), "{case}");
        }
    }
}

#[test]
fn turns_are_right_if_they_end_with_an_increment_or_are_as_long_as_the_thread() {
    for addition in [false, true] {
        for (threads, increments) in [(2, 1), (2, 2), (2, 4), (3, 3), (4, 2)] {
            let case = case(threads, increments, addition);
            let (increment, all) = (case.code().body.len(), case.code().length());
            for steps in 1..=all + 2 {
                let right = counter(case, case.in_turns(steps)) == case.expected();
                assert_eq!(right, steps % increment == 0 || steps >= all, "{case}, {steps}");
            }
        }
    }
    let turns = case(2, 1, true).in_turns(2).into_iter().map(|thread| thread.0);
    assert_eq!(turns.collect::<Vec<_>>(), [0, 0, 1, 1, 0, 1]);
}

#[test]
fn a_seed_gives_one_order_on_every_machine_and_seeds_give_all_orders() {
    let case = case(2, 1, true);
    let order = |seed| case.random(seed).into_iter().map(|thread| thread.0 + 1);
    assert_eq!(order(1).collect::<Vec<_>>(), [1, 1, 2, 1, 2, 2]);
    let mut seen = BTreeMap::new();
    for seed in 1..=2_000 {
        counter(case, case.random(seed));
        *seen.entry(order(seed).collect::<Vec<_>>()).or_insert(0) += 1;
    }
    assert_eq!(seen.len(), 20);
    // 100 of each on average.
    assert!(seen.values().all(|times| (50..200).contains(times)), "{seen:?}");
}

#[test]
fn what_cannot_be_counted_is_refused() {
    // 36! / 2^18 still fits in 128 bits, 38! / 2^19 does not.
    assert!(case(18, 1, false).schedules().is_ok());
    assert!(case(19, 1, false).schedules().is_err());
    for (threads, increments) in [(usize::MAX, 1), (2, usize::MAX), (1, usize::MAX)] {
        assert!(case(threads, increments, true).results().is_err());
    }
}
