//! Hands the jobs out: one thread per worker takes the next job from a shared queue.
//!
//! A job and its answer are JSON here, so that nearly nothing has to be built anew for each program.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::process::{Outcome, WorkerProcess};
use basics::error::{Error, Result};
use basics::output::warn;
use basics::this_process::is_worker;
use basics::words::{plural, presentable, short};
use basics::workers;
use timeline::{Item, record};

/// The answer to a job, or the reason why there is none.
pub(super) type Answer = Result<String, String>;

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

    /// How many workers there are.
    pub(super) fn size(&self) -> usize {
        self.lanes.iter().flatten().count()
    }

    /// Has each job done once, and returns the answers in the order of the jobs.
    pub(super) fn map(&mut self, jobs: &[String]) -> Vec<Answer> {
        let work = Work {
            jobs,
            time_limit: self.time_limit,
            queue: Mutex::new((0..jobs.len()).collect()),
            answers: Mutex::new(vec![None; jobs.len()]),
        };
        // Again only if a worker has given its job back after the others had come to an end.
        while !lock(&work.queue).is_empty() && self.lanes.iter().any(Option::is_some) {
            thread::scope(|scope| {
                let mut lanes = self.lanes.iter_mut().filter(|lane| lane.is_some());
                let first = lanes.next();
                for lane in lanes {
                    let give = || work.give_to(lane);
                    // A worker for which there is no thread rests, and the others do its part.
                    let _ = thread::Builder::new().spawn_scoped(scope, give);
                }
                if let Some(lane) = first {
                    work.give_to(lane);
                }
            });
        }
        let answers = work.answers.into_inner().unwrap_or_else(PoisonError::into_inner);
        let nobody = || Err("no worker was left".into());
        answers.into_iter().map(|answer| answer.unwrap_or_else(nobody)).collect()
    }
}

/// The jobs of one map, and what has become of them.
struct Work<'a> {
    jobs: &'a [String],
    /// For each job.
    time_limit: Duration,
    /// The numbers of the jobs that no worker has taken yet.
    queue: Mutex<VecDeque<usize>>,
    /// A place for each job.
    answers: Mutex<Vec<Option<Answer>>>,
}

impl Work<'_> {
    /// Gives the worker of this lane, and whoever takes its place, one job after the other until
    /// there are none.
    fn give_to(&self, lane: &mut Option<WorkerProcess>) {
        while let Some(worker) = lane {
            if let Err(reason) = worker.wait_until_ready(self.time_limit) {
                // Not replaced: the next one would most likely fail in the same way, without end.
                warn(format_args!("{} could not begin: {reason}", worker.name));
                lost(lane);
                workers::leave_out_one();
                return;
            }
            let Some(number) = lock(&self.queue).pop_front() else { return };
            let item = || short(&item(&self.jobs[number]));
            let start = record::now();
            let answer = match worker.ask(&self.jobs[number], self.time_limit) {
                Outcome::Answer(answer) => Ok(answer),
                Outcome::Panicked(reason) => {
                    warn(format_args!("{} {reason}; lost with it: {}", worker.name, item()));
                    Err(reason)
                }
                Outcome::DiedInJob(reason) => {
                    let name = worker.name.clone();
                    draw(&name, item(), start, &reason);
                    replace(lane, &format!("{reason}; lost with it: {}", item()));
                    Err(format!("lost with {name}, which {reason}"))
                }
                Outcome::DiedBefore(reason) => {
                    lock(&self.queue).push_front(number);
                    replace(lane, &format!("{reason} while it had nothing to do"));
                    continue;
                }
            };
            lock(&self.answers)[number] = Some(answer);
        }
    }
}

/// Puts the job of a worker that has died into the picture, if there is to be one.
fn draw(worker: &str, label: String, start: Option<Duration>, reason: &str) {
    if let (Some(start), Some(end)) = (start, record::now()) {
        let failure = Some(reason.into());
        record::add(worker, [Item { label, start, end, failure, ..Item::default() }]);
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
pub(super) fn item(job: &str) -> String {
    presentable(&serde_json::from_str(job).unwrap_or_else(|_| job.to_string()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic of another thread is reported by itself; the data are whole at every unlock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
