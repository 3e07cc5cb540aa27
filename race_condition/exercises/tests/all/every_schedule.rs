//! The lesson's own functions under a model checker, which tries every schedule of two threads.
//!
//! It warns that it takes every `Relaxed` for the strictest order. That matters between several
//! atomic variables. Here is only one, and all threads see its values in the same order.
//!
//! ```text
//! cargo test -p race_exercises --test all every_schedule -- --nocapture --test-threads 1
//! ```

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use shuttle::sync::atomic::{AtomicU64, Ordering::Relaxed};
use shuttle::thread;

use race_condition::{increment_atomically, increment_counter, increment_with_lock};

/// The program `race_condition` with the types of the model checker; `build.rs` has made it.
#[allow(dead_code, reason = "its main is not called")]
mod race_condition {
    include!(concat!(env!("OUT_DIR"), "/race_condition.rs"));
}

/// More schedules than two threads can have that increment once or twice.
const MOST_SCHEDULES: usize = 1_000_000;

/// What happened under one schedule: the steps in their order, and the counter at the end.
#[derive(Clone, Default)]
struct Run {
    steps: Vec<Step>,
    counter: u64,
}

/// Thread 0 or 1, and what it did.
type Step = (usize, String);

/// Runs two threads under every schedule there is and returns what happened under each.
///
/// `work` gets the thread's number, the counter and a place to note a step.
fn every_schedule<C, W, E>(counter: fn() -> C, work: W, end: E) -> Vec<Run>
where
    C: Send + Sync + 'static,
    W: Fn(usize, &C, &dyn Fn(String)) + Clone + Send + Sync + 'static,
    E: Fn(&C) -> u64 + Send + Sync + 'static,
{
    let runs = Arc::new(Mutex::new(Vec::new()));
    let all = Arc::clone(&runs);
    shuttle::check_dfs(
        move || {
            let shared = Arc::new(counter());
            // Not the model checker's types, as a note must not count as a step.
            let steps = Arc::new(Mutex::new(Vec::new()));
            let threads = [0, 1].map(|number| {
                let (work, shared, steps) = (work.clone(), Arc::clone(&shared), Arc::clone(&steps));
                thread::spawn(move || {
                    let note = |step| lock(&steps).push((number, step));
                    work(number, &shared, &note);
                })
            });
            for thread in threads {
                thread.join().expect("the lesson's threads do not panic");
            }
            let steps = lock(&steps).clone();
            lock(&all).push(Run { steps, counter: end(&shared) });
        },
        Some(MOST_SCHEDULES),
    );
    let runs = lock(&runs).clone();
    assert!(runs.len() < MOST_SCHEDULES, "not every schedule was tried");
    runs
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many schedules end with which counter.
fn results(runs: &[Run]) -> BTreeMap<u64, usize> {
    let mut results = BTreeMap::new();
    for run in runs {
        *results.entry(run.counter).or_default() += 1;
    }
    results
}

fn race(increments: u64) -> Vec<Run> {
    every_schedule(
        || AtomicU64::new(0),
        move |_, counter, note| {
            let written = std::cell::Cell::new(None);
            let note_write = || {
                if let Some(value) = written.take() {
                    note(format!("writes {value}"));
                }
            };
            increment_counter(counter, increments, |value| {
                note_write();
                note(format!("reads {value}"));
                written.set(Some(value + 1));
            });
            note_write();
        },
        |counter| counter.load(Relaxed),
    )
}

#[test]
fn the_lost_update_is_found_and_shown() {
    let runs = race(1);
    let results = results(&runs);
    println!("increment_counter, two threads, one increment each: {} schedules", runs.len());
    println!("  counter at the end: in so many schedules: {results:?}");
    assert_eq!(results.keys().copied().collect::<Vec<_>>(), [1, 2]);

    let lost = runs.iter().find(|run| run.counter == 1).expect("one of them ends at 1");
    println!("\n  {:16}thread 2", "thread 1");
    for (thread, step) in &lost.steps {
        println!("  {:indent$}{step}", "", indent = 16 * thread);
    }
    println!("\n  Two increments, and the counter is {}.", lost.counter);

    // Both read before either writes: that is what a lost update is.
    let first_write = lost.steps.iter().position(|(_, step)| step.starts_with("writes"));
    assert_eq!(first_write, Some(2), "two reads come first: {:?}", lost.steps);
    assert!(lost.steps[..2].iter().all(|(_, step)| step == "reads 0"));
    assert!(lost.steps[2..].iter().all(|(_, step)| step == "writes 1"));
}

#[test]
fn two_increments_each_can_give_two_three_or_four() {
    let results = results(&race(2));
    println!("increment_counter, two threads, two increments each: {results:?}");
    assert_eq!(results.keys().copied().collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn the_lock_loses_nothing_under_any_schedule() {
    let runs = every_schedule(
        || shuttle::sync::Mutex::new(0),
        |_, counter, _| increment_with_lock(counter, 2),
        |counter| *counter.lock().expect("no thread has panicked"),
    );
    println!("increment_with_lock, two threads, two increments each: {:?}", results(&runs));
    assert_eq!(results(&runs).keys().copied().collect::<Vec<_>>(), [4]);
    assert!(runs.len() > 1, "there is more than one schedule");
}

#[test]
fn fetch_add_loses_nothing_under_any_schedule() {
    let runs = every_schedule(
        || AtomicU64::new(0),
        |_, counter, _| increment_atomically(counter, 2),
        |counter| counter.load(Relaxed),
    );
    println!("increment_atomically, two threads, two increments each: {:?}", results(&runs));
    assert_eq!(results(&runs).keys().copied().collect::<Vec<_>>(), [4]);
    assert!(runs.len() > 1, "there is more than one schedule");
}
