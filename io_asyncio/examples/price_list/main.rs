//! `price_list`: what one process, one thread and one task cost on this machine.
//!
//! - **Run** `cargo run -p io_asyncio --example price_list`
//! - **See** for each kind the time to start and to end one, how many of them fit into a second, and
//!   the memory of one; measured with many that are alive at the same time.
//! - **Why** A process is a program that has to begin, with all its memory to itself. A thread is
//!   known to the system and has a stack of its own. A task is a value in the memory of its program.
//! - **Try** `TASKS` = 1,000: is one task cheaper when there are fewer of them?
//! - **Next** `mixed_job`, where threads and tasks have the same work to do.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;
use std::{env, io, thread};

use experiment::{Verdict, claim};
use io_lesson::this_process::memory;
use io_lesson::{Result, say, thousands, threads_alive};

mod price;

use price::{Price, price};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const PROCESSES: usize = 50; // alive at once
const THREADS: usize = 10_000; // alive at once, if the system has room for so many
const TASKS: usize = 100_000; // alive at once, on one thread
const PAGE: Duration = Duration::from_millis(90); // what the article waits for one

/// How many were alive at once, and the memory of all at that time, with this program.
type Alive = (usize, Option<u64>);

fn processes() -> Result<Alive> {
    let mut program = Command::new(env::current_exe()?);
    program.arg("wait").stdin(Stdio::piped());
    let mut children: Vec<Child> = (0..PROCESSES).map_while(|_| program.spawn().ok()).collect();
    for child in &mut children {
        child.wait()?; // closes its input first, for whose end it waits in `main`
    }
    // Each was this program once more, and began with as much memory as this one has now.
    Ok((children.len(), memory().map(|own| own * (1 + children.len() as u64))))
}

fn threads() -> Result<Alive> {
    let most = threads_alive()?.unwrap_or(THREADS).min(THREADS);
    let ((sender, receiver), gate) = (mpsc::channel(), Mutex::new(()));
    let closed = gate.lock();
    thread::scope(|scope| {
        let wait = || {
            let _ = sender.send(());
            drop(gate.lock());
        };
        let start = |_| thread::Builder::new().spawn_scoped(scope, wait).ok();
        let started = (0..most).map_while(start).count();
        let alive = (receiver.iter().take(started).count(), memory());
        drop(closed);
        Ok(alive)
    })
}

fn tasks() -> Result<Alive> {
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        let (mut tasks, meeting) = (JoinSet::new(), Arc::new(Barrier::new(TASKS + 1)));
        for _ in 0..TASKS {
            let meeting = meeting.clone();
            // The line that matters: a task takes memory, and nothing else from the system.
            tasks.spawn(async move { meeting.wait().await });
        }
        let memory = memory();
        meeting.wait().await;
        Ok((tasks.join_all().await.len(), memory))
    })
}

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|argument| argument == "wait") {
        io::copy(&mut io::stdin(), &mut io::sink())?; // until the parent closes it
        return Ok(());
    }
    say!("         {}\n", Price::HEADING);
    let (process, thread) = (price("process", processes)?, price("thread", threads)?);
    let task = price("task", tasks)?;

    let all = 160 * task.time; // as many as `io_asyncio` has
    let none = Verdict::old_counted(10 * all < PAGE).old_timed();
    let many = if thread.alive < THREADS { Verdict::Holds } else { Verdict::HoldsDifferently };
    let [alive, wanted] = [thread.alive, THREADS].map(|threads| thousands(threads as u64));
    let both = format!("a thread {thread}; a process {process}");
    say!("");
    claim("C26", none, format!("160 tasks start and end in {all:.1?}, and a page takes {PAGE:?}"));
    claim("C27", task.is_faster_than(&thread, 5.0), format!("a task {task}; a thread {thread}"));
    claim("C39", many, format!("{alive} of {wanted} threads were alive at once"));
    claim("C65", thread.is_faster_than(&process, 1.0), &both);
    claim("C66", thread.is_lighter_than(&process), &both);
    say!("\nProcesses of one program share pages, which are counted in each of them. What");
    say!("the system itself keeps for a thread or a process is not counted.");
    Ok(())
}
