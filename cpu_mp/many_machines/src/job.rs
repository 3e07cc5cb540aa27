//! The list of sums in Redis: how a worker gets the next one, and how it takes one off the list.

use std::time::{Duration, Instant};

use lesson::Result;
use redis::streams::{StreamAutoClaimReply, StreamId, StreamReadReply};
use redis::{Cmd, Pipeline, RedisResult, Value, cmd, from_redis_value, pipe};

use crate::queue::{BEAT, GROUP, Queue, SUMS};

const LEASE: Duration = Duration::from_secs(3); // silent for longer, a worker has lost its sum

/// The list as one worker sees it.
pub struct Jobs {
    queue: Queue,
    worker: String,
    looked: Instant,
}

impl Jobs {
    pub fn new(queue: Queue, worker: &str) -> Self {
        Self { queue, worker: worker.into(), looked: Instant::now() }
    }

    /// The next sum, if there is one within half a second.
    pub fn take(&mut self) -> Result<Option<StreamId>> {
        let next = self.next();
        self.queue.call(|redis| job_in(next.query(redis)?))
    }

    /// Takes a sum off the list and sends its answer. Says whether somebody was there to get it, and
    /// returns the next sum, if there is one.
    pub fn finish(&mut self, job: &str, answer: &Cmd) -> Result<(bool, Option<StreamId>)> {
        // One message, because it takes longer to send one than to do what it says.
        let mut all = off_the_list(job);
        all.add_command(answer.clone()).add_command(self.next());
        self.queue.call(|redis| {
            let (.., sent, next): (u64, u64, Option<String>, Value) = all.query(redis)?;
            Ok((sent.is_some(), job_in(next)?))
        })
    }

    /// Takes a sum off the list that nobody waits for any more.
    pub fn drop(&mut self, job: &str) -> Result<()> {
        self.queue.call(|redis| off_the_list(job).exec(redis))
    }

    /// How to ask for the next sum: once a second for one whose worker is silent.
    fn next(&mut self) -> Cmd {
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
}

/// All of a pipeline is done or nothing, so that no sum leaves the list without its answer.
fn off_the_list(job: &str) -> Pipeline {
    let mut all = pipe();
    all.atomic().cmd("XACK").arg(&[SUMS, GROUP, job]).cmd("XDEL").arg(&[SUMS, job]);
    all
}

/// The sum in what came back from either question.
fn job_in(reply: Value) -> RedisResult<Option<StreamId>> {
    if let Ok(lost) = from_redis_value::<StreamAutoClaimReply>(reply.clone()) {
        return Ok(lost.claimed.into_iter().next());
    }
    let new: Option<StreamReadReply> = from_redis_value(reply)?;
    Ok(new.unwrap_or_default().keys.into_iter().flat_map(|stream| stream.ids).next())
}
