//! What happens in one order: which thread takes which step, and which of them waits.

use std::collections::BTreeMap;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Threads by their number, 1 or 2, and what each did.
pub type Steps = Vec<(usize, String)>;

/// The payload of the panic with which a thread ends that cannot go on.
pub struct EndOfThread;

/// The order that is being tried. The model checker runs all threads in turn on one real thread.
struct Record {
    steps: Steps,
    /// The threads that wait, and for which lock, in the order in which they began to.
    waiting: Vec<(usize, &'static str)>,
    /// The thread that holds each lock.
    held: BTreeMap<&'static str, usize>,
    /// Why the order cannot be finished.
    fault: Option<String>,
}

static RECORD: Mutex<Record> = Mutex::new(Record::new());

/// How often anything has happened, in all orders.
static EVENTS: AtomicUsize = AtomicUsize::new(0);

impl Record {
    const fn new() -> Self {
        Self { steps: Vec::new(), waiting: Vec::new(), held: BTreeMap::new(), fault: None }
    }
}

fn record() -> MutexGuard<'static, Record> {
    EVENTS.fetch_add(1, Relaxed);
    RECORD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often anything has happened so far. While it stays the same, no thread takes a step.
pub fn events() -> usize {
    EVENTS.load(Relaxed)
}

/// The thread that takes a step now: 1 or 2, or 0 for the one that has started them.
pub fn this_thread() -> usize {
    usize::from(shuttle::current::me())
}

/// Begins a new order.
pub fn begin() {
    *record() = Record::new();
}

/// The steps of the order, and why it could not be finished.
pub fn end() -> (Steps, Option<String>) {
    let mut record = record();
    (std::mem::take(&mut record.steps), record.fault.take())
}

/// Notes a step of this thread. Those of the thread that prepares and looks at the end do not count,
/// nor does what happens after a fault.
pub fn note(step: String) {
    let (thread, mut record) = (this_thread(), record());
    if thread > 0 && record.fault.is_none() {
        record.steps.push((thread, step));
    }
}

/// Ends the order with a fault; the first one counts.
pub fn give_up(fault: String) {
    record().fault.get_or_insert(fault);
}

/// Whether this thread can go on: it cannot if the order has ended with a fault. The thread that has
/// started the two always can.
pub fn can_go_on() -> bool {
    this_thread() == 0 || record().fault.is_none()
}

/// Ends this thread without a word, because the order has ended.
pub fn leave() -> ! {
    panic::resume_unwind(Box::new(EndOfThread))
}

/// Says that this thread has to wait for a lock. If all of them would wait for ever, the order ends.
pub fn wait_for(lock: &'static str) {
    let me = this_thread();
    let mut all = record();
    all.waiting.push((me, lock));
    let Some(&holder) = all.held.get(lock) else { return };
    let waits_for_me =
        |(thread, lock): &(usize, &str)| *thread == holder && all.held.get(lock) == Some(&me);
    if !all.waiting.iter().any(waits_for_me) || all.fault.is_some() {
        return;
    }
    for (thread, lock) in all.waiting.clone() {
        all.steps.push((thread, format!("waits for {lock}")));
    }
    let fault = if holder == me {
        "It waits for a lock that it holds itself: a deadlock"
    } else {
        "Each waits for a lock that the other holds: a deadlock"
    };
    all.fault = Some(fault.into());
    drop(all);
    leave();
}

/// Says that this thread has a lock, for which it may have waited.
pub fn locked(lock: &'static str) {
    let (me, mut all) = (this_thread(), record());
    all.waiting.retain(|(thread, _)| *thread != me);
    all.held.insert(lock, me);
}

/// Says that a lock is free.
pub fn unlocked(lock: &'static str) {
    record().held.remove(lock);
}
