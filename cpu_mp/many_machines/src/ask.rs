//! Hands the sums in and waits for the answers.

use std::sync::Once;
use std::time::{Duration, Instant};

use lesson::output::warn;
use lesson::{Error, Result};
use redis::streams::StreamReadReply;
use redis::{Value, cmd, pipe};

use crate::answers::Answers;
use crate::queue::{BEAT, GROUP, Queue, STAY, SUMS, random};

const AHEAD: u64 = 1_000; // sums that are handed in and not yet done, at most
const SUSPICIOUS: Duration = Duration::from_secs(5); // without an answer
const TO_COME: Duration = Duration::from_secs(60); // for a worker
const FORGOTTEN: &str = "Redis has forgotten the sums: it has no append-only file, or it was away \
                         for too long";

static WARNED: Once = Once::new();

pub fn find_sums(url: &str, first: u64, count: u64) -> Result<Answers> {
    let mut queue = Queue::connect(url)?;
    let key = format!("many_machines:answers:{}", random());
    queue.create(&key)?;
    queue.create(SUMS)?;
    let (mut answers, mut handed_in, mut read) = (Answers::new(first, count), 0, String::from("0"));
    let [mut heard, mut renewed, mut checked] = [Instant::now(); 3];
    while answers.done < count {
        if handed_in < count && handed_in - answers.done <= AHEAD / 2 {
            let more = count.min(answers.done + AHEAD);
            hand_in(&mut queue, &key, (first + handed_in..first + more).collect())?;
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
        if heard.elapsed().min(checked.elapsed()) > SUSPICIOUS {
            checked = Instant::now();
            if !is_at_work(&mut queue)? {
                hand_in(&mut queue, &key, answers.missing(handed_in))?;
            }
        }
        if heard.elapsed() > TO_COME + lesson::time_limit() {
            return Err(Error::new(format!("Only {} of {count} sums came back", answers.done)));
        }
    }
    queue.call(|redis| cmd("DEL").arg(&key).exec(redis))?;
    Ok(answers)
}

fn hand_in(queue: &mut Queue, key: &str, numbers: Vec<u64>) -> Result<()> {
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

/// Whether there is something on the list. If there is not, and no answer comes either, Redis was
/// started again without the last of what it had been told.
fn is_at_work(queue: &mut Queue) -> Result<bool> {
    let mut look = pipe();
    look.cmd("XLEN").arg(SUMS).cmd("XPENDING").arg(&[SUMS, GROUP]);
    let (listed, (taken, ..)): (u64, (u64, Value, Value, Value)) =
        queue.call(|redis| look.query(redis))?;
    if listed > 0 && taken == 0 {
        WARNED.call_once(|| warn(format_args!("No worker takes a sum; waiting for one")));
    }
    Ok(listed > 0)
}
