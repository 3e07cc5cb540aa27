//! Hands the sums in and waits for the answers.

use std::ops::Range;
use std::time::{Duration, Instant};

use classroom::lesson::{self, Error, Result};
use classroom::output::warn;
use redis::streams::StreamReadReply;
use redis::{Value, cmd, pipe};

use crate::answers::Answers;
use crate::queue::{BEAT, GROUP, Queue, STAY, SUMS, random};

const AHEAD: u64 = 1_000; // sums that are handed in and not yet done, at most
const SUSPICIOUS: Duration = Duration::from_secs(5); // without an answer
const TO_COME: Duration = Duration::from_secs(60); // for a worker
const FORGOTTEN: &str = "Redis has forgotten the sums: it has no append-only file, or it was away \
                         for too long";

pub fn find_sums(url: &str, first: u64, count: u64) -> Result<Answers> {
    let mut queue = Queue::connect(url)?;
    let key = format!("many_machines:answers:{}", random());
    queue.create(&key)?;
    queue.create(SUMS)?;
    let (mut answers, mut handed_in, mut read) = (Answers::new(first, count), 0, String::from("0"));
    let (mut heard, mut renewed, mut warned) = (Instant::now(), Instant::now(), false);
    while answers.done < count {
        if handed_in < count && handed_in - answers.done <= AHEAD / 2 {
            let more = count.min(answers.done + AHEAD);
            hand_in(&mut queue, &key, first + handed_in..first + more)?;
            handed_in = more;
        }
        let new: StreamReadReply = queue.call(|redis| {
            let wait = ["COUNT", "1000", "BLOCK", "500", "STREAMS", &key, &read];
            Ok(cmd("XREAD").arg(&wait).query::<Option<_>>(redis)?.unwrap_or_default())
        })?;
        for answer in new.keys.into_iter().flat_map(|stream| stream.ids) {
            heard = Instant::now();
            answers.take(&answer);
            read = answer.id;
        }
        if renewed.elapsed() >= BEAT {
            renewed = Instant::now();
            renew(&mut queue, &key)?;
        }
        if heard.elapsed() > SUSPICIOUS && !warned {
            warned = true;
            warn_if_alone(&mut queue)?;
        }
        if heard.elapsed() > TO_COME + lesson::time_limit() {
            return Err(Error::new(format!("Only {} of {count} sums came back", answers.done)));
        }
    }
    queue.call(|redis| cmd("DEL").arg(&key).exec(redis))?;
    Ok(answers)
}

fn hand_in(queue: &mut Queue, key: &str, numbers: Range<u64>) -> Result<()> {
    let mut pipe = pipe();
    for number in numbers {
        pipe.cmd("XADD").arg(&[SUMS, "*", "answers", key, "number"]).arg(number);
    }
    queue.call(|redis| pipe.exec(redis))
}

/// Keeps Redis from forgetting this run.
fn renew(queue: &mut Queue, key: &str) -> Result<()> {
    let mut keep = pipe();
    keep.cmd("EXPIRE").arg(key).arg(STAY).cmd("EXPIRE").arg(SUMS).arg(STAY);
    let (kept, _): (bool, bool) = queue.call(|redis| keep.query(redis))?;
    if kept { Ok(()) } else { Err(Error::new(FORGOTTEN)) }
}

fn warn_if_alone(queue: &mut Queue) -> Result<()> {
    let (taken, ..): (u64, Value, Value, Value) =
        queue.call(|redis| cmd("XPENDING").arg(&[SUMS, GROUP]).query(redis))?;
    if taken == 0 {
        warn(format_args!("No worker takes a sum; waiting for one"));
    }
    Ok(())
}
