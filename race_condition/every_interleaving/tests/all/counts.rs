//! Tests the parts of the example from the inside; `examples.rs` runs it.

use std::collections::BTreeMap;

#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/every_interleaving/case.rs"]
mod case;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/every_interleaving/listing.rs"]
mod listing;
#[allow(dead_code, reason = "the scheduler uses the rest")]
#[path = "../examples/machine/mod.rs"]
mod machine;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/every_interleaving/smallest.rs"]
mod smallest;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/every_interleaving/table.rs"]
mod table;

use case::Case;
use machine::{End, Machine, Thread};

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
    check(case(2, 1, true), 20, &[(1, 18), (2, 2)]);
    check(case(2, 1, false), 6, &[(1, 4), (2, 2)]);
    check(case(2, 2, false), 70, &[(2, 32), (3, 32), (4, 6)]);
    check(case(3, 1, false), 90, &[(1, 48), (2, 36), (3, 6)]);
    let counts = [(2, 8), (3, 300), (4, 416), (5, 180), (6, 20)];
    check(case(2, 3, false), 924, &counts);
    for (increments, schedules, right) in [(2, 34_650, 90), (3, 17_153_136, 1_680)] {
        let case = case(3, increments, false);
        let results = case.results().expect("the case is small");
        let all: u128 = results.values().sum();
        assert_eq!((all, results[&case.expected()]), (schedules, right), "{case}");
    }
}

#[test]
fn counting_gives_what_listing_gives() {
    let long = [(1, 4, true), (2, 2, true), (3, 1, true), (2, 3, false), (3, 2, false)];
    let short = [(1, 1, false), (2, 1, true), (2, 1, false), (2, 2, false), (4, 1, false)];
    for (threads, increments, addition) in long.into_iter().chain(short) {
        let case = case(threads, increments, addition);
        let mut listed = BTreeMap::new();
        let mut orders = std::collections::HashSet::new();
        for run in listing::list(case) {
            *listed.entry(run.counter).or_insert(0) += 1;
            orders.insert(run.steps.iter().map(|&(thread, _)| thread).collect::<Vec<_>>());
        }
        assert_eq!(Ok(orders.len() as u128), case.schedules(), "{case}: each is listed once");
        assert_eq!(Ok(listed), case.results(), "{case}");
    }
}

#[test]
fn the_right_schedules_are_those_without_a_switch_inside_an_increment() {
    // The increments then only take turns: (threads * increments)! / increments! for each.
    for (threads, increments, right) in [(3, 3, 1_680), (4, 2, 2_520), (2, 10, 184_756)] {
        let results = case(threads, increments, false).results().expect("the case is small");
        assert_eq!(results[&(threads as u64 * increments as u64)], right);
    }
}

#[test]
fn no_order_ends_lower_than_the_one_shown() {
    for addition in [false, true] {
        for (threads, increments) in
            [(1, 1), (1, 3), (2, 1), (2, 2), (2, 5), (3, 1), (3, 2), (3, 3), (4, 2), (5, 1)]
        {
            let case = case(threads, increments, addition);
            let code = vec![case.code(); threads];
            let machine = Machine::new(&code);
            let mut state = machine.start();
            for (threads, steps) in smallest::order(case) {
                for thread in threads.map(Thread) {
                    for _ in 0..steps {
                        assert!(machine.step(&mut state, thread).is_ok(), "{case}");
                    }
                }
            }
            let results = case.results().expect("the case is small");
            let lowest = results
                .keys()
                .next()
                .map(|counter| End::Counter((*counter).try_into().expect("it is small")));
            assert_eq!(machine.end(&state), lowest, "{case}: all have finished, and none lower");
        }
    }
}

/// What the counter is after a schedule.
fn counter(case: Case, schedule: &[Thread]) -> u64 {
    let code = vec![case.code(); case.threads];
    let machine = Machine::new(&code);
    let mut state = machine.start();
    for &thread in schedule {
        machine.step(&mut state, thread).expect("no thread has too many turns");
    }
    assert!(machine.end(&state).is_some(), "all have finished: {case}");
    state.counter().unsigned_abs()
}

#[test]
fn turns_are_right_if_they_end_with_an_increment_or_are_as_long_as_the_thread() {
    for addition in [false, true] {
        for (threads, increments) in [(2, 1), (2, 2), (2, 4), (3, 3), (4, 2)] {
            let case = case(threads, increments, addition);
            let (increment, all) = (case.code().body.len(), case.code().length());
            for steps in 1..=all + 2 {
                let right = counter(case, &table::in_turns(case, steps)) == case.expected();
                assert_eq!(right, steps % increment == 0 || steps >= all, "{case}, {steps}");
            }
        }
    }
    let turns = table::in_turns(case(2, 1, true), 2).into_iter().map(|thread| thread.0);
    assert_eq!(turns.collect::<Vec<_>>(), [0, 0, 1, 1, 0, 1]);
}

#[test]
fn a_seed_gives_one_order_on_every_machine_and_seeds_give_all_orders() {
    let case = case(2, 1, true);
    let order = |seed| table::random(case, seed).into_iter().map(|thread| thread.0 + 1);
    assert_eq!(order(1).collect::<Vec<_>>(), [1, 1, 2, 1, 2, 2]);
    let mut seen = BTreeMap::new();
    for seed in 1..=2_000 {
        counter(case, &table::random(case, seed));
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
