//! The judge of these exercises: tries every order of the steps of two threads, with a model
//! checker, and shows an order that goes wrong.

mod record;
mod shared;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use lesson::words::{COLUMNS, fill};
use lesson::{Error, plural, say};
use shuttle::scheduler::DfsScheduler;
use shuttle::thread;
use shuttle::{Config, Runner};

pub use shared::{AcqRel, Acquire, AtomicBool, AtomicU64, Guard, Mutex, Relaxed, Release, SeqCst};

use record::{GivenUp, Steps};

/// How long orders are tried. Those of an exercise are done in less than a second.
const TIME: Duration = Duration::from_secs(10);

/// How long to wait for the judge: longer than that, and less than the 20 seconds after which an
/// exercise ends itself, so that the judge has its say.
const PATIENCE: Duration = Duration::from_secs(15);

/// More steps than an order of an exercise has, unless a thread goes round in a loop until the other
/// one has done something.
const MOST_STEPS: usize = 100;

/// Whether an order went well, or what is wrong.
pub type Outcome = Result<(), Fault>;

/// What is wrong, as a sentence without its full stop.
#[derive(Clone, Debug)]
pub enum Fault {
    InThisOrder(String),
    /// Whatever the order is. It is looked at when all orders go well.
    InEveryOrder(String),
}

/// `Ok` if the condition holds, or else what is wrong in this order.
pub fn check(holds: bool, otherwise: impl Into<String>) -> Outcome {
    if holds { Ok(()) } else { Err(Fault::InThisOrder(otherwise.into())) }
}

/// `Ok` if the condition holds, or else what is wrong although the order is right.
pub fn check_in_every_order(holds: bool, otherwise: impl Into<String>) -> Outcome {
    if holds { Ok(()) } else { Err(Fault::InEveryOrder(otherwise.into())) }
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
    experiment::exercise(hint, || {
        let (sender, judged) = mpsc::channel();
        // On a thread of its own, which can be left behind.
        let judge = move || sender.send(all_go_well(attempt));
        std::thread::Builder::new().spawn(judge)?;
        judged.recv_timeout(PATIENCE).unwrap_or_else(|error| {
            Err(Error::new(match error {
                RecvTimeoutError::Timeout => {
                    "a thread waits for ever, and for nothing that the judge can see; share the \
                     types of `judge`, not the standard library's"
                }
                RecvTimeoutError::Disconnected => "the judge has panicked",
            }))
        })
    })
}

/// Whether every order goes well; prints how many do not, and one of these.
///
/// # Errors
///
/// The judge cannot try all orders, or does not see what the threads do.
pub fn all_go_well(attempt: fn() -> Outcome) -> lesson::Result<bool> {
    let (orders, are_all) = try_all(attempt)?;
    if orders.iter().any(|(steps, outcome)| outcome.is_ok() && !is_seen(steps)) {
        return Err(Error::new(
            "a thread takes no step that the judge can see; let both take part, and share the types of \
             `judge`, not the standard library's",
        ));
    }
    let is_wrong = |outcome: &&Outcome| matches!(outcome, Err(Fault::InThisOrder(_)));
    let wrong = orders.values().filter(is_wrong).count();
    let tried = plural(orders.len() as u64, "order");
    if are_all {
        say!("Tried every order of the steps of two threads: {tried}.");
    } else {
        let seconds = TIME.as_secs();
        say!("Tried {tried} of the steps of two threads; after {seconds} s there were more.");
    }
    match simplest_fault(&orders) {
        Some((steps, fault)) => {
            if wrong == 1 {
                say!("1 of them goes wrong:\n");
            } else {
                say!("{wrong} of them go wrong. This is one:\n");
            }
            print_columns(steps);
            say!("\n{fault}.");
        }
        None if !are_all => {
            return Err(Error::new("there are too many orders; let the threads take fewer steps"));
        }
        None => {
            say!("All of them go well.");
            if let Some(Fault::InEveryOrder(fault)) =
                orders.values().find_map(|it| it.as_ref().err())
            {
                say!("\n{}", fill(&format!("{fault}."), COLUMNS, "But ", ""));
            }
        }
    }
    Ok(orders.values().all(Result::is_ok))
}

/// Whether both threads have taken a step that was noted.
fn is_seen(steps: &Steps) -> bool {
    [1, 2].iter().all(|thread| steps.iter().any(|(other, _)| other == thread))
}

/// What happened in each order, and whether these are all.
fn try_all(attempt: fn() -> Outcome) -> lesson::Result<(BTreeMap<Steps, Outcome>, bool)> {
    let orders = std::sync::Arc::new(std::sync::Mutex::new(BTreeMap::new()));
    let all = std::sync::Arc::clone(&orders);
    let mut config = Config::new();
    config.max_steps = shuttle::MaxSteps::FailAfter(MOST_STEPS);
    config.max_time = Some(TIME);
    config.failure_persistence = shuttle::FailurePersistence::None;
    let begin = Instant::now();
    let judged = move || {
        // What a thread says when it panics is shown with the steps, and once is enough. (The model
        // checker has set a hook of its own before this.)
        panic::set_hook(Box::new(|_| ()));
        record::begin();
        let outcome = attempt();
        let (steps, fault) = record::end();
        let outcome = fault.map_or(outcome, |fault| Err(Fault::InThisOrder(fault)));
        all.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(steps, outcome);
    };
    let scheduler = DfsScheduler::new(None, false);
    let runner = Runner::new(scheduler, config);
    let tried = panic::catch_unwind(AssertUnwindSafe(|| runner.run(judged)));
    // Back to the usual hook: a later panic has to be seen.
    let _ = panic::take_hook();
    let orders = orders.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
    match tried {
        Ok(_) => Ok((orders, begin.elapsed() < TIME)),
        Err(panic) => Err(Error::new(match message(&*panic) {
            text if text.starts_with("exceeded max_steps") => {
                "a thread goes round in a loop until the other one has done something. This judge \
                 cannot try that, because there is no end of orders"
            }
            text if text.starts_with("deadlock") => "a thread waits for a lock for ever",
            text => text,
        })),
    }
}

/// The order that goes wrong with the fewest switches between the threads.
fn simplest_fault(orders: &BTreeMap<Steps, Outcome>) -> Option<(&Steps, &str)> {
    let faults = orders.iter().filter_map(|(steps, outcome)| {
        let Err(Fault::InThisOrder(fault)) = outcome else { return None };
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
