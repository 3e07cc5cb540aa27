//! What came of a schedule, and why, in sentences.

use std::fmt::{self, Display, Formatter};

use lesson::thousands;

use crate::play::{Play, Taken};
use every_interleaving::{End, Refusal, Step, Thread};

/// What came of a schedule after which no thread can take a step, or of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
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

/// A step that was taken, as a sentence.
impl Display for Taken<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let thread = capitalised(&self.thread.to_string());
        let register = self.after.register(self.thread).unwrap_or(0);
        let (old, new) = (self.before.counter(), self.after.counter());
        match self.step {
            Step::Load => write!(f, "{thread} loads the counter: its register is now {register}."),
            Step::Add => write!(f, "{thread} adds 1: its register is now {register}."),
            Step::Store | Step::StoreSum => {
                write!(f, "{thread} stores its register: the counter was {old} and is now {new}.")
            }
            Step::Lock(mutex) => write!(f, "{thread} locks mutex {mutex}."),
            Step::Unlock(mutex) => write!(f, "{thread} unlocks mutex {mutex}."),
            Step::Check(_) if self.found_enough() => {
                write!(f, "{thread} finds {old}: enough, so it goes on.")
            }
            Step::Check(_) => write!(f, "{thread} finds {old}: not enough, so it has finished."),
            Step::Take(amount) => {
                write!(f, "{thread} takes {amount}: the balance was {old} and is now {new}.")
            }
        }
    }
}

