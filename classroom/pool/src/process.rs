//! One worker process as its parent sees it: how it starts, what it sends, how it ends.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use basics::output::{self, RS};
use basics::this_process::program;
use basics::workers;
use timeline::record;
use timeline::worker_log::WorkerLog;

/// How often the parent looks whether a silent worker is still alive, in case something that the
/// worker started holds its standard output open.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// How long a worker has to leave after its standard input was closed.
const TIME_TO_LEAVE: Duration = Duration::from_secs(1);

/// An empty pipe holds at least so many bytes, on every system.
const PIPE: usize = 4096;

/// Workers started so far: the number in the name of the next one.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// What became of a job that a worker was given.
pub(super) enum Outcome {
    /// It is done: the answer as JSON.
    Answer(String),
    /// The job panicked, or could not be read; the worker goes on.
    Panicked(String),
    /// The worker died or was stopped in the middle of the job.
    DiedInJob(String),
    /// The worker was dead before it could take the job.
    DiedBefore(String),
}

/// A worker process, as its parent sees it.
pub(super) struct WorkerProcess {
    pub(super) name: String,
    process: Child,
    jobs: Option<Arc<ChildStdin>>,
    records: Receiver<Record>,
    ready: bool,
    cpu_nanos: u64,
}

/// What a worker sends home.
struct Record {
    kind: String,
    content: String,
}

impl WorkerProcess {
    /// Starts this program again, as a worker.
    pub(super) fn start() -> io::Result<Self> {
        // One at a time: on some systems a process that starts meanwhile would inherit the other
        // end of this one's pipe, and this one would never see it close.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("SpawnPoolWorker-{}", 1 + STARTED.load(Ordering::Relaxed));
        let mut process = Command::new(program()?)
            .args(["--worker", &name])
            .args(std::env::args_os().skip(1))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        STARTED.fetch_add(1, Ordering::Relaxed);
        let jobs = process.stdin.take().map(Arc::new);
        let output = process.stdout.take();
        let (record, records) = mpsc::channel();
        let mut worker = Self { name, process, jobs, records, ready: false, cpu_nanos: 0 };
        let listen = move || {
            for line in output.into_iter().flat_map(|output| BufReader::new(output).split(b'\n')) {
                let Ok(line) = line else { return };
                if let Some(received) = Record::take(line)
                    && record.send(received).is_err()
                {
                    return;
                }
            }
        };
        if let Err(error) = thread::Builder::new().spawn(listen) {
            worker.stop();
            return Err(error);
        }
        Ok(worker)
    }

    /// Waits until the initializer has ended.
    pub(super) fn wait_until_ready(&mut self, time_limit: Duration) -> Result<(), String> {
        if self.ready {
            return Ok(());
        }
        let Record { kind, content } = self.receive(time_limit)?;
        if kind != "ready" {
            return Err(serde_json::from_str(&content).unwrap_or(content));
        }
        self.ready = true;
        Ok(())
    }

    /// Has the worker do a job.
    pub(super) fn ask(&mut self, job: &str, time_limit: Duration) -> Outcome {
        let asked = record::now();
        if self.send(format!("{job}\n")).is_err() {
            return Outcome::DiedBefore(self.how_it_ended());
        }
        let Record { content, .. } = match self.receive(time_limit) {
            Ok(record) => record,
            Err(reason) => return Outcome::DiedInJob(reason),
        };
        let (answer, cpu_nanos, recorded): (_, _, Option<WorkerLog>) =
            serde_json::from_str(&content).unwrap_or_else(|error| {
                (Err(format!("the answer cannot be read: {error}")), 0, None)
            });
        if let (Some(asked), Some(answered), Some(recorded)) = (asked, record::now(), recorded) {
            let failure = answer.as_ref().err();
            record::add(&self.name, recorded.by_our_clock((asked, answered), failure));
        }
        let more = u64::saturating_sub(cpu_nanos, self.cpu_nanos);
        workers::add_cpu_nanos(more);
        self.cpu_nanos += more;
        answer.map_or_else(Outcome::Panicked, Outcome::Answer)
    }

