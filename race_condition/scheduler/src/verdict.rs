//! What came of a schedule, and why, in sentences.

use std::cmp::Ordering::{Equal, Greater, Less};
use std::fmt::{self, Display, Formatter};

use every_interleaving::{End, Refusal, Step, Thread};
use lesson::thousands;
use lesson::words::capitalised;

use crate::play::{Move, Play};

/// What came of a schedule after which no thread can take a step, or of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the level is passed.
    pub passed: bool,
    /// How it ended, in a sentence.
    pub end: String,
    /// Why, in a few sentences.
    pub why: String,
}

/// One load, addition and store by one thread.
struct Increment {
    thread: Thread,
    read: i64,
    wrote: i64,
    /// The thread that has stored between this load and this store, if any has.
    overwrites: Option<Thread>,
}

/// As a sentence.
impl Display for Move {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let thread = capitalised(self.thread);
        let register = self.after.register(self.thread).unwrap_or(0);
        let (old, new) = (self.before.counter(), self.after.counter());
        let [first, second] = self.names;
        match self.step {
            Step::Load => write!(f, "{thread} loads the {first}: its register is now {register}."),
            Step::Add => write!(f, "{thread} adds 1: its register is now {register}."),
            Step::Store | Step::StoreSum => {
                write!(f, "{thread} stores its register: the counter was {old} and is now {new}.")
            }
            Step::Lock(mutex) => write!(f, "{thread} locks mutex {mutex}."),
            Step::Unlock(mutex) => write!(f, "{thread} unlocks mutex {mutex}."),
            Step::AddSecond => write!(
                f,
                "{thread} adds the {second}, {}: its register is now {register}.",
                self.before.second(),
            ),
            Step::Check(_) if self.goes_on() => {
                write!(f, "{thread} finds {old}: enough, so it goes on.")
            }
            Step::Check(_) => {
                write!(f, "{thread} finds {old}: not enough, so it takes nothing and has finished.")
            }
            Step::CheckZero if self.goes_on() => {
                write!(f, "{thread} finds that {first} is 0, so it will sleep.")
            }
            Step::CheckZero => {
                write!(f, "{thread} finds that {first} is {old}: it has finished without sleep.")
            }
            Step::Take(amount) => {
                write!(f, "{thread} takes {amount}: the {first} was {old} and is now {new}.")
            }
            Step::Put(amount) => write!(
                f,
                "{thread} puts {amount}: the {second} were {} and are now {}.",
                self.before.second(),
                self.after.second(),
            ),
            Step::Set => write!(f, "{thread} sets {first} to {new}."),
            Step::Sleep => write!(f, "{thread} goes to sleep, until another thread wakes it."),
            Step::Wake => match self.before.sleeper() {
                Some(sleeper) => write!(f, "{thread} wakes {sleeper}."),
                None => write!(f, "{thread} wakes nobody, as nobody sleeps."),
            },
        }
    }
}

impl Move {
    /// Whether it is a check, after which the thread goes on or has finished.
    pub fn is_check(&self) -> bool {
        matches!(self.step, Step::Check(_) | Step::CheckZero)
    }

    /// Whether the thread goes on after its check.
    pub fn goes_on(&self) -> bool {
        self.after.line(self.thread) == self.before.line(self.thread) + 1
    }
}

impl Play {
    /// What came of the schedule or of the claim; nothing while a thread can still take a step.
    pub fn verdict(&self) -> Option<Verdict> {
        if self.is_claim() {
            return Some(self.verdict_on_the_claim());
        }
        let level = self.level();
        let end = level.machine.end(self.state())?;
        let passed = end == level.wanted;
        let sentence = match (end, level.wanted) {
            (End::Counter(_), End::Deadlock) => "All threads finished: this is no deadlock.".into(),
            (End::Counter(_), End::Asleep) => "Both threads finished: none sleeps for ever.".into(),
            (End::Counter(is), End::Counter(goal)) if !passed => {
                format!("The {} ended at {is}, not at {goal}.", level.names[0])
            }
            (End::Total(is), End::Total(goal)) if !passed => {
                format!("Thread 2 counted {is}, not {goal}.")
            }
            _ => level.ended(end),
        };
        let why = match end {
            End::Deadlock => self.why_stuck(),
            End::Total(total) => self.why_this_total(total),
            _ if self.has_taken(Step::Wake) => self.why_this_sleep(end),
            _ if self.moves().iter().any(Move::is_check) => self.why_this_balance(),
            _ => self.why_this_number(),
        };
        Some(Verdict { passed, end: sentence, why })
    }

    /// Whether the claim is true that the goal cannot be reached: all orders are tried.
    fn verdict_on_the_claim(&self) -> Verdict {
        let level = self.level();
        let ends = level.ends(self.start());
        if ends.contains_key(&level.wanted) {
            let (end, why) = ("It can be done.".into(), "This order does it:".into());
            return Verdict { passed: false, end, why };
        }
        let all = thousands(level.machine.orders().expect("a level has few orders"));
        let left = thousands(ends.values().sum::<u128>());
        let orders = match level.machine.mutexes().count() {
            0 => format!("There are {all} orders of the steps."),
            1 => format!("Of {all} orders of the steps the lock leaves {left}."),
            _ => format!("Of {all} orders of the steps the locks leave {left}."),
        };
        let never = match level.wanted {
            End::Counter(number) => format!("none ends at {number}"),
            End::Total(number) => format!("none counts {number}"),
            End::Deadlock => "none is a deadlock".into(),
            End::Asleep => "in none a thread sleeps for ever".into(),
        };
        Verdict {
            passed: true,
            end: "It is impossible, as you have claimed.".into(),
            why: format!("{orders} All of them have been tried, and {never}. {}", level.why_not),
        }
    }

