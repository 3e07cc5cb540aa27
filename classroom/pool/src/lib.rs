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
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use pool::Result;
//! use pool::{Pool, Worker};
//!
//! static WORKER: Worker<u64, u64> = Worker::new(square);
//!
//! fn square(number: u64) -> u64 {
//!     number * number
//! }
//!
//! fn main() -> Result<()> {
//!     WORKER.run_if_worker();
//!     let mut pool = Pool::start(&WORKER, 2, Duration::from_secs(10))?;
//!     for square in pool.map(&[1_u64, 2, 3]) {
//!         match square {
//!             Ok(square) => println!("{square}"),
//!             Err(lost) => eprintln!("{lost}"),
//!         }
//!     }
//!     Ok(())
//! }
//! ```
//!
//! The rest stands behind it: `pool::serve` is the worker's side, `pool::crew` hands the jobs out, and
//! `pool::process` is one worker process as its parent sees it.

mod crew;
mod process;
mod serve;

use std::marker::PhantomData;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use basics::this_process::{is_worker, worker_name};
use crew::{Answer, Crew, item};

pub use basics::Result;
pub use basics::workers::Lost;

/// What a worker process does: an initializer once, and then a job for each item of type `I`, which
/// gives an answer of type `O`.
///
/// It is a `static` of the program, so that a worker process finds it when it starts.
pub struct Worker<I, O> {
    job: fn(I) -> O,
    initializer: fn() -> Result<()>,
}

/// Worker processes that run until this is dropped, and take the items of [`Pool::map`] as they become
/// free.
///
/// A worker that dies or gives no answer in time is named on standard error, with its item, and another
/// one takes its place.
pub struct Pool<I, O> {
    crew: Crew,
    job: PhantomData<fn(I) -> O>,
}

/// The name of this process: `SpawnPoolWorker-1` in the first worker, as Python calls a worker that
/// is started afresh, and `MainProcess` in the program itself.
pub fn current_process_name() -> String {
    worker_name().unwrap_or_else(|| "MainProcess".into())
}

impl<I, O> Worker<I, O> {
    /// A worker that does `job`.
    pub const fn new(job: fn(I) -> O) -> Self {
        Self { job, initializer: || Ok(()) }
    }

    /// The same worker; it calls `initializer` once, before its first job.
    pub const fn initializer(self, initializer: fn() -> Result<()>) -> Self {
        Self { initializer, ..self }
    }
}

impl<I: DeserializeOwned, O: Serialize> Worker<I, O> {
    /// In a worker process: does jobs until there are no more, and never returns. Elsewhere: nothing.
    ///
    /// A worker begins in the same `main` as its program. So every program with a pool calls this in
    /// `main` before it does any work.
    pub fn run_if_worker(&self) {
        if is_worker() {
            serve::serve(self.initializer, &|job| {
                let item = serde_json::from_str(job)
                    .map_err(|error| format!("the job cannot be read: {error}"))?;
                serde_json::to_string(&(self.job)(item))
                    .map_err(|error| format!("the answer cannot be written: {error}"))
            })
        }
    }
}

impl<I, O: DeserializeOwned> Pool<I, O> {
    /// Starts so many processes that do what `worker` says. A process that gives no answer to a job
    /// for `time_limit` is stopped.
    ///
    /// If the system has room for fewer, it says so on standard error and goes on with those.
    ///
    /// # Errors
    ///
    /// Not one worker could be started, or this process is a worker itself: a program that forgot
    /// [`Worker::run_if_worker`] would otherwise start workers that start workers.
    pub fn start(_worker: &Worker<I, O>, processes: usize, time_limit: Duration) -> Result<Self> {
        Ok(Self { crew: Crew::start(processes, time_limit)?, job: PhantomData })
    }

    /// How many processes there are: fewer than were asked for if the system has no room for more, or
    /// if one could not begin, which is known after the first job.
    pub fn size(&self) -> usize {
        self.crew.size()
    }

    /// Does the job for each item on whichever worker is free, and returns the answers in the order
    /// of the items, or [`Lost`] for an item whose job panicked or was lost with its worker.
    ///
    /// An item may be a borrowed form of what the job takes: `&str` for `String`.
    pub fn map<T>(&mut self, items: &[T]) -> Vec<Result<O, Lost>>
    where
        T: Copy + Into<I> + Serialize,
    {
        // What cannot be written, its worker cannot read, and says so.
        let job = |item: &T| serde_json::to_string(item).unwrap_or_else(|error| error.to_string());
        let jobs: Vec<String> = items.iter().map(job).collect();
        let read = |answer: String| {
            serde_json::from_str(&answer)
                .map_err(|error| format!("the answer cannot be read: {error}"))
        };
        let answers = self.crew.map(&jobs).into_iter().zip(&jobs);
        let answer = |(answer, job): (Answer, &String)| {
            answer.and_then(read).map_err(|reason| Lost { item: item(job), reason })
        };
        answers.map(answer).collect()
    }
}

impl<I, O: DeserializeOwned, E: DeserializeOwned + From<Lost>> Pool<I, Result<O, E>> {
    /// [`Pool::map`] for a job that can fail: a job that was lost has failed like any other.
    pub fn try_map<T>(&mut self, items: &[T]) -> Vec<Result<O, E>>
    where
        T: Copy + Into<I> + Serialize,
    {
        let answers = self.map(items).into_iter();
        answers.map(|answer| answer.map_err(E::from).flatten()).collect()
    }
}