    /// Sends the worker a line, or has a thread send it: to write more than a pipe holds takes as long
    /// as the worker takes to read it, and the caller has to look at the time limit.
    fn send(&mut self, line: String) -> io::Result<()> {
        let Some(jobs) = self.jobs.clone() else { return Err(ErrorKind::BrokenPipe.into()) };
        let is_short = line.len() <= PIPE;
        let write = move || (&*jobs).write_all(line.as_bytes());
        if is_short {
            return write();
        }
        if self.process.try_wait()?.is_some() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        // Its writing fails only if the worker ends, which is seen when no answer comes.
        thread::Builder::new().spawn(write).map(drop)
    }

    /// The worker's next record; the error says how the worker has ended.
    fn receive(&mut self, time_limit: Duration) -> Result<Record, String> {
        // Added up, and not read off a clock: while this program is stopped (Ctrl-Z), its workers
        // are, too, and their time does not run.
        let mut waited = Duration::ZERO;
        loop {
            let interval = POLL_INTERVAL.min(time_limit);
            match self.records.recv_timeout(interval) {
                Ok(record) => return Ok(record),
                Err(RecvTimeoutError::Disconnected) => return Err(self.how_it_ended()),
                Err(RecvTimeoutError::Timeout) => waited += interval,
            }
            if let Ok(Some(status)) = self.process.try_wait() {
                // What it sent last may still be on the way.
                return self.records.recv_timeout(POLL_INTERVAL).map_err(|_| died(status));
            }
            if waited >= time_limit {
                self.stop();
                return Err(format!(
                    "gave no answer within {} s and was stopped",
                    time_limit.as_secs_f64()
                ));
            }
        }
    }

    /// Waits for the end of a worker whose pipe is closed, and tells how it came.
    fn how_it_ended(&mut self) -> String {
        match self.leave() {
            Some(status) => died(status),
            None => "closed its standard output and was stopped".into(),
        }
    }

    /// Lets the worker leave; stops it if it does not in time.
    fn leave(&mut self) -> Option<ExitStatus> {
        self.dismiss();
        let asked = Instant::now();
        while asked.elapsed() < TIME_TO_LEAVE {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Some(status);
            }
            thread::sleep(Duration::from_micros(200));
        }
        self.stop();
        None
    }

    fn stop(&mut self) {
        // Fails only if the process has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// Tells the worker that no more jobs come, and does not wait for it.
    pub(super) fn dismiss(&mut self) {
        self.jobs = None;
    }
}

impl Drop for WorkerProcess {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Record {
    /// Finds the record in a line of a worker's output; the rest is printed.
    fn take(mut line: Vec<u8>) -> Option<Self> {
        let record = line.iter().rposition(|&byte| byte == RS).and_then(|start| {
            let record = String::from_utf8(line[start + 1..].to_vec()).ok()?;
            let (kind, content) = record.split_once(' ')?;
            let kinds = ["ready", "failed", "step", "done"];
            let record = Self { kind: kind.into(), content: content.into() };
            kinds.contains(&kind).then_some((start, record))
        });
        let Some((start, record)) = record else {
            line.push(b'\n');
            print_text(&line);
            return None;
        };
        if start > 0 {
            // Output of the job that did not end its line.
            line.truncate(start);
            line.push(b'\n');
            print_text(&line);
        }
        if record.kind == "step" {
            output::step();
            return None;
        }
        Some(record)
    }
}

/// Prints what a job has written. A console on Windows takes nothing that is no UTF-8.
fn print_text(line: &[u8]) {
    output::print(String::from_utf8_lossy(line).into_owned().into_bytes());
}

fn died(status: ExitStatus) -> String {
    format!("died ({status})")
}
