//! Hands the sums in and waits for the answers.

use std::time::Duration;

use lesson::output::warn;
use lesson::{Error, Result};
use redis::streams::{StreamId, StreamRangeReply, StreamReadReply};
use redis::{Value, cmd, pipe};
use timeline::worker_log::WorkerLogs;

use crate::queue::{GROUP, Queue, STAY, SUMS, random};

const AHEAD: u64 = 1_000; // sums that are handed in and not yet done, at most
const LOOK: Duration = Duration::from_millis(500); // how long one look waits for an answer
const SUSPICIOUS: Duration = Duration::from_secs(2); // without an answer
const TO_COME: Duration = Duration::from_secs(60); // for a worker

/// Has workers compute so many sums from `first` on. Returns the sums in the order of their numbers,
/// and what the workers have recorded.
pub fn find_sums(url: &str, first: u64, count: u64) -> Result<(Vec<u128>, WorkerLogs)> {
    let mut queue = Queue::connect(url)?;
    queue.create(SUMS)?;
    let mut key = open(&mut queue)?;
    let mut answers = Answers { first, sums: Vec::new(), logs: WorkerLogs::default(), done: 0 };
    let (mut read, mut silent, mut trouble) = (String::from("0"), Duration::ZERO, None);
    while answers.done < count {
        let handed_in = answers.sums.len() as u64;
        if handed_in < count && handed_in - answers.done <= AHEAD / 2 {
            let more = count.min(answers.done + AHEAD);
            answers.sums.extend((handed_in..more).map(|_| None));
            hand_in(&mut queue, &key, first + handed_in..first + more)?;
        }
        let look = look(&mut queue, &key, &read)?;
        if look.new.is_empty() {
            silent += LOOK;
        } else {
            (silent, trouble) = (Duration::ZERO, None);
        }
        for answer in look.new {
            answers.take(&answer);
            read = answer.id;
        }
        if !look.is_kept {
            (key, read) = (open(&mut queue)?, String::from("0"));
        }
        if !look.is_kept || silent > Duration::ZERO && look.listed == 0 {
            // Redis was started again without some of what it had been told, or has heard nothing of
            // this process for too long.
            hand_in(&mut queue, &key, answers.missing())?;
        }
        if silent >= SUSPICIOUS && look.listed > 0 && trouble.is_none() {
            trouble = why_silent(&mut queue, &key, look.taken)?;
            if let Some(trouble) = trouble {
                warn(format_args!("{trouble}; waiting for one"));
            }
        }
        if silent > TO_COME + lesson::time_limit() {
            let (done, silent) = (answers.done, silent.as_secs());
            let trouble = trouble.map(|trouble| format!(". {trouble}")).unwrap_or_default();
            let sentence =
                format!("Only {done} of {count} sums came back, and none for {silent} s");
            return Err(Error::new(sentence + &trouble));
        }
    }
    queue.call(|redis| cmd("DEL").arg(&key).exec(redis))?;
    Ok((answers.sums.into_iter().flatten().collect(), answers.logs))
}

/// Makes a stream for the answers to one run, and returns its name.
fn open(queue: &mut Queue) -> Result<String> {
    let key = format!("many_machines:answers:{}", random());
    queue.create(&key).map(|()| key)
}

/// Why no answer comes, if it is not that these sums take long. `taken` is how many sums the workers
/// have taken, of whatever run.
fn why_silent(queue: &mut Queue, key: &str, taken: u64) -> Result<Option<&'static str>> {
    if taken == 0 {
        return Ok(Some("No worker takes a sum"));
    }
    let pending = cmd("XPENDING").arg(&[SUMS, GROUP, "-", "+", "100"]).take();
    let pending: Vec<(String, Value, Value, Value)> = queue.call(|redis| pending.query(redis))?;
    for (sum, ..) in pending {
        let sum = cmd("XRANGE").arg(&[SUMS, &sum, &sum]).take();
        let sum: StreamRangeReply = queue.call(|redis| sum.query(redis))?;
        if sum.ids.iter().any(|sum| sum.get::<String>("answers").as_deref() == Some(key)) {
            return Ok(None);
        }
    }
    Ok(Some("All workers compute sums of another run"))
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
    /// Whether it still knows this run.
    is_kept: bool,
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
    let new = new.unwrap_or_default().keys.into_iter().flat_map(|stream| stream.ids).collect();
    Ok(Look { is_kept, listed, taken, new })
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
