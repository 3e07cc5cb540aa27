//! The machine: threads that take one step at a time, what they share, mutexes, sleep.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// A line of a thread's code: one step. No other thread does anything during it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Reads the counter into the thread's register.
    Load,
    /// Adds 1 to the register.
    Add,
    /// Writes the register into the counter.
    Store,
    /// Writes the register and 1 more into the counter: an addition that is no step of its own.
    StoreSum,
    /// Takes a mutex; a thread waits here while another holds it.
    Lock(Mutex),
    /// Gives a mutex back.
    Unlock(Mutex),
    /// Goes on if the counter is at least so much; otherwise the thread has finished.
    Check(i64),
    /// Takes so much off the counter, without a place for another thread in between.
    Take(i64),
    /// Adds so much to the second number, without a place for another thread in between.
    Put(i64),
    /// Adds the second number to the register.
    AddSecond,
    /// Goes on if the counter is 0; otherwise the thread has finished.
    CheckZero,
    /// Writes 1 into the counter.
    Set,
    /// Goes to sleep, until another thread wakes it.
    Sleep,
    /// Wakes the threads that sleep now; those that go to sleep later know nothing of it.
    Wake,
}

/// A mutex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutex {
    /// The first one.
    A,
    /// The other one.
    B,
}

/// A thread, by its position; people count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thread(pub usize);

/// The code of a thread: its steps, so many times over.
///
/// Each repetition loads before it stores, and unlocks what it has locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The steps of one repetition.
    pub body: &'static [Step],
    /// How many repetitions there are.
    pub times: usize,
}

impl Code {
    /// How many steps it has, all repetitions together.
    pub fn length(self) -> usize {
        self.body.len().saturating_mul(self.times)
    }

    /// The step with this number, from 0; nothing past the last one.
    pub fn step(self, number: usize) -> Option<Step> {
        (number < self.length()).then(|| self.body[number % self.body.len()])
    }

    /// Whether the thread only adds up the two numbers, so that its register is what came out.
    pub(crate) fn is_reader(self) -> bool {
        self.body.last() == Some(&Step::AddSecond)
    }

    /// Whether a thread holds this mutex when the step with this number is its next one.
    fn holds(self, number: usize, mutex: Mutex) -> bool {
        let (lock, unlock) = (Step::Lock(mutex), Step::Unlock(mutex));
        let taken = &self.body[..number % self.body.len()];
        taken.iter().rfind(|step| [lock, unlock].contains(step)) == Some(&lock)
    }
}

/// What the threads do: the code of each of them, and what the counter is before they begin.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(crate) code: Cow<'static, [Code]>,
    counter: i64,
}

/// A moment in a run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    counter: i64,
    second: i64,
    pub(crate) threads: Vec<Progress>,
}

/// How far a thread has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Progress {
    /// The number of its next step.
    pub next: usize,
    /// What it has loaded.
    pub register: Option<i64>,
    /// Whether it sleeps.
    pub asleep: bool,
}

/// Why a thread cannot take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no step left.
    Finished(Thread),
    /// The mutex that it wants is held by another.
    Waits {
        /// The thread that waits.
        thread: Thread,
        /// What it waits for.
        mutex: Mutex,
        /// The other thread.
        holder: Thread,
    },
    /// It sleeps.
    Sleeps(Thread),
}

/// How a schedule ends, when no thread can take a step any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// All threads have finished, and this is what the counter holds.
    Counter(i64),
    /// All threads have finished, and this is what a reader has added up.
    Total(i64),
    /// At least one thread has not finished, and waits for a mutex for ever.
    Deadlock,
    /// At least one thread sleeps, and none is left that could wake it.
    Asleep,
}

impl State {
    /// What the counter holds.
    pub fn counter(&self) -> i64 {
        self.counter
    }

    /// The second number that the threads share.
    pub fn second(&self) -> i64 {
        self.second
    }

    /// Whether a thread sleeps.
    pub fn is_asleep(&self, thread: Thread) -> bool {
        self.threads[thread.0].asleep
    }

    /// A thread that sleeps, if there is one.
    pub fn sleeper(&self) -> Option<Thread> {
        (0..self.threads.len()).map(Thread).find(|thread| self.is_asleep(*thread))
    }

    /// What a thread has in its register; nothing before its first load.
    pub fn register(&self, thread: Thread) -> Option<i64> {
        self.threads[thread.0].register
    }

    /// The number of the step that comes next, from 0; past the last one if it has finished.
    pub fn line(&self, thread: Thread) -> usize {
        self.threads[thread.0].next
    }
}

impl Machine {
    /// Threads with this code, and 0 in the counter.
    pub const fn new(code: &'static [Code]) -> Self {
        Self::starting_at(0, code)
    }

    /// Threads with this code, and this in the counter before the first step.
    pub const fn starting_at(counter: i64, code: &'static [Code]) -> Self {
        Self { code: Cow::Borrowed(code), counter }
    }

    /// So many threads with the same code, and 0 in the counter.
    pub fn of_equals(threads: usize, code: Code) -> Self {
        Self { code: vec![code; threads].into(), counter: 0 }
    }

