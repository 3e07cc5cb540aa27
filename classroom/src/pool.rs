//! A pool of processes, counterpart of Python's `multiprocessing.Pool`.
//!
//! The program starts itself again as each worker, with `--worker NAME` before its own arguments.
//! A job is one line of JSON on the worker's standard input. What comes back on its standard output
//! is either a record, a line that begins with the character RS (the mark of JSON text sequences,
//! RFC 7464), or else output of the job itself, which goes to the terminal in whole lines. In the
//! parent one thread per worker takes the next job from a shared queue.
//!
//! Where Python's pool hangs for ever (python/cpython#96062) this one goes on: when a worker is
//! killed, panics or hangs, its job is lost, and only its job.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::{self, Display, Formatter};
use std::io::{self, BufRead, BufReader, IsTerminal, Write};
use std::panic::{self, AssertUnwindSafe};
use std::process::{self, Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::lesson::{self, Error, Result, plural};
use crate::output::{self, warn};
use crate::timeline::{Item, Work, record};

/// Begins each record of a worker: the character that separates records in ASCII.
const RS: u8 = 0x1E;

/// How often the parent looks whether a silent worker is still alive, in case something that the
/// worker started holds its standard output open.
const LOOK: Duration = Duration::from_millis(100);

/// How long a worker has to leave after its standard input was closed.
const LEAVE: Duration = Duration::from_secs(1);

/// What the workers of a pool do: an initializer once, then a job for each item.
pub struct Pool<I, O> {
    job: fn(I) -> O,
    initializer: fn() -> Result<()>,
}

/// A job that was lost with its worker.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The item of the job.
    pub item: String,
    /// What became of it.
    pub reason: String,
}

impl Display for Lost {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.item, self.reason)
    }
}

/// The time that the workers have spent computing, as of their last answers, in nanoseconds.
static WORKERS_CPU_NANOS: AtomicU64 = AtomicU64::new(0);

/// Workers that died before they were told to leave.
static LOST_WORKERS: AtomicUsize = AtomicUsize::new(0);

/// Workers started so far: the number in the name of the next one.
static STARTED: AtomicUsize = AtomicUsize::new(0);

/// The CPU time of all workers that this process has started, as of their last answers.
#[must_use]
pub fn workers_cpu_time() -> Duration {
    Duration::from_nanos(WORKERS_CPU_NANOS.load(Ordering::Relaxed))
}

/// How many workers of this process have died before they were told to leave.
#[must_use]
pub fn lost_workers() -> usize {
    LOST_WORKERS.load(Ordering::Relaxed)
}

/// The name of this process: `SpawnPoolWorker-1` in the first worker, as Python calls a worker that
/// is started afresh, and `MainProcess` in the program itself.
#[must_use]
pub fn current_process_name() -> String {
    lesson::worker_name().unwrap_or_else(|| "MainProcess".into())
}

impl<I, O> Pool<I, O> {
    /// A pool whose workers do `job`.
    #[must_use]
    pub const fn new(job: fn(I) -> O) -> Self {
        Self { job, initializer: || Ok(()) }
    }

    /// The same pool; each worker calls `initializer` once, before its first job.
    #[must_use]
    pub const fn initializer(self, initializer: fn() -> Result<()>) -> Self {
        Self { initializer, ..self }
    }
}

impl<I: DeserializeOwned, O: Serialize> Pool<I, O> {
    /// In a worker: does jobs until there are no more, and never returns. Elsewhere: nothing.
    ///
    /// Every program with a pool calls this in `main` before it does any work, because its workers
    /// begin in the same `main`.
    pub fn serve_if_worker(&self) {
        if lesson::is_worker() {
            serve(self.initializer, &|job| {
                let item = serde_json::from_str(job)
                    .map_err(|error| format!("the job cannot be read: {error}"))?;
                serde_json::to_string(&(self.job)(item))
                    .map_err(|error| format!("the answer cannot be written: {error}"))
            })
        }
    }
}

