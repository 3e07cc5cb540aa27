//! The worker's side: reads jobs, does them, sends the answers home.

use std::cell::RefCell;
use std::io::{self, IsTerminal};
use std::panic::{self, AssertUnwindSafe};
use std::process;
use std::sync::mpsc;
use std::thread;

use cpu_time::ProcessTime;
use serde::Serialize;

use basics::error::Result;
use basics::output::{record, warn};
use timeline::worker_log::WorkerLog;

/// Does jobs until there are no more; a job and its answer are JSON.
pub(super) fn serve(
    initializer: fn() -> Result<()>,
    job: &dyn Fn(&str) -> Result<String, String>,
) -> ! {
    if io::stdin().is_terminal() {
        warn(format_args!(
            "--worker is for the processes that this program starts itself; leave it out"
        ));
        process::exit(2);
    }
    panic::set_hook(Box::new(|panic| {
        let at = panic.location().map_or(String::new(), |at| format!(" ({at})"));
        let what = panic.payload_as_str().unwrap_or("no message");
        PANIC.replace(format!("{what}{at}"));
    }));

    // A thread of its own reads the jobs, so that this process leaves at once when its parent
    // is gone, in the middle of a job too.
    let (jobs, next_job) = mpsc::channel();
    let read = thread::Builder::new().spawn(move || {
        let lines = io::stdin().lines().map_while(io::Result::ok);
        lines.map_while(|line| jobs.send(line).ok()).for_each(drop);
        process::exit(0);
    });
    if let Err(error) = read {
        send("failed", &format!("cannot start a thread: {error}"));
        process::exit(1);
    }

    match caught(|| initializer().map_err(|error| error.to_string())) {
        Ok(()) => send("ready", &()),
        Err(reason) => {
            send("failed", &reason);
            process::exit(1);
        }
    }
    for line in next_job {
        let (answer, recorded) = WorkerLog::of(|| caught(|| job(&line)));
        let cpu_nanos = u64::try_from(ProcessTime::now().as_duration().as_nanos());
        send("done", &(answer, cpu_nanos.unwrap_or(u64::MAX), recorded));
    }
    process::exit(0);
}

/// Sends a record home.
fn send(kind: &str, content: &impl Serialize) {
    // If it cannot be written, the parent cannot read it, and says so.
    record(kind, &serde_json::to_string(content).unwrap_or_else(|error| error.to_string()));
}

thread_local! {
    /// What the last panic of this thread said.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; if it panics, the error is what the panic said.
fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    // Nothing that the work has touched is used after a panic but the statics of the lesson, which
    // are safe by their types.
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(format!("panicked: {}", PANIC.take())))
}
