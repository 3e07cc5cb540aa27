//! Hands the sums in and waits for the answers.

use std::time::Duration;

use lesson::output::warn;
use lesson::{Error, Result};
use redis::streams::{StreamId, StreamReadReply};
use redis::{Value, cmd, pipe};
use timeline::worker_log::WorkerLogs;

use crate::queue::{GROUP, Queue, STAY, SUMS, random};

const AHEAD: u64 = 1_000; // sums that are handed in and not yet done, at most
const LOOK: Duration = Duration::from_millis(500); // how long one look waits for an answer
const SUSPICIOUS: Duration = Duration::from_secs(2); // without an answer
const TO_COME: Duration = Duration::from_secs(60); // for a worker
const FORGOTTEN: &str = "Redis has forgotten the sums: it has no append-only file, or it was away \
                         for too long";

/// Has workers compute so many sums from `first` on. Returns the sums in the order of their numbers,
/// and what the workers have recorded.
pub fn find_sums(url: &str, first: u64, count: u64) -> Result<(Vec<u128>, WorkerLogs)> {
    let mut queue = Queue::connect(url)?;
    let key = format!("many_machines:answers:{}", random());
    queue.create(&key)?;
    queue.create(SUMS)?;
    let mut answers = Answers { first, sums: Vec::new(), logs: WorkerLogs::default(), done: 0 };
    let (mut read, mut silent, mut has_warned) = (String::from("0"), Duration::ZERO, false);
    while answers.done < count {
        let handed_in = answers.sums.len() as u64;
        if handed_in < count && handed_in - answers.done <= AHEAD / 2 {
            let more = count.min(answers.done + AHEAD);
            answers.sums.extend((handed_in..more).map(|_| None));
            hand_in(&mut queue, &key, first + handed_in..first + more)?;
        }
        let look = look(&mut queue, &key, &read)?;
        silent = if look.new.is_empty() { silent + LOOK } else { Duration::ZERO };
        for answer in look.new {
            answers.take(&answer);
            read = answer.id;
        }
        if silent > Duration::ZERO && look.listed == 0 {
            // Redis was started again without the last of what it had been told.
            hand_in(&mut queue, &key, answers.missing())?;
        }
        if silent >= SUSPICIOUS && look.listed > 0 && look.taken == 0 && !has_warned {
            warn(format_args!("No worker takes a sum; waiting for one"));
            has_warned = true;
        }
        if silent > TO_COME + lesson::time_limit() {
            return Err(Error::new(format!("Only {} of {count} sums came back", answers.done)));
        }
    }
    queue.call(|redis| cmd("DEL").arg(&key).exec(redis))?;
    Ok((answers.sums.into_iter().flatten().collect(), answers.logs))
}

fn hand_in(queue: &mut Queue, key: &str, numbers: impl IntoIterator<Item = u64>) -> Result<()> {
    let mut pipe = pipe();
    for number in numbers {
        pipe.cmd("XADD").arg(&[SUMS, "*", "answers", key, "number"]).arg(number);
    }
    queue.call(|redis| pipe.exec(redis))
}

/// What there is in Redis.
struct Look {
    /// How many sums were on the list.
    listed: u64,
    /// How many of them workers had taken.
    taken: u64,
    /// The answers that were there, or came soon after.
    new: Vec<StreamId>,
}

/// What Redis says of sums that workers have taken: how many, and three things more.
type Pending = (u64, Value, Value, Value);

/// Keeps Redis from forgetting this run, and waits for answers that come after `read`.
fn look(queue: &mut Queue, key: &str, read: &str) -> Result<Look> {
    let wait = LOOK.as_millis().to_string();
    let mut look = pipe();
    look.cmd("EXPIRE").arg(key).arg(STAY).cmd("EXPIRE").arg(SUMS).arg(STAY).ignore();
    look.cmd("XLEN").arg(SUMS).cmd("XPENDING").arg(&[SUMS, GROUP]);
    look.cmd("XREAD").arg(&["COUNT", "1000", "BLOCK", &wait, "STREAMS", key, read]);
    let (is_kept, listed, (taken, ..), new): (bool, u64, Pending, Option<StreamReadReply>) =
        queue.call(|redis| look.query(redis))?;
    if !is_kept {
        return Err(Error::new(FORGOTTEN));
    }
    let new = new.unwrap_or_default().keys.into_iter().flat_map(|stream| stream.ids).collect();
    Ok(Look { listed, taken, new })
}

/// The answers to one run's sums, as they come back.
struct Answers {
    first: u64,
    /// A place for each number that was handed in.
    sums: Vec<Option<u128>>,
    logs: WorkerLogs,
    done: u64,
}

impl Answers {
    fn take(&mut self, answer: &StreamId) {
        let number = answer.get::<u64>("number").and_then(|number| number.checked_sub(self.first));
        let place = number.and_then(|place| self.sums.get_mut(usize::try_from(place).ok()?));
        // Two workers have done the same sum if one was silent for too long. The first one counts.
        let (Some(place @ None), Some(sum)) = (place, answer.get("sum")) else { return };
        *place = Some(sum);
        self.done += 1;
        let text = |name: &str| answer.get::<String>(name).unwrap_or_default();
        if let Ok(Some(log)) = serde_json::from_str(&text("recorded")) {
            self.logs.arrived(&text("worker"), log);
        }
    }

    /// The numbers that were handed in and have no sum yet.
    fn missing(&self) -> Vec<u64> {
        let sums = (self.first..).zip(&self.sums).filter(|(_, sum)| sum.is_none());
        sums.map(|(number, _)| number).collect()
    }
}
