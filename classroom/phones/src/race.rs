//! The race that people run: the phones are the threads.
//!
//! The counter is an atomic one. READ is a load and WRITE a store, as in the program `race_condition`;
//! only that here a person stands between the two.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use basics::words::thousands;
use serde_json::{Value, json};

use crate::activity::{Activity, Phone};
use crate::history::Event;

/// A phone that holds the lock for so long loses it: it may have gone, and the lesson must not hang.
const MOST_HELD: Duration = Duration::from_secs(15);

/// The most steps of a round that are remembered: far more than a class takes.
const MOST_EVENTS: usize = 20_000;

/// How the phones increment the counter in one round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Two buttons: READ loads, WRITE stores one more.
    ReadWrite,
    /// The same, but READ takes a lock that WRITE gives back.
    Mutex,
    /// One button.
    FetchAdd,
    /// Two buttons, but WRITE does nothing if the counter is no longer what was read.
    CompareAndSwap,
}

/// A round of the race.
pub struct Race {
    round: Round,
    times: u32,
    counter: AtomicU64,
    runners: BTreeMap<Phone, Runner>,
    /// Who holds the lock, and since when.
    holder: Option<(Phone, Instant)>,
    lost_lock: Option<Phone>,
    events: Vec<Event>,
    /// The first and the last step.
    time: Option<(Instant, Instant)>,
    increments: u64,
    is_open: bool,
}

#[derive(Default)]
struct Runner {
    read: Option<u64>,
    done: u32,
    said: String,
}

/// What came of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundResult {
    /// Which one it was.
    pub round: Round,
    /// How many increments were made.
    pub should_be: u64,
    /// What the counter is.
    pub is: u64,
    /// From the first step to the last one.
    pub time: Duration,
}

impl Race {
    pub(crate) fn new(round: Round, times: u32) -> Self {
        Self {
            round,
            times,
            counter: AtomicU64::new(0),
            runners: BTreeMap::new(),
            holder: None,
            lost_lock: None,
            events: Vec::new(),
            time: None,
            increments: 0,
            is_open: true,
        }
    }

    fn runner(&mut self, phone: Phone) -> &mut Runner {
        self.runners.entry(phone).or_default()
    }

    /// Gives back the lock without a write.
    fn release(&mut self, phone: Phone) {
        self.runner(phone).read = None;
        self.holder = self.holder.filter(|(holder, _)| *holder != phone);
    }

    /// READ.
    fn read(&mut self, phone: Phone, now: Instant) {
        let has_read = self.runner(phone).read.is_some();
        if self.round == Round::FetchAdd || has_read || self.holder.is_some() {
            return;
        }
        if self.round == Round::Mutex {
            self.holder = Some((phone, now));
            self.lost_lock = None;
        }
        let value = self.counter.load(SeqCst);
        let runner = self.runner(phone);
        (runner.read, runner.said) = (Some(value), String::new());
        self.note(Event::Read(phone, value), now);
    }

    /// WRITE.
    fn write(&mut self, phone: Phone, now: Instant) {
        let Some(value) = self.runner(phone).read.take() else { return };
        let written = value + 1;
        if self.round == Round::CompareAndSwap {
            if let Err(found) = self.counter.compare_exchange(value, written, SeqCst, SeqCst) {
                self.runner(phone).said =
                    format!("Not written: the counter is {found}, not {value}. Read again.");
                return;
            }
        } else {
            self.counter.store(written, SeqCst);
        }
        self.release(phone);
        self.wrote(phone, written, format!("You wrote {written}."), now);
    }

    /// The one button of `fetch_add`.
    fn add(&mut self, phone: Phone, now: Instant) {
        if self.round == Round::FetchAdd {
            let written = self.counter.fetch_add(1, SeqCst) + 1;
            let said = format!("The counter was {}, and is now {written}.", written - 1);
            self.wrote(phone, written, said, now);
        }
    }

    fn wrote(&mut self, phone: Phone, written: u64, said: String, now: Instant) {
        let runner = self.runner(phone);
        (runner.done, runner.said) = (runner.done + 1, said);
        self.increments += 1;
        self.note(Event::Wrote(phone, written), now);
    }

    fn note(&mut self, event: Event, now: Instant) {
        self.events.push(event);
        self.time = Some((self.time.map_or(now, |(first, _)| first), now));
    }

    /// How often each phone increments.
    pub fn times(&self) -> u32 {
        self.times
    }

    /// What came of it so far.
    pub fn result(&self) -> RoundResult {
        RoundResult {
            round: self.round,
            should_be: self.increments,
            is: self.counter.load(SeqCst),
            time: self.time.map_or(Duration::ZERO, |(first, last)| last - first),
        }
    }

    /// Who read what and wrote what, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the projector says of the lock.
    pub fn lock(&self) -> Option<String> {
        let Phone(number) = match (self.holder, self.lost_lock) {
            (Some((holder, _)), _) => return Some(format!("Phone {} has the lock.", holder.0)),
            (None, lost) => lost?,
        };
        let seconds = MOST_HELD.as_secs();
        Some(format!("Phone {number} kept the lock for {seconds} s. It was taken away."))
    }
}

impl Activity for Race {
    fn tap(&mut self, phone: Phone, button: &str, now: Instant) {
        let times = self.times;
        if self.is_open && self.runner(phone).done < times && self.events.len() < MOST_EVENTS {
            match button {
                "read" => self.read(phone, now),
                "write" => self.write(phone, now),
                "add" => self.add(phone, now),
                _ => {}
            }
        }
    }

    /// Takes the lock from a phone that does not give it back.
    fn advance(&mut self, now: Instant) {
        if let Some((phone, since)) = self.holder
            && now - since >= MOST_HELD
        {
            self.lost_lock = Some(phone);
            self.release(phone);
            self.runner(phone).said = "The lock was taken from you. Read again.".into();
        }
    }

    fn view(&self, phone: Phone) -> Value {
        let nothing = Runner::default();
        let runner = self.runners.get(&phone).unwrap_or(&nothing);
        json!({
            "is": "race",
            "is_one_button": self.round == Round::FetchAdd,
            "is_open": self.is_open,
            "done": runner.done,
            "times": self.times,
            "read": runner.read,
            "holder": self.holder.map(|(holder, _)| holder.0),
            "said": runner.said,
        })
    }

    fn forget(&mut self, phone: Phone) {
        self.release(phone);
        self.runners.remove(&phone);
    }

    fn close(&mut self) {
        self.is_open = false;
    }
}

/// Rounds, which are printed as `race_condition` prints its own.
#[derive(Clone, Debug)]
pub struct Rounds(pub Vec<RoundResult>);

impl Display for Rounds {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:37} {:>13} {:>13} {:>13}", "", "should be", "is", "lost")?;
        for RoundResult { round, should_be, is, .. } in &self.0 {
            let numbers = [*should_be, *is, should_be.abs_diff(*is)].map(thousands);
            let [should_be, is, lost] = numbers;
            writeln!(f, "{:37} {should_be:>13} {is:>13} {lost:>13}", round.to_string())?;
        }
        Ok(())
    }
}

/// As in the rows of `race_condition`.
impl Display for Round {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadWrite => "Read, then write",
            Self::Mutex => "With a Mutex",
            Self::FetchAdd => "With fetch_add",
            Self::CompareAndSwap => "With compare-and-swap",
        })
    }
}