/// Does jobs until there are no more; a job and its answer are JSON.
fn serve(
    initializer: fn() -> Result<()>,
    job: &dyn Fn(&str) -> std::result::Result<String, String>,
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
        let start = record::now();
        let answer = caught(|| job(&line));
        let cpu_nanos = u64::try_from(ProcessTime::now().as_duration().as_nanos());
        let recorded = start.and_then(|start| Some((start, record::now()?, record::take())));
        send("done", &(answer, cpu_nanos.unwrap_or(u64::MAX), recorded));
    }
    process::exit(0);
}

thread_local! {
    /// What the last panic of this thread said.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs `work`; if it panics, the error is what the panic said.
fn caught<T>(
    work: impl FnOnce() -> std::result::Result<T, String>,
) -> std::result::Result<T, String> {
    // Nothing that the work has touched is used after a panic but the statics of the lesson, which
    // are safe by their types.
    panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(format!("panicked: {}", PANIC.take())))
}

/// Sends a record home from a worker.
fn send(kind: &str, content: &impl Serialize) {
    let content = serde_json::to_string(content).unwrap_or_else(|error| {
        // The parent cannot read this record and says so.
        error.to_string()
    });
    output::bytes(format!("{}{kind} {content}\n", char::from(RS)).as_bytes());
}

/// Tells the parent that an item is done, for the bar of `--quiet`.
pub(crate) fn send_step() {
    send("step", &());
}

/// What a worker has recorded during a job, by its own clock: when it got the job, when it was done,
/// and its items.
type Recorded = (Duration, Duration, Vec<Item>);

/// The worker processes of a pool, running until this is dropped.
pub struct Workers<I, O> {
    crew: Crew,
    pool: std::marker::PhantomData<fn(I) -> O>,
}

/// The same, for whom a job is text. So that nearly nothing here has to be built for each program.
struct Crew {
    lanes: Vec<Option<Worker>>,
    time_limit: Duration,
}

/// An item as JSON.
type Job = serde_json::Result<String>;

impl<I, O: DeserializeOwned> Pool<I, O> {
    /// Starts so many workers. One that gives no answer to a job for `time_limit` is stopped.
    ///
    /// If the system has room for fewer, it says so on standard error and goes on with those.
    ///
    /// # Errors
    ///
    /// Not one worker could be started, or this process is a worker itself: a program that forgot
    /// [`Pool::serve_if_worker`] would otherwise start workers that start workers.
    pub fn start(&self, processes: usize, time_limit: Duration) -> Result<Workers<I, O>> {
        let crew = Crew::start(processes, time_limit)?;
        Ok(Workers { crew, pool: std::marker::PhantomData })
    }
}

impl<I, O: DeserializeOwned> Workers<I, O> {
    /// Does the job for each item on whichever worker is free, and returns the answers in the order
    /// of the items.
    ///
    /// An item may be a borrowed form of what the job takes: `&str` for `String`.
    pub fn map<T>(&mut self, items: &[T]) -> Vec<std::result::Result<O, Lost>>
    where
        T: Copy + Into<I> + Serialize,
    {
        let jobs: Vec<Job> = items.iter().map(serde_json::to_string).collect();
        let answers = self.crew.map(&jobs).into_iter().zip(&jobs);
        let read = |(answer, job): (std::result::Result<String, Lost>, _)| {
            serde_json::from_str(&answer?).map_err(|error| Lost {
                item: text(job),
                reason: format!("the answer cannot be read: {error}"),
            })
        };
        answers.map(read).collect()
    }
}

impl Crew {
    fn start(processes: usize, time_limit: Duration) -> Result<Self> {
        if lesson::is_worker() {
            return Err(Error::new("A worker process cannot start a pool of its own"));
        }
        let mut lanes = Vec::new();
        while lanes.len() < processes {
            match Worker::start() {
                Ok(worker) => lanes.push(Some(worker)),
                Err(error) if lanes.is_empty() => {
                    return Err(Error::new(format!("Cannot start a worker process: {error}")));
                }
                Err(error) => {
                    warn(format_args!(
                        "Going on with {}, as no more can be started: {error}",
                        plural(lanes.len() as u64, "worker process")
                    ));
                    break;
                }
            }
        }
        Ok(Self { lanes, time_limit })
    }