    /// What each thread found when it checked, and what it did about it.
    fn why_this_balance(&self) -> String {
        let found = self.moves().iter().filter_map(|taken| {
            let Step::Check(amount) = taken.step else { return None };
            let did = if taken.goes_on() { amount.to_string() } else { "nothing".into() };
            Some(format!("{} found {} and took {did}", taken.thread, taken.before.counter()))
        });
        let reason = if self.state().counter() < 0 {
            "Both had checked before either took: when the second one took, what it had found was \
             no longer true."
        } else {
            "The second one checked after the first had taken, so it knew."
        };
        format!("{} {reason}", sentence(found))
    }

    fn has_taken(&self, step: Step) -> bool {
        self.moves().iter().any(|taken| taken.step == step)
    }

    /// Why thread 1 sleeps, or does not.
    fn why_this_sleep(&self, end: End) -> String {
        if end == End::Asleep {
            "It had found 0, and did not sleep yet. Just then thread 2 set ready and woke nobody: \
             that wake-up is lost, and no other comes."
        } else if self.has_taken(Step::Sleep) {
            "Thread 1 slept already when thread 2 woke it."
        } else {
            "Thread 1 found that ready was 1, so it did not sleep."
        }
        .into()
    }

    /// What the reader saw of the two numbers.
    fn why_this_total(&self, total: i64) -> String {
        let [balance, savings] = self.level().names;
        let before = |step| {
            let taken = self.moves().iter().find(|taken| taken.step == step);
            taken.map_or(self.start(), |taken| &taken.before)
        };
        let (first, second) = (before(Step::Load).counter(), before(Step::AddSecond).second());
        let saw = format!("It found {first} in the {balance} and {second} in the {savings}");
        let reason = match total.cmp(&self.start().counter()) {
            Equal => return format!("{saw}: what belongs together."),
            Less => "in neither: they had been taken, and were not put yet",
            Greater => "in both: it read one before the move, and the other after it",
        };
        format!("{saw}. It saw the 60 {reason}. A mutex stops only those who lock it, too.")
    }

    /// Which thread holds which mutex, and which one it waits for.
    fn why_stuck(&self) -> String {
        let machine = &self.level().machine;
        let waits = machine.threads().filter_map(|thread| {
            let Err(Refusal::Waits { mutex, .. }) = machine.next(self.state(), thread) else {
                return None;
            };
            let held = |mutex: &_| machine.holder(self.state(), *mutex) == Some(thread);
            let holds: Vec<String> =
                machine.mutexes().filter(held).map(|mutex| mutex.to_string()).collect();
            Some(format!("{thread} holds {} and waits for {mutex}", holds.join(" and ")))
        });
        format!("{} Neither will ever let go: the program hangs.", sentence(waits))
    }

    /// What each increment read and wrote.
    fn why_this_number(&self) -> String {
        let increments = self.increments();
        let said = increments.iter().map(|Increment { thread, read, wrote, .. }| {
            format!("{thread} read {read} and wrote {wrote}")
        });
        let all = increments.len();
        let lost = match (all as u64).saturating_sub(self.state().counter().unsigned_abs()) {
            1 => format!("1 of {all} increments is"),
            lost => format!("{lost} of {all} increments are"),
        };
        let stale: Vec<(Thread, Thread)> = { increments.iter() }
            .filter_map(|increment| Some((increment.thread, increment.overwrites?)))
            .collect();
        let reason = match stale[..] {
            [] => "Nobody stored between a thread's load and its store, so no increment was lost."
                .into(),
            [(thread, other)] => format!(
                "{} had loaded before {other} stored, and wrote over it: {lost} lost.",
                capitalised(thread),
            ),
            _ => format!(
                "{lost} lost: a thread that stores knows nothing of what was stored since its load."
            ),
        };
        format!("{} {reason}", sentence(said))
    }

    /// The increments in the order of their stores.
    fn increments(&self) -> Vec<Increment> {
        let moves = self.moves();
        let increment = |(end, store): (usize, &Move)| {
            let thread = store.thread;
            let is_load = |taken: &Move| (taken.thread, taken.step) == (thread, Step::Load);
            let begin = moves[..end].iter().rposition(is_load)?;
            let overwritten = moves[begin..end].iter().rfind(|taken| taken.step == Step::Store);
            Some(Increment {
                thread,
                read: moves[begin].before.counter(),
                wrote: store.after.counter(),
                overwrites: overwritten.map(|other| other.thread),
            })
        };
        let stores = moves.iter().enumerate().filter(|(_, taken)| taken.step == Step::Store);
        stores.filter_map(increment).collect()
    }
}

/// A sentence of these parts.
fn sentence(parts: impl Iterator<Item = String>) -> String {
    format!("{}.", capitalised(parts.collect::<Vec<_>>().join(", ")))
}