impl Taken<'_> {
    /// Whether the thread goes on after its check.
    pub fn found_enough(&self) -> bool {
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
            (End::Counter(is), End::Counter(goal)) if !passed => {
                format!("The {} ended at {is}, not at {goal}.", level.shared)
            }
            (End::Counter(is), _) => format!("The {} ended at {is}.", level.shared),
            (End::Deadlock, _) => "This is a deadlock.".into(),
        };
        let why = match end {
            End::Deadlock => self.why_stuck(),
            End::Counter(_) if self.steps().any(|taken| matches!(taken.step, Step::Check(_))) => {
                self.why_this_balance()
            }
            End::Counter(_) => self.why_this_number(),
        };
        Some(Verdict { passed, end: sentence, why })
    }

    /// Whether the claim is true that the goal cannot be reached: all orders are tried.
    fn verdict_on_the_claim(&self) -> Verdict {
        let level = self.level();
        if level.is_within_reach(&self.states()[0]) {
            return Verdict {
                passed: false,
                end: "It can be done.".into(),
                why: "This order does it:".into(),
            };
        }
        let all = thousands(level.machine.orders());
        let ends = level.ends(&self.states()[0]);
        let left: u128 = ends.values().sum();
        let leave = if level.machine.mutexes().count() > 1 { "locks leave" } else { "lock leaves" };
        let never = match level.wanted {
            End::Counter(number) => format!("none ends at {number}"),
            End::Deadlock => "none is a deadlock".into(),
        };
        Verdict {
            passed: true,
            end: "It is impossible, as you have claimed.".into(),
            why: format!(
                "Of {all} orders of the steps the {leave} {}. All of them have been tried, and \
                 {never}. {}",
                thousands(left),
                level.why_not,
            ),
        }
    }

    /// After how many of the steps taken the goal was last within reach, if it ever was.
    pub fn within_reach(&self) -> Option<usize> {
        self.states().iter().rposition(|state| self.level().is_within_reach(state))
    }

    /// What each thread found when it checked, and what it did about it.
    fn why_this_balance(&self) -> String {
        let found = self.steps().filter_map(|taken| {
            let Step::Check(amount) = taken.step else { return None };
            let did = if taken.found_enough() { amount.to_string() } else { "nothing".into() };
            Some(format!("{} found {} and took {did}", taken.thread, taken.before.counter()))
        });
        let found: Vec<String> = found.collect();
        let reason = if self.state().counter() < 0 {
            "Both had checked before either took: when the second one took, what it had found was \
             no longer true."
        } else {
            "The second one checked after the first had taken, so it knew."
        };
        format!("{}. {reason}", capitalised(&found.join(", ")))
    }

    /// Which thread holds which mutex, and which one it waits for.
    fn why_stuck(&self) -> String {
        let machine = self.level().machine;
        let waits = machine.threads().filter_map(|thread| {
            let Err(Refusal::Waits { mutex, .. }) = machine.next(self.state(), thread) else {
                return None;
            };
            let held = |mutex: &_| machine.holder(self.state(), *mutex) == Some(thread);
            let holds: Vec<String> =
                machine.mutexes().filter(held).map(|mutex| mutex.to_string()).collect();
            let holds = holds.join(" and ");
            Some(format!("{thread} holds {holds} and waits for {mutex}"))
        });
        let waits: Vec<String> = waits.collect();
        capitalised(&format!("{}. Neither will ever let go: the program hangs.", waits.join(", ")))
    }

    /// What each increment read and wrote.
    fn why_this_number(&self) -> String {
        let increments = self.increments();
        let said: Vec<String> = increments
            .iter()
            .map(|Increment { thread, read, wrote, .. }| {
                format!("{thread} read {read} and wrote {wrote}")
            })
            .collect();
        let mut why = capitalised(&format!("{}.", said.join(", ")));
        let stale: Vec<&Increment> =
            increments.iter().filter(|increment| increment.overwrites.is_some()).collect();
        let all = increments.len();
        let lost = match (all as u64).saturating_sub(self.state().counter().unsigned_abs()) {
            1 => format!("1 of {all} increments is"),
            lost => format!("{lost} of {all} increments are"),
        };
        let sentence = match stale[..] {
            [] => " Nobody stored between a thread's load and its store, so no increment was lost."
                .into(),
            [&Increment { thread, overwrites: Some(other), .. }] => format!(
                " {} had loaded before {other} stored, and wrote over it: {lost} lost.",
                capitalised(&thread.to_string()),
            ),
            _ => format!(
                " {lost} lost: a thread that stores knows nothing of what was stored since its \
                 load.",
            ),
        };
        why.push_str(&sentence);
        why
    }

    /// The increments in the order of their stores.
    fn increments(&self) -> Vec<Increment> {
        let mut loaded = vec![(0, 0); self.level().machine.threads().count()];
        let mut stores: Vec<(usize, Thread)> = Vec::new();
        let mut increments = Vec::new();
        for (time, Taken { thread, step, before, after }) in self.steps().enumerate() {
            match step {
                Step::Load => loaded[thread.0] = (time, before.counter()),
                Step::Store => {
                    let (since, read) = loaded[thread.0];
                    let overwritten = stores.iter().rfind(|(time, _)| *time > since);
                    increments.push(Increment {
                        thread,
                        read,
                        wrote: after.counter(),
                        overwrites: overwritten.map(|(_, other)| *other),
                    });
                    stores.push((time, thread));
                }
                _ => {}
            }
        }
        increments
    }
}

