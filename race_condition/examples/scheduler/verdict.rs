//! What came of a schedule, and why, in sentences.

use std::fmt::{self, Display, Formatter};

use crate::machine::{End, Refusal, State, Step, Thread};
use crate::play::{Play, Taken};

/// What came of a schedule after which no thread can take a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub passed: bool,
    /// How it ended, in a sentence.
    pub end: String,
    /// Why, in a few sentences.
    pub why: String,
    /// If the goal was missed: how many of the steps still led to it.
    pub on_track: Option<usize>,
}

/// One load, addition and store by one thread.
struct Increment {
    thread: Thread,
    read: u64,
    wrote: u64,
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
        }
    }
}

impl Play {
    /// What came of the schedule; nothing while a thread can still take a step.
    pub fn verdict(&self) -> Option<Verdict> {
        let level = self.level();
        let end = level.machine.end(self.state())?;
        let ends = level.ends(&self.states()[0]);
        let schedules: u128 = ends.values().sum();
        let wanted = level.wanted;
        if !ends.contains_key(&wanted) {
            let (ended, never) = match wanted {
                End::Counter(number) => (end.to_string(), format!("none ends at {number}")),
                End::Deadlock => ("all threads finished".into(), "none is a deadlock".into()),
            };
            return Some(Verdict {
                passed: true,
                end: format!("It cannot be done: {ended}."),
                why: format!(
                    "There are {schedules} schedules; all of them have been tried, and {never}. {}",
                    level.why_not,
                ),
                on_track: None,
            });
        }
        let passed = end == wanted;
        let sentence = match (end, wanted) {
            (End::Counter(_), End::Deadlock) => "All threads finished: this is no deadlock.".into(),
            (End::Counter(is), End::Counter(goal)) if !passed => {
                format!("The counter ended at {is}, not at {goal}.")
            }
            _ => capitalised(&format!("{end}.")),
        };
        let still = |state: &State| level.ends(state).contains_key(&wanted);
        let on_track = if passed { None } else { self.states().iter().rposition(still) };
        let why = match end {
            End::Deadlock => self.why_stuck(),
            End::Counter(_) => self.why_this_number(),
        };
        Some(Verdict { passed, end: sentence, why, on_track })
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
        let lost = match all as u64 - self.state().counter() {
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

impl Display for End {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Counter(number) => write!(f, "the counter ended at {number}"),
            Self::Deadlock => f.write_str("this is a deadlock"),
        }
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
        assert_eq!(verdict.on_track, Some(2));
        assert_eq!(self::verdict("6:11111112222222").on_track, Some(1));
    }

    #[test]
    fn what_cannot_be_done_is_passed_by_finishing() {
        let verdict = verdict("5:1111122222");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "It cannot be done: the counter ended at 2.");
        assert!(verdict.why.contains("2 schedules"), "{verdict:?}");
        assert!(verdict.why.contains("none ends at 1"), "{verdict:?}");
        let verdict = self::verdict("7:22222221111111");
        assert!(verdict.passed);
        assert_eq!(verdict.end, "It cannot be done: all threads finished.");
        assert!(verdict.why.contains("none is a deadlock"), "{verdict:?}");
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
        ] {
            assert_eq!(last(text).as_deref(), Some(sentence));
        }
    }
}
