//! The judge of these exercises: tries every order of the steps of two threads, with a model
//! checker, and shows an order that goes wrong.

mod judgement;
mod record;
mod shared;

use std::any::Any;
use std::collections::BTreeMap;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use lesson::{Error, Result, say};
use shuttle::scheduler::DfsScheduler;
use shuttle::{Config, Runner, thread};

pub use judgement::Judgement;
pub use shared::{AcqRel, Acquire, AtomicBool, AtomicU64, Guard, Mutex, Relaxed, Release, SeqCst};

use record::EndOfThread;

/// How long orders are tried. Those of an exercise are done in less than a second.
const TIME: Duration = Duration::from_secs(10);

/// How long no thread takes a step before the judge gives up. A step takes less than a millisecond.
const SILENCE: Duration = Duration::from_secs(3);

/// How often to look whether a thread has taken a step.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// More steps than an order of an exercise has, unless a thread goes round in a loop until the other
/// one has done something.
const MOST_STEPS: usize = 100;

/// Whether an order went well, or what is wrong.
pub type Outcome = Result<(), Fault>;

/// What is wrong, as a sentence without its full stop.
#[derive(Clone, Debug)]
pub enum Fault {
    /// After these steps in this order.
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
        // A thread that cannot go on ends by a panic, too, which is not one of its own.
        if !panic.is::<EndOfThread>() {
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
pub fn every_order(attempt: fn() -> Outcome) -> ExitCode {
    experiment::exercise(|| {
        let judgement = judge(attempt, TIME)?;
        say!("{}", judgement.text);
        Ok(judgement.is_solved)
    })
}

/// Tries the orders of the steps, for so long if there is no end of them. One attempt at a time can be
/// judged.
///
/// # Errors
///
/// The judge cannot try the orders, or does not see what the threads do.
pub fn judge(
    attempt: impl Fn() -> Outcome + Send + Sync + 'static,
    time: Duration,
) -> Result<Judgement> {
    let (sender, judgement) = mpsc::channel();
    // On a thread of its own, which can be left behind.
    std::thread::Builder::new().spawn(move || sender.send(try_all(attempt, time)))?;
    let (mut events, mut last) = (0, Instant::now());
    loop {
        match judgement.recv_timeout(POLL_INTERVAL) {
            Ok(judgement) => return judgement,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Error::new("the judge has panicked"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if record::events() > events {
            (events, last) = (record::events(), Instant::now());
        } else if last.elapsed() > SILENCE {
            return Err(Error::new(format!(
                "no thread has taken a step for {} s. One waits for something that the judge cannot \
                 see, or goes round in a loop; share the types of `judge`, not the standard library's",
                SILENCE.as_secs()
            )));
        }
    }
}

/// Tries the orders on this thread.
fn try_all(
    attempt: impl Fn() -> Outcome + Send + Sync + 'static,
    time: Duration,
) -> Result<Judgement> {
    let orders = Arc::new(std::sync::Mutex::new(BTreeMap::new()));
    let all = Arc::clone(&orders);
    let mut config = Config::new();
    config.max_steps = shuttle::MaxSteps::FailAfter(MOST_STEPS);
    config.max_time = Some(time);
    config.failure_persistence = shuttle::FailurePersistence::None;
    let begin = Instant::now();
    let try_one = move || {
        // What a thread says when it panics is shown with the steps, and once is enough. (The model
        // checker has set a hook of its own before this.)
        panic::set_hook(Box::new(|_| ()));
        record::begin();
        let outcome = attempt();
        let (steps, fault) = record::end();
        let outcome = fault.map_or(outcome, |fault| Err(Fault::InThisOrder(fault)));
        // Steps of the same look may end differently, by something that the judge does not see.
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let worst = all.entry(steps).or_insert(Ok(()));
        *worst = mem::replace(worst, Ok(())).and(outcome);
    };
    let runner = Runner::new(DfsScheduler::new(None, false), config);
    let end = panic::catch_unwind(AssertUnwindSafe(|| runner.run(try_one)));
    // Back to the usual hook: a later panic has to be seen.
    let _ = panic::take_hook();
    end.map_err(|panic| {
        Error::new(match message(&*panic) {
            text if text.starts_with("exceeded max_steps") => {
                "a thread goes round in a loop until the other one has done something. This judge \
                 cannot try that, because there is no end of orders"
            }
            text if text.starts_with("deadlock") => "a thread waits for a lock for ever",
            text => text,
        })
    })?;
    let orders = orders.lock().unwrap_or_else(PoisonError::into_inner);
    judgement::judgement(&orders, (begin.elapsed() >= time).then_some(time))
}
