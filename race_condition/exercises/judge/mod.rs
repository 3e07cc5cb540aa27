//! The judge of these exercises: tries every order of the steps of two threads, with a model
//! checker, and shows an order that goes wrong.

#![allow(dead_code, unused_imports, reason = "no exercise uses all of it")]

mod record;
mod shared;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use classroom::lesson::{self, Error, plural, say};
use shuttle::scheduler::DfsScheduler;
use shuttle::thread;
use shuttle::{Config, Runner};

pub use shared::{Acquire, AtomicBool, AtomicU64, Guard, Mutex, Relaxed, Release, SeqCst};

use record::{GivenUp, Steps};

/// More orders than the steps of an exercise have.
const MOST_ORDERS: usize = 1_000_000;

/// More steps than an order of an exercise has, unless a thread goes round in a loop until the other
/// one has done something.
const MOST_STEPS: usize = 100;

/// Whether a run went well, or what is wrong, as the end of a sentence.
pub type Outcome = Result<(), String>;

/// `Ok` if the condition holds, or else what is wrong.
pub fn check(holds: bool, otherwise: impl Into<String>) -> Outcome {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// Runs two threads to their end.
pub fn two_threads(one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    thread::scope(|scope| {
        scope.spawn(|| run(one));
        scope.spawn(|| run(other));
    });
}

/// Runs a thread's work; a panic ends the thread and not the judge.
fn run(work: impl FnOnce()) {
    if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(work)) {
        // A thread that was given up says so by a panic that nobody sees.
        if !panic.is::<GivenUp>() {
            record::give_up(format!("A thread panics: {}", message(&*panic)));
        }
    }
}

/// What a panic says.
fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("it does not say why")
}

/// Runs `attempt` under every order of its threads' steps. The exercise is solved if all go well.
#[track_caller]
pub fn every_order(hint: &str, attempt: fn() -> Outcome) -> ExitCode {
    lesson::exercise(hint, || all_go_well(attempt))
}

/// Whether every order goes well; prints how many do not, and one of these.
///
/// # Errors
///
/// The judge cannot try all orders, or does not see what the threads do.
pub fn all_go_well(attempt: fn() -> Outcome) -> lesson::Result<bool> {
    let orders = try_all(attempt)?;
    if orders.iter().any(|(steps, outcome)| outcome.is_ok() && !is_seen(steps)) {
        return Err(Error::new(
            "a thread takes no step that the judge can see; share the types of `judge`, not the \
             standard library's",
        ));
    }
    let wrong = orders.values().filter(|outcome| outcome.is_err()).count();
    let all = plural(orders.len() as u64, "order");
    say!("Tried every order of the steps of two threads: {all}.");
    match simplest_fault(&orders) {
        Some((steps, fault)) => {
            let go = if wrong == 1 { "goes" } else { "go" };
            say!("{wrong} of them {go} wrong. This is one:\n");
            print_columns(steps);
            say!("\n{fault}.");
        }
        None => say!("All of them go well."),
    }
    Ok(wrong == 0)
}

/// Whether both threads have taken a step that was noted.
fn is_seen(steps: &Steps) -> bool {
    [1, 2].iter().all(|thread| steps.iter().any(|(other, _)| other == thread))
}

/// What happened in each order.
fn try_all(attempt: fn() -> Outcome) -> lesson::Result<BTreeMap<Steps, Outcome>> {
    let orders = std::sync::Arc::new(std::sync::Mutex::new(BTreeMap::new()));
    let all = std::sync::Arc::clone(&orders);
    let mut config = Config::new();
    config.max_steps = shuttle::MaxSteps::FailAfter(MOST_STEPS);
    config.failure_persistence = shuttle::FailurePersistence::None;
    let judged = move || {
        // What a thread says when it panics is shown with the steps, and once is enough. (The model
        // checker has set a hook of its own before this.)
        panic::set_hook(Box::new(|_| ()));
        record::begin();
        let outcome = attempt();
        let (steps, fault) = record::end();
        let outcome = fault.map_or(outcome, Err);
        all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(steps, outcome);
    };
    let scheduler = DfsScheduler::new(Some(MOST_ORDERS), false);
    let runner = Runner::new(scheduler, config);
    let tried = panic::catch_unwind(AssertUnwindSafe(|| runner.run(judged)));
    // Only what the judge sets may be changed from here on.
    let _ = panic::take_hook();
    let orders = orders.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    match tried {
        Ok(MOST_ORDERS..) => Err(Error::new(format!(
            "there are more than {} orders; let the threads do less",
            lesson::thousands(MOST_ORDERS as u64),
        ))),
        Ok(_) => Ok(orders),
        Err(panic) => Err(Error::new(match message(&*panic) {
            text if text.starts_with("exceeded max_steps") => {
                "a thread goes round in a loop until the other one has done something, and in some \
                 order that is never; let it wait for a lock instead"
            }
            text if text.starts_with("deadlock") => "a thread waits for a lock for ever",
            text => text,
        })),
    }
}

/// The order that goes wrong with the fewest switches between the threads.
fn simplest_fault(orders: &BTreeMap<Steps, Outcome>) -> Option<(&Steps, &str)> {
    let faults = orders.iter().filter_map(|(steps, outcome)| {
        let fault = outcome.as_ref().err()?;
        Some((steps, fault.as_str()))
    });
    faults.min_by_key(|(steps, _)| {
        let switches = steps.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
        // Of equals the one in which thread 1 begins.
        (switches, steps.first().map(|step| step.0))
    })
}

/// The columns of the first thread's steps.
const COLUMN: usize = 34;

fn print_columns(steps: &Steps) {
    say!("    {:COLUMN$}thread 2", "thread 1");
    for (thread, step) in steps {
        let indent = if *thread == 2 { COLUMN } else { 0 };
        say!("    {:indent$}{step}", "");
    }
}
