//! Computes sums for whoever asks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{io, process, thread};

use lesson::{Result, say};
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
    let under_way = Arc::new(Mutex::new(String::from("0-0"))); // no sum has this number
    show_that_it_lives(Queue::connect(url)?, worker.clone(), Arc::clone(&under_way));
    if is_owned {
        leave_with_parent(url.into());
    }
    say!("{worker} waits for sums; Ctrl-C ends it");

    let mut list = List { queue, worker, looked: Instant::now() };
    // What Redis is told of the sum before, who asked for that, and who waits for none any more.
    let (mut done, mut asker, mut gone) = (pipe(), None, None);
    loop {
        let (next, somebody_waits) = list.next(std::mem::take(&mut done))?;
        if !somebody_waits {
            gone = asker.take();
        }
        let Some(sum) = next else { continue };
        sum.id.clone_into(&mut under_way.lock().unwrap_or_else(PoisonError::into_inner));
        // All of a pipeline is done or nothing, so that no sum leaves the list without its answer.
        done.atomic().cmd("XACK").arg(&[SUMS, GROUP, &sum.id]).cmd("XDEL").arg(&[SUMS, &sum.id]);
        asker = sum.get::<String>("answers");
        if asker == gone {
            continue;
        }
        let number = sum.get("number").unwrap_or_default();
        let (answer, log) = record_job(|| cpu_bound(number));
        done.cmd("XADD").arg(&asker).arg(&["NOMKSTREAM", "*", "worker", &list.worker]);
        done.arg("number").arg(number).arg("sum").arg(answer);
        done.arg("recorded").arg(serde_json::to_string(&log)?);
    }
}

/// Tells Redis every second that this worker is there, and still at its sum.
fn show_that_it_lives(mut queue: Queue, worker: String, under_way: Arc<Mutex<String>>) {
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            let sum = under_way.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let mut beat = pipe();
            beat.cmd("EXPIRE").arg(SUMS).arg(STAY).cmd("EXPIRE").arg(NAMES).arg(STAY);
            beat.cmd("XCLAIM").arg(&[SUMS, GROUP, &worker, "0", &sum, "JUSTID"]);
            // If Redis is gone, the other thread says so.
            let _ = queue.call(|redis| beat.exec(redis));
        }
    });
}

/// Ends the server and this process when the one that started both has ended, in whatever way.
fn leave_with_parent(url: String) {
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        // Another worker may have been faster.
        if let Ok(mut queue) = Queue::connect(&url) {
            // There is no answer: the server is gone.
            let _ = cmd("SHUTDOWN").arg("NOSAVE").exec(&mut queue.connection);
        }
        process::exit(0);
    });
}