    fn map(&mut self, jobs: &[Job]) -> Vec<std::result::Result<String, Lost>> {
        let queue: Mutex<VecDeque<usize>> = Mutex::new((0..jobs.len()).collect());
        let answers = Mutex::new(vec![None; jobs.len()]);
        let time_limit = self.time_limit;
        // Once is enough, unless a worker gives a job back when all others have gone home.
        while !lock(&queue).is_empty() && self.lanes.iter().any(Option::is_some) {
            thread::scope(|scope| {
                let mut lanes = self.lanes.iter_mut().filter(|lane| lane.is_some());
                let first = lanes.next();
                for lane in lanes {
                    let work = || work(lane, &queue, jobs, time_limit, &answers);
                    // A worker for which there is no thread rests, and the others do its part.
                    let _ = thread::Builder::new().spawn_scoped(scope, work);
                }
                if let Some(lane) = first {
                    work(lane, &queue, jobs, time_limit, &answers);
                }
            });
        }
        let answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        let nobody = |job| Lost { item: text(job), reason: "no worker was left".into() };
        let answers = answers.into_iter().zip(jobs);
        answers.map(|(answer, job)| answer.unwrap_or_else(|| Err(nobody(job)))).collect()
    }
}

/// Gives one worker after the other the next job, until there are none.
fn work(
    lane: &mut Option<Worker>,
    queue: &Mutex<VecDeque<usize>>,
    jobs: &[Job],
    time_limit: Duration,
    answers: &Mutex<Vec<Option<std::result::Result<String, Lost>>>>,
) {
    while let Some(worker) = lane {
        if let Err(death) = worker.wait_until_ready(time_limit) {
            // Not replaced: the next one would most likely fail in the same way, without end.
            warn(format_args!("{} could not begin: {death}", worker.name));
            lost(lane);
            return;
        }
        let Some(number) = lock(queue).pop_front() else { return };
        let job = &jobs[number];
        let item = || text(job);
        let start = record::now();
        let outcome = match job {
            Ok(job) => worker.ask(job, time_limit),
            Err(error) => Ok(Err(format!("could not be told the job: {error}"))),
        };
        let answer = match outcome {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(reason)) => {
                warn(format_args!("{} {reason}; lost with it: {}", worker.name, item()));
                Err(Lost { item: item(), reason })
            }
            Err(Death::BeforeJob(reason)) => {
                lock(queue).push_front(number);
                replace(lane, &format!("{reason} while it had nothing to do"));
                continue;
            }
            Err(Death::InJob(reason)) => {
                let name = worker.name.clone();
                if let (Some(start), Some(end)) = (start, record::now()) {
                    let failure = Some(reason.clone());
                    let lost = Item { label: item(), start, end, failure, ..Item::default() };
                    record::add(&name, [lost]);
                }
                replace(lane, &format!("{reason}; lost with it: {}", item()));
                Err(Lost { item: item(), reason: format!("lost with {name}, which {reason}") })
            }
        };
        lock(answers)[number] = Some(answer);
    }
}

/// Says at once that a worker has died, and puts a new one in its place.
fn replace(lane: &mut Option<Worker>, reason: &str) {
    let Some(dead) = lost(lane) else { return };
    match Worker::start() {
        Ok(worker) => {
            warn(format_args!("{} {reason}; {} takes its place", dead.name, worker.name));
            *lane = Some(worker);
        }
        Err(error) => warn(format_args!(
            "{} {reason}; nobody takes its place, as no process can be started: {error}",
            dead.name
        )),
    }
}

/// Takes a worker that did not leave by itself out of its lane.
fn lost(lane: &mut Option<Worker>) -> Option<Worker> {
    LOST_WORKERS.fetch_add(1, Ordering::Relaxed);
    lane.take()
}

/// How a worker's death met the job at hand.
enum Death {
    /// The worker was dead before it could take the job.
    BeforeJob(String),
    /// The job is lost.
    InJob(String),
}

/// A worker process, as its parent sees it.
struct Worker {
    name: String,
    process: Child,
    jobs: Option<ChildStdin>,
    records: Receiver<Record>,
    ready: bool,
    cpu_nanos: u64,
}

/// What a worker sends home.
struct Record {
    kind: String,
    content: String,
}

