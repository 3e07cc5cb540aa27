//! `price_list`: what one process, one thread and one task cost on this machine.
//!
//! - **Run** `cargo run -p io_asyncio --example price_list`
//! - **See** for each kind the time to start and to end one, how many of them fit into a second, and
//!   the memory of one; measured with many that are alive at the same time.
//! - **Why** A process is a program that has to begin, with all its memory to itself. A thread is
//!   known to the system and has a stack of its own. A task is a value in the memory of its program.
//! - **Try** `TASKS` = 1,000: is one task cheaper when there are fewer of them?
//! - **Next** `mixed_job`, where threads and tasks have the same work to do.

use std::fmt::{self, Display, Formatter};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use experiment::{Verdict, claim};
use io_lesson::this_process::memory;
use io_lesson::{Error, Result, say, thousands, threads_alive};
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

/// What one of many costs that were alive at the same time.
struct Price {
    alive: usize,
    time: Duration, // to start one and to end it
    bytes: Option<u64>,
}

fn price(start_and_end: fn() -> Result<Alive>) -> Result<Price> {
    let (before, start) = (memory(), Instant::now());
    let (alive, with_all) = start_and_end()?;
    let time = start.elapsed();
    let number = u32::try_from(alive)?;
    if number == 0 {
        return Err(Error::new("The system starts not even one; raise its limits (ulimit -u, -v)"));
    }
    let more = with_all.zip(before).map(|(with_all, before)| with_all.saturating_sub(before));
    Ok(Price { alive, time: time / number, bytes: more.map(|bytes| bytes / u64::from(number)) })
}

// From here on: what is printed and judged.

impl Price {
    /// Prints it as a row of the table.
    fn show(self, kind: &str) -> Self {
        let (alive, micros) = (thousands(self.alive as u64), 1e6 * self.time.as_secs_f64());
        let in_a_second = thousands(1_000_000_000 / self.time.as_nanos().max(1));
        let bytes = self.bytes.map_or("not told".into(), thousands);
        say!("{kind:9}{alive:>14}{micros:>14.1} µs{in_a_second:>14}{bytes:>14}");
        self
    }
}

impl Display for Price {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} µs", 1e6 * self.time.as_secs_f64())?;
        self.bytes.map_or(Ok(()), |bytes| write!(f, " and {} bytes", thousands(bytes)))
    }
}

fn main() -> Result<()> {
    if env::args().nth(1).is_some_and(|argument| argument == "wait") {
        io::copy(&mut io::stdin(), &mut io::sink())?; // until the parent closes it
        return Ok(());
    }
    say!("          alive at once    start and end   in a second         bytes\n");
    let process = price(processes)?.show("process");
    let thread = price(threads)?.show("thread");
    let task = price(tasks)?.show("task");

    let all = 160 * task.time; // as many as `io_asyncio` has
    let less = Verdict::Holds.counted(all < PAGE);
    let cheaper = Verdict::Holds.timed(thread.time.div_duration_f64(5 * task.time));
    let too_many = if thread.alive < THREADS { Verdict::Holds } else { Verdict::HoldsDifferently };
    let faster = Verdict::Holds.timed(process.time.div_duration_f64(thread.time));
    let is_lighter = thread.bytes.zip(process.bytes).map(|(thread, process)| thread < process);
    let lighter = is_lighter.map_or(Verdict::Undecided, |so| Verdict::Holds.counted(so));
    let [alive, wanted] = [thread.alive, THREADS].map(|threads| thousands(threads as u64));
    let both = format!("a thread {thread}; a process {process}");
    say!("");
    let numbers = format!("160 tasks start and end in {all:.1?}, and a page takes {PAGE:?}");
    claim("C26", less, numbers);
    claim("C27", cheaper, format!("a task {task}; a thread {thread}"));
    claim("C39", too_many, format!("{alive} of {wanted} threads were alive at once"));
    claim("C65", faster, &both);
    claim("C66", lighter, &both);
    say!("\nProcesses of one program share pages, which are counted in each of them. What");
    say!("the system itself keeps for a thread or a process is not counted.");
    Ok(())
}
