//! Computes sums for whoever asks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{io, process, thread};

use lesson::output::warn;
#[cfg(unix)]
use lesson::this_process::program;
use lesson::{Error, Result, say};
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{Cmd, Pipeline, RedisResult, Value, cmd, from_redis_value, pipe};
use timeline::worker_log::record_job;

use crate::queue::{GROUP, NAMES, Queue, STAY, SUMS};

const BEAT: Duration = Duration::from_secs(1); // how often a worker shows that it is there
const LEASE: Duration = Duration::from_secs(3); // silent for longer, it has lost its sum

/// The list of sums as one worker sees it.
struct List {
    queue: Queue,
    worker: String,
    looked: Instant,
}

impl List {
    /// How to ask for the next sum: once a second for one whose worker is silent.
    fn ask(&mut self) -> Cmd {
        if self.looked.elapsed() >= BEAT {
            self.looked = Instant::now();
            let lease = LEASE.as_millis().to_string();
            let claim = [SUMS, GROUP, &self.worker, &lease, "0", "COUNT", "1"];
            return cmd("XAUTOCLAIM").arg(&claim).take();
        }
        let wait = ["COUNT", "1", "BLOCK", "500", "STREAMS", SUMS, ">"];
        // The line that matters: of all workers that ask, on all machines, one gets the next sum.
        cmd("XREADGROUP").arg(&["GROUP", GROUP, &self.worker]).arg(&wait).take()
    }

    /// Takes a sum off the list that is done, and asks for the next. Returns that, if there is one
    /// within half a second, and whether somebody was there to get the answer.
    fn next(&mut self, mut done: Pipeline) -> Result<(Option<StreamId>, bool)> {
        // One message, because it takes longer to send one than to do what it says.
        done.add_command(self.ask());
        self.queue.call(|redis| {
            let mut replies: Vec<Value> = done.query(redis)?;
            let next = replies.pop().map(sum_in).transpose()?.flatten();
            Ok((next, replies.pop() != Some(Value::Nil)))
        })
    }

    /// Whether somebody waits for these answers.
    fn exists(&mut self, answers: &str) -> Result<bool> {
        self.queue.call(|redis| cmd("EXISTS").arg(answers).query(redis))
    }
}

/// The sum in what came back from either question.
fn sum_in(reply: Value) -> RedisResult<Option<StreamId>> {
    if let Ok(lost) = from_redis_value::<StreamAutoClaimReply>(reply.clone()) {
        return Ok(lost.claimed.into_iter().next());
    }
    let new: Option<StreamReadReply> = from_redis_value(reply)?;
    Ok(new.unwrap_or_default().keys.into_iter().flat_map(|stream| stream.ids).next())
}

/// Computes sums until this process is ended. `is_owned` says that it ends with the one that started
/// it.
pub fn work<T>(url: &str, is_owned: bool, cpu_bound: fn(u64) -> u128) -> Result<T> {
    let mut queue = Queue::connect(url)?;
    queue.create(SUMS)?;
    let mut count = pipe();
    count.atomic().cmd("INCR").arg(NAMES).cmd("EXPIRE").arg(NAMES).arg(STAY);
    let (number, _): (u64, bool) = queue.call(|redis| count.query(redis))?;
    let worker = format!("worker {number}");
    let under_way = Arc::new(Mutex::new(None));
    start_beating(Queue::connect(url)?, worker.clone(), Arc::clone(&under_way))?;
    if is_owned {
        leave_with_parent()?;
    }
    say!("{worker} waits for sums; Ctrl-C ends it");

    let mut list = List { queue, worker, looked: Instant::now() };
    // What Redis is told of the sum before, and who waited for that.
    let (mut done, mut asker) = (pipe(), String::new());
    loop {
        let (next, somebody_waits) = list.next(std::mem::take(&mut done))?;
        if !somebody_waits {
            asker.clear();
        }
        let Some(sum) = next else { continue };
        // All of a pipeline is done or nothing, so that no sum leaves the list without its answer.
        done.atomic().cmd("XACK").arg(&[SUMS, GROUP, &sum.id]).cmd("XDEL").arg(&[SUMS, &sum.id]);
        let answers: String = sum.get("answers").unwrap_or_default();
        if answers != asker {
            asker = if list.exists(&answers)? { answers } else { continue };
        }
        *lock(&under_way) = Some((sum.id.clone(), asker.clone()));
        let number = sum.get("number").unwrap_or_default();
        let (answer, log) = record_job(|| cpu_bound(number));
        *lock(&under_way) = None;
        done.cmd("XADD").arg(&asker).arg(&["NOMKSTREAM", "*", "worker", &list.worker]);
        done.arg("number").arg(number).arg("sum").arg(answer);
        done.arg("recorded").arg(serde_json::to_string(&log)?);
    }
}

/// The sum that a worker computes, and the stream of answers of the one who waits for it.
type UnderWay = Mutex<Option<(String, String)>>;

/// Tells Redis every second that this worker is there, and still at its sum. Leaves the sum if nobody
/// waits for it any more.
fn start_beating(mut queue: Queue, worker: String, under_way: Arc<UnderWay>) -> Result<()> {
    start_thread(move || {
        loop {
            thread::sleep(BEAT);
            let now = lock(&under_way).clone();
            let mut beat = pipe();
            beat.cmd("EXPIRE").arg(SUMS).arg(STAY).ignore();
            beat.cmd("EXPIRE").arg(NAMES).arg(STAY).ignore();
            if let Some((sum, asker)) = &now {
                beat.cmd("XCLAIM").arg(&[SUMS, GROUP, &worker, "0", sum, "JUSTID"]).ignore();
                beat.cmd("EXISTS").arg(asker);
            }
            // If Redis is gone, the other thread says so.
            let waiting: Vec<bool> = queue.call(|redis| beat.query(redis)).unwrap_or_default();
            let state = lock(&under_way);
            if let (Some((sum, _)), [false], true) = (&now, &*waiting, *state == now) {
                let mut drop = pipe();
                drop.cmd("XACK").arg(&[SUMS, GROUP, sum]).cmd("XDEL").arg(&[SUMS, sum]);
                let _ = queue.call(|redis| drop.exec(redis));
                begin_anew(&worker);
            }
        }
    })
}

/// Leaves the sum: this process begins anew, because nothing else ends what a thread computes.
fn begin_anew(worker: &str) {
    warn(format_args!("{worker} leaves a sum for which nobody waits any more"));
    #[cfg(unix)]
    if let Ok(program) = program() {
        use std::os::unix::process::CommandExt;
        // It comes back only if it fails.
        let _ = process::Command::new(program).args(std::env::args_os().skip(1)).exec();
    }
    warn(format_args!("It has to be started again"));
    process::exit(1);
}

/// Ends this process when the one that started it has ended, in whatever way.
fn leave_with_parent() -> Result<()> {
    start_thread(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    })
}

fn start_thread(run: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new().spawn(run).map(drop).map_err(|_| Error::no_more_threads())
}

fn lock(under_way: &UnderWay) -> MutexGuard<'_, Option<(String, String)>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}