    /// The threads in their order.
    pub fn threads(&self) -> impl DoubleEndedIterator<Item = Thread> + use<> {
        (0..self.code.len()).map(Thread)
    }

    /// What a thread does.
    pub fn code(&self, thread: Thread) -> Code {
        self.code[thread.0]
    }

    /// The mutexes that the code uses.
    pub fn mutexes(&self) -> impl Iterator<Item = Mutex> {
        let locks = |code: &Code, mutex| code.body.contains(&Step::Lock(mutex));
        let used = move |mutex: &Mutex| self.code.iter().any(|code| locks(code, *mutex));
        [Mutex::A, Mutex::B].into_iter().filter(used)
    }

    /// The state before the first step.
    pub fn start(&self) -> State {
        let threads = vec![Progress::default(); self.code.len()];
        State { counter: self.counter, second: 0, threads }
    }

    /// The thread that holds a mutex. How far the threads have come says which one it is.
    pub fn holder(&self, state: &State, mutex: Mutex) -> Option<Thread> {
        self.threads().find(|thread| self.code(*thread).holds(state.line(*thread), mutex))
    }

    /// The step that a thread would take next.
    pub fn next(&self, state: &State, thread: Thread) -> Result<Step, Refusal> {
        if state.is_asleep(thread) {
            return Err(Refusal::Sleeps(thread));
        }
        let step = self.code(thread).step(state.line(thread));
        match step.ok_or(Refusal::Finished(thread))? {
            Step::Lock(mutex) => match self.holder(state, mutex) {
                Some(holder) => Err(Refusal::Waits { thread, mutex, holder }),
                None => Ok(Step::Lock(mutex)),
            },
            step => Ok(step),
        }
    }

    /// Lets a thread take its next step, and returns which it was.
    pub fn step(&self, state: &mut State, thread: Thread) -> Result<Step, Refusal> {
        let step = self.next(state, thread)?;
        let progress = &mut state.threads[thread.0];
        let loaded = |register: Option<i64>| register.expect("the code loads before it stores");
        progress.next += 1;
        match step {
            Step::Load => progress.register = Some(state.counter),
            Step::Add => progress.register = Some(loaded(progress.register) + 1),
            Step::Store => state.counter = loaded(progress.register),
            Step::StoreSum => state.counter = loaded(progress.register) + 1,
            Step::AddSecond => progress.register = Some(loaded(progress.register) + state.second),
            Step::Check(amount) if state.counter < amount => {
                progress.next = self.code(thread).length();
            }
            Step::CheckZero if state.counter != 0 => progress.next = self.code(thread).length(),
            // For the mutexes see `holder`.
            Step::Check(_) | Step::CheckZero | Step::Lock(_) | Step::Unlock(_) => {}
            Step::Take(amount) => state.counter -= amount,
            Step::Put(amount) => state.second += amount,
            Step::Set => state.counter = 1,
            Step::Sleep => progress.asleep = true,
            Step::Wake => state.threads.iter_mut().for_each(|thread| thread.asleep = false),
        }
        Ok(step)
    }

    /// How the run ended, if no thread can take a step.
    pub fn end(&self, state: &State) -> Option<End> {
        let reader = self.threads().find(|thread| self.code(*thread).is_reader());
        let total = reader.and_then(|reader| state.register(reader));
        let mut end = total.map_or(End::Counter(state.counter), End::Total);
        for thread in self.threads() {
            match self.next(state, thread) {
                Ok(_) => return None,
                Err(Refusal::Finished(_)) => {}
                Err(Refusal::Waits { .. }) => end = End::Deadlock,
                Err(Refusal::Sleeps(_)) => end = End::Asleep,
            }
        }
        Some(end)
    }
}

impl Display for Mutex {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
        })
    }
}

impl Display for Thread {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}", self.0 + 1)
    }
}

impl Step {
    /// The step as a line of code, with the names of the two numbers that the threads share.
    pub fn line(self, [first, second]: [&str; 2]) -> String {
        match self {
            Self::Load => format!("load   reg = {first}"),
            Self::Add => "add    reg = reg + 1".into(),
            Self::AddSecond => format!("add    reg = reg + {second}"),
            Self::Store => format!("store  {first} = reg"),
            Self::StoreSum => format!("store  {first} = reg + 1"),
            Self::Lock(mutex) => format!("lock   {mutex}"),
            Self::Unlock(mutex) => format!("unlock {mutex}"),
            Self::Check(amount) => format!("check  {first} >= {amount}"),
            Self::CheckZero => format!("check  {first} == 0"),
            Self::Take(amount) => format!("take   {first} -= {amount}"),
            Self::Put(amount) => format!("put    {second} += {amount}"),
            Self::Set => format!("set    {first} = 1"),
            Self::Sleep => "sleep  until woken".into(),
            Self::Wake => "wake   who sleeps".into(),
        }
    }
}

impl Display for Refusal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finished(thread) => write!(f, "{thread} has finished and has no step left"),
            Self::Waits { thread, mutex, holder } => {
                write!(f, "{thread} must wait, because {holder} holds mutex {mutex}")
            }
            Self::Sleeps(thread) => write!(f, "{thread} sleeps until another thread wakes it"),
        }
    }
}
