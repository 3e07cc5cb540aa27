//! Hands the jobs out: one thread per worker takes the next job from a shared queue.
//!
//! A job and its answer are text here, so that nearly nothing has to be built anew for each program.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::process::{Death, WorkerProcess};
use basics::error::{Error, Result};
use basics::output::warn;
use basics::this_process::is_worker;
use basics::words::{plural, presentable};
use basics::workers;
use timeline::{Item, record};

/// An item as JSON.
pub(super) type Job = serde_json::Result<String>;

/// The worker processes of a pool. A lane is empty when its worker is gone and not replaced.
pub(super) struct Crew {
    lanes: Vec<Option<WorkerProcess>>,
    time_limit: Duration,
}

impl Crew {
    /// Starts so many workers, or as many as the system has room for.
    pub(super) fn start(processes: usize, time_limit: Duration) -> Result<Self> {
        if is_worker() {
            return Err(Error::new("A worker process cannot start a pool of its own"));
        }
        let mut lanes = Vec::new();
        while lanes.len() < processes {
            match WorkerProcess::start() {
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
        workers::set_count(lanes.len());
        Ok(Self { lanes, time_limit })
    }

    /// Has each job done once, and returns the answers or what became of them, in the order of the
    /// jobs.
    pub(super) fn map(&mut self, jobs: &[Job]) -> Vec<Result<String, String>> {
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
        let nobody = || Err("no worker was left".into());
        answers.into_iter().map(|answer| answer.unwrap_or_else(nobody)).collect()
    }
}

/// Gives one worker after the other the next job, until there are none.
fn work(
    lane: &mut Option<WorkerProcess>,
    queue: &Mutex<VecDeque<usize>>,
    jobs: &[Job],
    time_limit: Duration,
    answers: &Mutex<Vec<Option<Result<String, String>>>>,
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
                Err(reason)
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
                Err(format!("lost with {name}, which {reason}"))
            }
        };
        lock(answers)[number] = Some(answer);
    }
}

/// Says at once that a worker has died, and puts a new one in its place.
fn replace(lane: &mut Option<WorkerProcess>, reason: &str) {
    let Some(dead) = lost(lane) else { return };
    match WorkerProcess::start() {
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
fn lost(lane: &mut Option<WorkerProcess>) -> Option<WorkerProcess> {
    workers::add_lost();
    lane.take()
}

impl Drop for Crew {
    fn drop(&mut self) {
        // All of them leave at the same time, and each is waited for when it is dropped.
        for worker in self.lanes.iter_mut().flatten() {
            worker.dismiss();
        }
    }
}

/// The item of a job as people read it.
pub(super) fn text(job: &Job) -> String {
    let Ok(json) = job else { return String::new() };
    let item = serde_json::from_str(json).unwrap_or_else(|_| json.clone());
    presentable(&item)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread is reported by itself; the data are whole at every unlock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
