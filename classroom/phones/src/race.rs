//! The race that people run: the phones are the threads.
//!
//! The counter is an atomic one. READ is a load and WRITE a store, as in the program `race_condition`;
//! only that here a person stands between the two.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::{Duration, Instant};

use crate::activity::{Activity, Phone};
use crate::history::Event;
use crate::view::{Button, View};

/// A phone that holds the lock for so long loses it: it may have gone, and the lesson must not hang.
const MOST_HELD: Duration = Duration::from_secs(15);

/// The most steps of a round: far more than a class takes.
const MOST_EVENTS: usize = 20_000;

/// How the phones increment the counter in one round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Round {
    /// Two buttons: READ loads, WRITE stores one more.
    #[default]
    ReadWrite,
    /// The same, but READ takes a lock that WRITE gives back.
    Mutex,
    /// One button.
    FetchAdd,
    /// Two buttons, but WRITE does nothing if the counter is no longer what was read.
    CompareAndSwap,
}

/// A round of the race.
#[derive(Default)]
pub struct Race {
    round: Round,
    times: u32,
    counter: AtomicU64,
    runners: BTreeMap<Phone, Runner>,
    /// Who holds the lock, and since when.
    holder: Option<(Phone, Instant)>,
    /// The phones that have kept the lock for too long: they are out, because they would do it again.
    out: Vec<Phone>,
    events: Vec<Event>,
}

#[derive(Clone, Default)]
struct Runner {
    read: Option<u64>,
    done: u32,
    said: String,
}

impl Race {
    /// A round in which each phone increments the counter so many times.
    pub fn new(round: Round, times: u32) -> Self {
        Self { round, times, ..Self::default() }
    }

    fn runner(&mut self, phone: Phone) -> &mut Runner {
        self.runners.entry(phone).or_default()
    }

    /// READ.
    fn read(&mut self, phone: Phone, now: Instant) {
        if self.round == Round::FetchAdd || self.holder.is_some() {
            return;
        }
        self.holder = (self.round == Round::Mutex).then_some((phone, now));
        let value = self.counter.load(SeqCst);
        self.runner(phone).read = Some(value);
        self.note(phone, value, false, now);
    }

    /// WRITE, after a READ of this value.
    fn write(&mut self, phone: Phone, read: u64, now: Instant) {
        let written = read + 1;
        if self.round != Round::CompareAndSwap {
            self.counter.store(written, SeqCst);
        } else if let Err(found) = self.counter.compare_exchange(read, written, SeqCst, SeqCst) {
            let said = format!("Not written: the counter is {found}, not {read}. Read again.");
            self.give_up(phone, said);
            return;
        }
        self.give_up(phone, format!("You wrote {written}."));
        self.note(phone, written, true, now);
    }

    /// The one button of `fetch_add`.
    fn add(&mut self, phone: Phone, now: Instant) {
        let was = self.counter.fetch_add(1, SeqCst);
        let is = was + 1;
        self.give_up(phone, format!("The counter was {was}, and is now {is}."));
        self.note(phone, is, true, now);
    }

    /// The phone has no number any more that it could write, and no lock.
    fn give_up(&mut self, phone: Phone, said: String) {
        let runner = self.runner(phone);
        (runner.read, runner.said) = (None, said);
        self.holder = self.holder.filter(|(holder, _)| *holder != phone);
    }

    fn note(&mut self, phone: Phone, value: u64, is_write: bool, now: Instant) {
        self.runner(phone).done += u32::from(is_write);
        self.events.push(Event { phone, value, is_write, at: now });
    }

    /// How many increments these phones will have made at the end. Who is done may have left.
    pub fn planned(&self, phones: usize) -> u64 {
        phones.max(self.runners.len()) as u64 * u64::from(self.times)
    }

    /// How many increments were made: what the counter should be.
    pub fn should_be(&self) -> u64 {
        self.events.iter().filter(|event| event.is_write).count() as u64
    }

    /// What the counter is.
    pub fn is(&self) -> u64 {
        self.counter.load(SeqCst)
    }

    /// From the first step to the last one.
    pub fn time(&self) -> Duration {
        let [first, .., last] = &self.events[..] else { return Duration::ZERO };
        last.at - first.at
    }

    /// Who read what and wrote what, in order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// What the projector says of the lock.
    pub fn lock(&self) -> Option<String> {
        let held = self.holder.map(|(Phone(holder), _)| format!("Phone {holder} has the lock."));
        let taken = self.out.last().map(|Phone(last)| {
            format!("Phone {last} kept the lock for {} s. It was taken away.", MOST_HELD.as_secs())
        });
        held.or(taken)
    }
}

impl Activity for Race {
    fn tap(&mut self, phone: Phone, button: &str, now: Instant) {
        let Runner { read, done, .. } = *self.runner(phone);
        match (button, read) {
            _ if self.out.contains(&phone)
                || done >= self.times
                || self.events.len() >= MOST_EVENTS => {}
            ("read", None) => self.read(phone, now),
            ("write", Some(read)) => self.write(phone, read, now),
            ("add", _) if self.round == Round::FetchAdd => self.add(phone, now),
            _ => {}
        }
    }

    /// Takes the lock from a phone that does not give it back. While the round is closed, it cannot.
    fn advance(&mut self, now: Instant, is_open: bool) {
        self.holder = self.holder.map(|(phone, since)| (phone, if is_open { since } else { now }));
        if let Some((phone, since)) = self.holder
            && now - since >= MOST_HELD
        {
            self.out.push(phone);
            self.give_up(phone, "You kept the lock too long: you are out.".into());
        }
    }

    fn view(&self, phone: Phone, is_open: bool) -> View {
        let Runner { read, done, said } = self.runners.get(&phone).cloned().unwrap_or_default();
        let is_on = is_open && done < self.times && !self.out.contains(&phone);
        let holder = self.holder.filter(|(holder, _)| *holder != phone);
        let said = match (read, holder) {
            _ if !is_on => format!("{said} Look to the front."),
            (Some(read), _) => format!("You have read {read}."),
            (None, Some((Phone(it), _))) => format!("Phone {it} has the lock. Wait."),
            (None, None) if self.round == Round::Mutex => format!("{said} The lock is free."),
            (None, None) => said,
        };
        let mut view = View::new("You are a thread.", said.trim_start());
        view.text = format!("{}: {done} of {} increments done.", self.round, self.times);
        let press = |can: bool, what: &str| (is_on && can).then(|| what.to_string());
        if self.round == Round::FetchAdd {
            view.buttons.push(Button::new("fetch_add(1)", press(true, "add"), false));
        } else {
            let write = read.map_or("WRITE".into(), |read| format!("WRITE {}", read + 1));
            let can_read = read.is_none() && holder.is_none();
            view.buttons.push(Button::new("READ", press(can_read, "read"), false));
            view.buttons.push(Button::new(write, press(read.is_some(), "write"), false));
        }
        view
    }

    fn forget(&mut self, phone: Phone) {
        self.give_up(phone, String::new());
        self.out.retain(|out| *out != phone);
        self.runners.remove(&phone);
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
