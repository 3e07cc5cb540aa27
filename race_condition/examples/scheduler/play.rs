//! A level being played: the schedule so far, what came of it, and the string that replays it.

use std::fmt::{self, Display, Formatter, Write};
use std::str::FromStr;

use crate::levels::{LEVELS, Level};
use crate::machine::{End, Mutex, Refusal, State, Step, Thread};

/// A level and the steps taken on it.
#[derive(Clone, Debug)]
pub struct Play {
    /// Its position among the levels; people count from 1.
    number: usize,
    schedule: Vec<Thread>,
    /// The state before the first step and after each.
    states: Vec<State>,
}

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

/// One run of load, add and store by one thread.
struct Increment {
    thread: Thread,
    read: u32,
    wrote: u32,
    /// Who has stored between this load and this store.
    overwrites: Option<Thread>,
}

impl Play {
    /// The beginning of a level, counted from 0.
    pub fn new(number: usize) -> Self {
        Self { number, schedule: Vec::new(), states: vec![LEVELS[number].machine.start()] }
    }

    pub fn level(&self) -> &'static Level {
        &LEVELS[self.number]
    }

    pub fn number(&self) -> usize {
        self.number
    }

    pub fn steps(&self) -> usize {
        self.schedule.len()
    }

    pub fn state(&self) -> &State {
        self.states.last().expect("the state before the first step is never removed")
    }

    /// Lets a thread take its next step, and says what it has done.
    pub fn step(&mut self, thread: Thread) -> Result<String, Refusal> {
        let before = self.state();
        let step = self.level().machine.next(before, thread)?;
        let after = self.level().machine.step(before, thread)?;
        let register = after.register(thread).unwrap_or(0);
        let (old, new) = (before.counter(), after.counter());
        let sentence = match step {
            Step::Load => format!("{thread} loads the counter: its register is now {register}."),
            Step::Add => format!("{thread} adds 1: its register is now {register}."),
            Step::Store => {
                format!("{thread} stores its register: the counter was {old} and is now {new}.")
            }
            Step::Lock(mutex) => format!("{thread} locks mutex {mutex}."),
            Step::Unlock(mutex) => format!("{thread} unlocks mutex {mutex}."),
        };
        self.schedule.push(thread);
        self.states.push(after);
        Ok(capitalised(&sentence))
    }

    /// Takes the last step back; false if there is none.
    pub fn undo(&mut self) -> bool {
        let undone = self.schedule.pop().is_some();
        if undone {
            self.states.pop();
        }
        undone
    }

    /// What came of the schedule; nothing while a thread can still take a step.
    pub fn verdict(&self) -> Option<Verdict> {
        let level = self.level();
        let end = level.machine.end(self.state())?;
        let ends = level.machine.ends(&self.states[0]);
        let schedules: u64 = ends.values().sum();
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
        let still = |state: &State| level.machine.ends(state).contains_key(&wanted);
        let on_track = if passed { None } else { self.states.iter().rposition(still) };
        let why = match end {
            End::Deadlock => self.why_stuck(),
            End::Counter(_) => self.why_this_number(),
        };
        Some(Verdict { passed, end: sentence, why, on_track })
    }

    /// Who holds what and waits for whom.
    fn why_stuck(&self) -> String {
        let machine = self.level().machine;
        let waits = machine.threads().filter_map(|thread| {
            let Err(Refusal::Waits { mutex, .. }) = machine.next(self.state(), thread) else {
                return None;
            };
            let held = |mutex: &_| self.state().holder(*mutex) == Some(thread);
            let holds: Vec<String> =
                machine.mutexes().filter(held).map(|mutex| mutex.to_string()).collect();
            let holds = holds.join(" and ");
            Some(format!("{thread} holds {holds} and waits for {mutex}"))
        });
        let waits: Vec<String> = waits.collect();
        capitalised(&format!("{}. Neither will ever let go: the program hangs.", waits.join(", ")))
    }

    /// Who read what and wrote what.
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
        let lost = match all - self.state().counter() as usize {
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
        let machine = self.level().machine;
        let mut loaded = vec![0; machine.threads().count()];
        let mut stores: Vec<(usize, Thread)> = Vec::new();
        let mut increments = Vec::new();
        for (time, (&thread, states)) in
            self.schedule.iter().zip(self.states.windows(2)).enumerate()
        {
            let [before, after] = states else { continue };
            match machine.next(before, thread) {
                Ok(Step::Load) => loaded[thread.0] = time,
                Ok(Step::Store) => {
                    let since_load = |&&(then, _): &&(usize, Thread)| then > loaded[thread.0];
                    increments.push(Increment {
                        thread,
                        read: self.states[loaded[thread.0]].counter(),
                        wrote: after.counter(),
                        overwrites: stores.iter().rfind(since_load).map(|&(_, other)| other),
                    });
                    stores.push((time, thread));
                }
                _ => {}
            }
        }
        increments
    }

    /// A row of the table.
    fn row(
        &self,
        step: &str,
        thread: impl Fn(Thread) -> String,
        counter: &str,
        mutex: impl Fn(Mutex) -> String,
    ) -> String {
        let machine = self.level().machine;
        let mut cells = vec![format!("{step:>4}")];
        cells.extend(machine.threads().map(|who| format!("{:18}", thread(who))));
        cells.push(format!("{counter:>7}"));
        cells.extend(machine.mutexes().map(|which| format!("{:8}", mutex(which))));
        cells.join("  ").trim_end().into()
    }

    /// What a thread did in a step, counted from 1; empty if the step was another thread's.
    fn did(&self, number: usize, thread: Thread) -> String {
        if self.schedule[number - 1] != thread {
            return String::new();
        }
        let register = self.states[number].register(thread).unwrap_or(0);
        match self.level().machine.next(&self.states[number - 1], thread) {
            Ok(Step::Load) => format!("load   reg = {register}"),
            Ok(Step::Add) => format!("add    reg = {register}"),
            Ok(Step::Store) => format!("store  counter = {register}"),
            Ok(step) => step.to_string(),
            Err(refusal) => refusal.to_string(),
        }
    }

    /// The schedule as a table, and what came of it, in plain lines.
    pub fn lines(&self) -> Vec<String> {
        let Level { goal, about, .. } = self.level();
        let mut lines = vec![format!("Level {}: {goal}", self.number + 1), (*about).into()];
        lines.push(String::new());

        let name = |thread: Thread| capitalised(&thread.to_string());
        lines.push(self.row("step", name, "counter", |mutex| format!("mutex {mutex}")));
        for (number, state) in self.states.iter().enumerate() {
            let did = |thread| if number == 0 { String::new() } else { self.did(number, thread) };
            let holder = |mutex| {
                state.holder(mutex).map_or("free".into(), |holder: Thread| holder.to_string())
            };
            let step = if number == 0 { String::new() } else { number.to_string() };
            lines.push(self.row(&step, did, &state.counter().to_string(), holder));
        }

        lines.push(String::new());
        let Some(verdict) = self.verdict() else {
            lines.push("The schedule ends before the threads do: steps are left to take.".into());
            return lines;
        };
        let passed = if verdict.passed { "Passed" } else { "Not passed" };
        lines.extend(wrapped(&format!("{passed}. {}", verdict.end)));
        lines.extend(wrapped(&verdict.why));
        if let Some(steps) = verdict.on_track {
            lines.push(format!("Up to step {steps} the goal could still be reached."));
        }
        lines
    }
}