/// A sentence that begins with a capital letter.
pub fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn play(text: &str) -> Play {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[track_caller]
    fn verdict(text: &str) -> Verdict {
        play(text).verdict().unwrap_or_else(|| panic!("{text} has no end"))
    }

    #[test]
    fn both_read_before_either_writes() {
        let verdict = verdict("1:121212");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "The counter ended at 1.");
        assert_eq!(
            verdict.why,
            "Thread 1 read 0 and wrote 1, thread 2 read 0 and wrote 1. Thread 2 had loaded \
             before thread 1 stored, and wrote over it: 1 of 2 increments is lost.",
        );
    }

    #[test]
    fn one_after_the_other() {
        let verdict = verdict("2:222111");
        assert!(verdict.passed);
        assert_eq!(
            verdict.why,
            "Thread 2 read 0 and wrote 1, thread 1 read 1 and wrote 2. Nobody stored between a \
             thread's load and its store, so no increment was lost.",
        );
    }

    #[test]
    fn the_lowest_number_of_four_increments() {
        let verdict = verdict("3:122211211122");
        assert!(verdict.passed, "{verdict:?}");
        assert!(verdict.why.contains("2 of 4 increments are lost"), "{verdict:?}");
    }

    #[test]
    fn a_goal_that_is_missed_says_how_far_one_was_on_track() {
        let verdict = verdict("1:111222");
        assert!(!verdict.passed);
        assert_eq!(verdict.end, "The counter ended at 2, not at 1.");
        assert_eq!(play("1:111222").within_reach(), Some(2));
        assert_eq!(play("6:11111112222222").within_reach(), Some(1));
        assert_eq!(play("5:1111122222").within_reach(), None);
    }

    #[test]
    fn what_cannot_be_done_is_passed_by_the_claim_alone() {
        for steps in ["5:1111122222", "7:22222221111111"] {
            assert!(!verdict(steps).passed, "{steps}");
        }
        let verdict = verdict("5:i");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "It is impossible, as you have claimed.");
        assert!(verdict.why.starts_with("Of 252 orders of the steps the lock leaves 2. All of"));
        assert!(verdict.why.contains("none ends at 1"), "{verdict:?}");
        let verdict = self::verdict("7:i");
        assert!(verdict.passed);
        assert!(verdict.why.starts_with("Of 3,432 orders of the steps the locks leave "));
        assert!(verdict.why.contains("none is a deadlock"), "{verdict:?}");
    }

    #[test]
    fn a_false_claim_is_answered_by_an_order() {
        for level in [1, 2, 3, 4, 6, 8, 9] {
            let claim = play(&format!("{level}:i"));
            let verdict = claim.verdict().expect("a claim is answered");
            assert_eq!((verdict.passed, &*verdict.end), (false, "It can be done."));
            let lines = claim.lines();
            let (_, replay) =
                lines.last().and_then(|line| line.split_once("--replay ")).expect("it");
            assert!(self::verdict(replay).passed, "{lines:?}");
        }
    }

    #[test]
    fn locked_and_still_wrong() {
        let verdict = verdict("8:11122222221111");
        assert!(verdict.passed, "{verdict:?}");
        assert!(verdict.why.contains("1 of 2 increments is lost"), "{verdict:?}");
    }

    #[test]
    fn a_check_may_be_out_of_date() {
        let verdict = verdict("9:1212");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "The balance ended at -20.");
        assert!(
            verdict.why.starts_with(
                "Thread 1 found 100 and took 60, thread 2 found 100 and took 60. \
                 Both had checked before either took"
            ),
            "{verdict:?}"
        );
        let verdict = self::verdict("9:112");
        assert_eq!(verdict.end, "The balance ended at 40, not at -20.");
        assert!(verdict.why.contains("thread 2 found 40 and took nothing"), "{verdict:?}");
    }

    #[test]
    fn a_deadlock_is_explained() {
        let verdict = verdict("6:21");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "This is a deadlock.");
        assert_eq!(
            verdict.why,
            "Thread 1 holds A and waits for B, thread 2 holds B and waits for A. Neither will \
             ever let go: the program hangs.",
        );
    }

    #[test]
    fn a_step_is_a_sentence() {
        let last = |text| play(text).steps().next_back().map(|taken| taken.to_string());
        for (text, sentence) in [
            ("1:2", "Thread 2 loads the counter: its register is now 0."),
            ("1:22", "Thread 2 adds 1: its register is now 1."),
            ("1:222", "Thread 2 stores its register: the counter was 0 and is now 1."),
            ("5:1", "Thread 1 locks mutex A."),
            ("5:11111", "Thread 1 unlocks mutex A."),
            ("9:1", "Thread 1 finds 100: enough, so it goes on."),
            ("9:11", "Thread 1 takes 60: the balance was 100 and is now 40."),
            ("9:112", "Thread 2 finds 40: not enough, so it has finished."),
        ] {
            assert_eq!(last(text).as_deref(), Some(sentence));
        }
    }
}
