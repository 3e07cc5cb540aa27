//! `lost_update_async`: 100 tasks on one thread, and all their updates but one are lost.
//!
//! - **Run** `cargo run -p io_asyncio --example lost_update_async`
//! - **See** a counter of 1 that should be 100, on one thread, without a switch that you cannot see.
//! - **Why** At an `.await` that has to wait, a task hands the thread to the others. The article says
//!   that asyncio spares you thread-safe code. That holds from one `.await` to the next. It does not
//!   hold across one.
//! - **Diff** the three functions below: is the `.await` between read and write, after them, or
//!   between them and under a lock?
//! - **Next** `race_condition`: between threads an update can be lost without any `.await`.

use std::cell::Cell;
use std::rc::Rc;

use experiment::{Verdict, claim};
use io_lesson::{Result, say};
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::Mutex;
use tokio::task::{JoinSet, yield_now};

const TASKS: u64 = 100; // one increment each

/// What the tasks share. The compiler lets no `Rc` leave its thread, so all tasks run on this one.
#[derive(Clone, Default)]
struct Shared {
    counter: Rc<Cell<u64>>,
    lock: Rc<Mutex<()>>,
}

async fn await_in_between(shared: Shared) {
    let value = shared.counter.get();
    // The line that matters: it stands for a download, or for anything else that has to wait.
    yield_now().await;
    shared.counter.set(value + 1);
}

async fn await_afterwards(shared: Shared) {
    let value = shared.counter.get();
    shared.counter.set(value + 1);
    yield_now().await;
}

async fn await_with_a_lock(shared: Shared) {
    // tokio's `Mutex`: a task that waits for std's would stop the only thread, and so the task that
    // holds the lock.
    let _locked = shared.lock.lock().await;
    await_in_between(shared.clone()).await;
}

/// Runs all tasks on this thread, waits for their end and returns the counter.
fn run_tasks<F: Future<Output = ()> + 'static>(increment: fn(Shared) -> F) -> Result<u64> {
    // Here tasks take turns in the order in which they became ready, so every run is the same.
    let event_loop = Builder::new_current_thread().build_local(LocalOptions::default())?;
    let shared = Shared::default();
    event_loop.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..TASKS {
            tasks.spawn_local(increment(shared.clone()));
        }
        tasks.join_all().await;
    });
    Ok(shared.counter.get())
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    say!("{TASKS} tasks on one thread increment one counter, once each.\n");
    say!("  {:<42} {:>9} {:>6} {:>6}\n", "", "should be", "is", "lost");
    let in_between = run_tasks(await_in_between)?;
    for (how, counter) in [
        ("read, await, write", in_between),
        ("read, write, await", run_tasks(await_afterwards)?),
        ("lock, read, await, write, unlock", run_tasks(await_with_a_lock)?),
    ] {
        say!("  {how:<42} {TASKS:>9} {counter:>6} {:>6}", TASKS - counter);
    }
    say!("\nA task stops only at an await that has to wait. So keep read and write on the");
    say!("same side of it, or hold a lock of tokio's across it.\n");
    let numbers = format!("{in_between} of {TASKS} updates is left, on one thread");
    claim("C07", Verdict::Holds.counted(in_between == TASKS), numbers);
    say!("\nQuestion: what is the counter if only every second task awaits in between?");
    Ok(())
}