impl Worker {
    fn start() -> io::Result<Self> {
        // One at a time: on some systems a process that starts meanwhile would inherit the other
        // end of this one's pipe, and this one would never see it close.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = lock(&TURN);
        let name = format!("SpawnPoolWorker-{}", 1 + STARTED.load(Ordering::Relaxed));
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--worker", &name])
            .args(std::env::args_os().skip(1))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        STARTED.fetch_add(1, Ordering::Relaxed);
        let jobs = process.stdin.take();
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
    fn wait_until_ready(&mut self, time_limit: Duration) -> std::result::Result<(), String> {
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

    /// Has the worker do a job; the inner error is what a panic of the job said.
    fn ask(
        &mut self,
        job: &str,
        time_limit: Duration,
    ) -> std::result::Result<std::result::Result<String, String>, Death> {
        let asked = record::now();
        let line = format!("{job}\n");
        let sent = self.jobs.as_mut().map(|jobs| jobs.write_all(line.as_bytes()));
        if !matches!(sent, Some(Ok(()))) {
            return Err(Death::BeforeJob(self.how_it_ended()));
        }
        let Record { content, .. } = self.receive(time_limit).map_err(Death::InJob)?;
        let (answer, cpu_nanos, recorded): (_, _, Option<Recorded>) =
            serde_json::from_str(&content).unwrap_or_else(|error| {
                (Err(format!("the answer cannot be read: {error}")), 0, None)
            });
        if let (Some(asked), Some(answered), Some(recorded)) = (asked, record::now(), recorded) {
            let failure = answer.as_ref().err();
            record::add(&self.name, by_our_clock(recorded, (asked, answered), failure));
        }
        let more = u64::saturating_sub(cpu_nanos, self.cpu_nanos);
        WORKERS_CPU_NANOS.fetch_add(more, Ordering::Relaxed);
        self.cpu_nanos += more;
        Ok(answer)
    }

    /// The worker's next record; the error says how the worker has ended.
    fn receive(&mut self, time_limit: Duration) -> std::result::Result<Record, String> {
        let asked = Instant::now();
        loop {
            match self.records.recv_timeout(LOOK.min(time_limit)) {
                Ok(record) => return Ok(record),
                Err(RecvTimeoutError::Disconnected) => return Err(self.how_it_ended()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Ok(Some(status)) = self.process.try_wait() {
                // What it sent last may still be on the way.
                return self.records.recv_timeout(LOOK).map_err(|_| died(status));
            }
            if asked.elapsed() >= time_limit {
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
        self.jobs = None;
        let asked = Instant::now();
        while asked.elapsed() < LEAVE {
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
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        // All of them leave at the same time, and each is waited for when it is dropped.
        for worker in self.lanes.iter_mut().flatten() {
            worker.jobs = None;
        }
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
            output::bytes(&line);
            return None;
        };
        if start > 0 {
            // Output of the job that did not end its line.
            line.truncate(start);
            line.push(b'\n');
            output::bytes(&line);
        }
        if record.kind == "step" {
            output::step();
            return None;
        }
        Some(record)
    }
}

/// The items of a worker, in the time of this process.
///
/// The job and its answer are taken to have been equally long on the way. `failure` is what a panic
/// of the job has said.
fn by_our_clock(
    (start, end, items): Recorded,
    (asked, answered): (Duration, Duration),
    failure: Option<&String>,
) -> Vec<Item> {
    let on_the_way = answered.saturating_sub(asked).saturating_sub(end.saturating_sub(start)) / 2;
    let ours = |time: Duration| asked + on_the_way + time.saturating_sub(start);
    let shifted = |item: Item| {
        let work = item.work.iter().map(|work| Work {
            start: ours(work.start),
            end: ours(work.end),
            worked: work.worked,
        });
        Item {
            work: work.collect(),
            start: ours(item.start),
            end: ours(item.end),
            failure: item.failure.or_else(|| failure.cloned()),
            ..item
        }
    };
    items.into_iter().map(shifted).collect()
}

fn died(status: ExitStatus) -> String {
    format!("died ({status})")
}

/// The item of a job as people read it.
fn text(job: &Job) -> String {
    let Ok(json) = job else { return String::new() };
    serde_json::from_str(json).unwrap_or_else(|_| json.clone())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread is reported by itself; the data are whole at every unlock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