/// The string that replays it: `1:121212`.
impl Display for Play {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.number + 1)?;
        self.schedule.iter().try_for_each(|thread| write!(f, "{}", thread.0 + 1))
    }
}

impl FromStr for Play {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((level, steps)) = text.split_once(':') else {
            return Err("there is no colon between the level and the steps, as in 1:121212".into());
        };
        let number = level_number(level)?;
        let mut play = Self::new(number - 1);
        if steps.is_empty() {
            return Err("there are no steps after the colon, as in 1:121212".into());
        }
        let threads = play.level().machine.threads().count();
        for (position, key) in steps.chars().enumerate() {
            let named = key.to_digit(10).map(|digit| digit as usize);
            let Some(thread) = named.filter(|named| (1..=threads).contains(named)) else {
                return Err(format!(
                    "step {} is '{}', and the threads of level {number} are 1 to {threads}",
                    position + 1,
                    key.escape_debug(),
                ));
            };
            play.step(Thread(thread - 1))
                .map_err(|refusal| format!("step {} cannot be taken: {refusal}", position + 1))?;
        }
        Ok(play)
    }
}

/// Reads the number of a level, from 1.
pub fn level_number(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (1..=LEVELS.len()).contains(number));
    number.ok_or_else(|| format!("the levels are 1 to {}", LEVELS.len()))
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

/// A text in lines of 80 columns at most.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.len() + 1 + word.len() > 80 {
            lines.push(word.into());
        } else {
            let space = if line.is_empty() { "" } else { " " };
            // Writing to a string cannot fail.
            let _ = write!(line, "{space}{word}");
        }
    }
    lines
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
    fn a_string_replays_what_was_played() {
        for text in ["1:121212", "3:12", "4:123", "6:12", "7:1111111"] {
            assert_eq!(play(text).to_string(), text);
        }
    }

    #[test]
    fn a_bad_string_is_told_what_is_wrong_with_it() {
        for (text, error) in [
            ("", "there is no colon between the level and the steps, as in 1:121212"),
            ("121212", "there is no colon between the level and the steps, as in 1:121212"),
            ("1:", "there are no steps after the colon, as in 1:121212"),
            ("0:12", "the levels are 1 to 7"),
            ("8:12", "the levels are 1 to 7"),
            (":12", "the levels are 1 to 7"),
            ("one:12", "the levels are 1 to 7"),
            ("1:123", "step 3 is '3', and the threads of level 1 are 1 to 2"),
            ("4:120", "step 3 is '0', and the threads of level 4 are 1 to 3"),
            ("1:12 12", "step 3 is ' ', and the threads of level 1 are 1 to 2"),
            ("1:1\u{1b}", "step 2 is '\\u{1b}', and the threads of level 1 are 1 to 2"),
            ("1:1:2", "step 2 is ':', and the threads of level 1 are 1 to 2"),
            ("1:1111", "step 4 cannot be taken: thread 1 has finished and has no step left"),
            ("5:12", "step 2 cannot be taken: thread 2 must wait, because thread 1 holds mutex A"),
        ] {
            assert_eq!(text.parse::<Play>().map(|play| play.to_string()), Err(error.into()));
        }
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
    fn undo_goes_back_to_the_beginning() {
        let mut play = play("1:1212");
        while play.undo() {}
        assert_eq!(play.to_string(), "1:");
        assert_eq!(play.state(), Play::new(0).state());
        assert_eq!(
            play.step(Thread(1)).as_deref(),
            Ok("Thread 2 loads the counter: its register is now 0.",)
        );
    }

    #[test]
    fn the_lines_fit_into_80_columns() {
        for text in ["3:122211211122", "4:123123123", "5:1111122222", "6:12", "7:1"] {
            for line in play(text).lines() {
                assert!(line.chars().count() <= 80, "{line:?}");
            }
        }
    }
}
