//! The levels of the game on the phones: each plays alone, or the class steers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;
use std::time::{Duration, Instant};

use every_interleaving::{End, LEVELS, Level, State, Step, Thread};
use serde_derive::Serialize;

use crate::class::Phone;
use crate::view::SceneView;

/// How long votes for a step are collected, from the first one.
const COLLECTED: Duration = Duration::from_secs(3);

const WIDTH: usize = 26; // of a thread's column on the projector

/// A level as data for a page that goes on without a server: every state that can be reached, and
/// where each step leads. So a page needs no machine of its own, and can try all orders.
#[derive(Serialize)]
pub(crate) struct Graph {
    number: usize,
    levels: usize,
    goal: &'static str,
    about: &'static str,
    shared: &'static str,
    /// The lines of each thread's code.
    code: Vec<Vec<String>>,
    /// The first one is the beginning.
    states: Vec<Node>,
}

#[derive(Serialize)]
struct Node {
    shared: i64,
    /// For each thread the line that comes next, from 0.
    lines: Vec<usize>,
    registers: Vec<Option<i64>>,
    /// For each thread the state after its next step, or why it cannot take one.
    next: Vec<Next>,
    /// How it ended, if no thread can take a step.
    end: Option<String>,
    is_goal: bool,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Next {
    State(usize),
    Refusal(String),
}

impl Graph {
    /// The graph of a level, counted from 0.
    pub(crate) fn of(number: usize) -> Option<Self> {
        let level = LEVELS.get(number)?;
        let machine = &level.machine;
        let lines = |thread| -> Vec<String> {
            let code = machine.code(thread);
            let words =
                |step: Step| step.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            (0..).map_while(|line| code.step(line).map(words)).collect()
        };
        let mut found = vec![machine.start()];
        let mut numbers = HashMap::from([(machine.start(), 0)]);
        let mut states = Vec::new();
        while let Some(state) = found.get(states.len()).cloned() {
            let next = machine.threads().map(|thread| {
                let mut after = state.clone();
                if let Err(refusal) = machine.step(&mut after, thread) {
                    return Next::Refusal(refusal.to_string());
                }
                Next::State(*numbers.entry(after.clone()).or_insert_with(|| {
                    found.push(after);
                    found.len() - 1
                }))
            });
            let next = next.collect();
            states.push(Node::of(level, &state, next));
        }
        Some(Self {
            number: number + 1,
            levels: LEVELS.len(),
            goal: level.goal,
            about: level.about,
            shared: level.shared,
            code: machine.threads().map(lines).collect(),
            states,
        })
    }
}

impl Node {
    fn of(level: &Level, state: &State, next: Vec<Next>) -> Self {
        let end = level.machine.end(state);
        let said = end.map(|end| match end {
            End::Counter(number) => format!("The {} ended at {number}.", level.shared),
            End::Deadlock => "This is a deadlock.".into(),
        });
        Self {
            shared: state.counter(),
            lines: level.machine.threads().map(|thread| state.line(thread)).collect(),
            registers: level.machine.threads().map(|thread| state.register(thread)).collect(),
            next,
            end: said,
            is_goal: end == Some(level.wanted),
        }
    }
}

/// The threads that these digits name, from 1.
fn threads(order: &str) -> Option<Vec<Thread>> {
    order
        .chars()
        .map(|digit| Some(Thread((digit.to_digit(10)? as usize).checked_sub(1)?)))
        .collect()
}

/// Whether an order, as the numbers of its threads, reaches the goal of a level.
fn reaches_goal(level: &Level, order: &str) -> bool {
    let machine = &level.machine;
    let steps: usize = machine.threads().map(|thread| machine.code(thread).length()).sum();
    let Some(order) = threads(order).filter(|order| order.len() <= steps) else { return false };
    let mut state = machine.start();
    let can_be_run = order.into_iter().all(|thread| {
        machine.threads().any(|it| it == thread) && machine.step(&mut state, thread).is_ok()
    });
    can_be_run && machine.end(&state) == Some(level.wanted)
}

/// A level that each phone plays alone.
pub struct Alone {
    level: usize,
    found: BTreeMap<Phone, String>,
    claims: BTreeSet<Phone>,
    is_open: bool,
}

impl Alone {
    pub(crate) fn new(level: usize) -> Self {
        Self { level, found: BTreeMap::new(), claims: BTreeSet::new(), is_open: true }
    }

    pub(crate) fn found(&mut self, phone: Phone, order: &str) {
        let level = LEVELS.get(self.level);
        if self.is_open && level.is_some_and(|level| reaches_goal(level, order)) {
            self.found.entry(phone).or_insert_with(|| order.into());
        }
    }

    pub(crate) fn claim(&mut self, phone: Phone) {
        if self.is_open {
            self.claims.insert(phone);
        }
    }

    pub(crate) fn close(&mut self) {
        self.is_open = false;
    }

    pub(crate) fn forget(&mut self, phone: Phone) {
        self.found.remove(&phone);
        self.claims.remove(&phone);
    }

    /// How many phones have reached the goal.
    pub fn successes(&self) -> usize {
        self.found.len()
    }

    /// How many claim that it cannot be done.
    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    /// The different orders that reach the goal, those first that most have found, each with how many.
    pub fn orders(&self) -> Vec<(&str, usize)> {
        let mut found: BTreeMap<&str, usize> = BTreeMap::new();
        for order in self.found.values() {
            *found.entry(order).or_default() += 1;
        }
        let mut orders: Vec<_> = found.into_iter().collect();
        orders.sort_by_key(|(_, phones)| std::cmp::Reverse(*phones));
        orders
    }

    pub(crate) fn view(&self, phone: Phone) -> SceneView<'_> {
        SceneView::Alone {
            level: self.level,
            is_open: self.is_open,
            has_found: self.found.contains_key(&phone),
            has_claimed: self.claims.contains(&phone),
        }
    }
}

/// A level in which the majority of the class takes each step.
pub struct Steering {
    level: usize,
    state: Option<State>,
    order: String,
    votes: BTreeMap<Phone, usize>,
    until: Option<Instant>,
    claims: BTreeSet<Phone>,
    is_open: bool,
}

impl Steering {
    pub(crate) fn new(level: usize) -> Self {
        Self {
            level,
            state: LEVELS.get(level).map(|level| level.machine.start()),
            order: String::new(),
            votes: BTreeMap::new(),
            until: None,
            claims: BTreeSet::new(),
            is_open: true,
        }
    }

    /// A vote for the thread with this number, from 1, if it can take a step.
    pub(crate) fn vote(&mut self, phone: Phone, thread: usize, now: Instant) {
        let can_step = self.is_open && thread > 0 && self.can_step(Thread(thread - 1));
        if can_step {
            self.votes.insert(phone, thread);
            self.until.get_or_insert(now + COLLECTED);
        }
    }

    fn can_step(&self, thread: Thread) -> bool {
        let (Some(level), Some(state)) = (LEVELS.get(self.level), &self.state) else {
            return false;
        };
        level.machine.threads().any(|it| it == thread) && level.machine.next(state, thread).is_ok()
    }

    /// Takes the step that most are for, when it is time; of equals that of the lower thread.
    pub(crate) fn advance(&mut self, now: Instant) {
        if self.until.is_none_or(|until| now < until) {
            return;
        }
        self.until = None;
        let votes = self.votes();
        self.votes.clear();
        let most = votes.iter().max_by_key(|(thread, votes)| (**votes, usize::MAX - **thread));
        let (Some((thread, _)), Some(level), Some(state)) =
            (most, LEVELS.get(self.level), &mut self.state)
        else {
            return;
        };
        if level.machine.step(state, Thread(thread - 1)).is_ok() {
            let _ = write!(self.order, "{thread}");
        }
    }

    pub(crate) fn claim(&mut self, phone: Phone) {
        if self.is_open {
            self.claims.insert(phone);
        }
    }

    pub(crate) fn close(&mut self) {
        self.is_open = false;
        self.until = None;
    }

    pub(crate) fn forget(&mut self, phone: Phone) {
        self.votes.remove(&phone);
        self.claims.remove(&phone);
    }

    /// The votes for the next step, by the numbers of the threads, from 1.
    pub fn votes(&self) -> BTreeMap<usize, usize> {
        let mut votes = BTreeMap::new();
        for thread in self.votes.values() {
            *votes.entry(*thread).or_default() += 1;
        }
        votes
    }

    /// How many claim that it cannot be done.
    pub fn claims(&self) -> usize {
        self.claims.len()
    }

    /// The steps so far, as the numbers of the threads.
    pub fn order(&self) -> &str {
        &self.order
    }

    /// Whether the goal is reached; nothing while a thread can take a step.
    pub fn is_won(&self) -> Option<bool> {
        let (level, state) = (LEVELS.get(self.level)?, self.state.as_ref()?);
        level.machine.end(state).map(|end| end == level.wanted)
    }

    /// The board for the projector: the code of each thread, where it is, and the shared number.
    pub fn board(&self) -> String {
        let (Some(level), Some(state)) = (LEVELS.get(self.level), &self.state) else {
            return String::new();
        };
        let machine = &level.machine;
        let mut board = format!("{}\n{}\n\n", level.goal, level.about);
        let row = |cell: &dyn Fn(Thread) -> String| -> String {
            let cells = machine.threads().map(|thread| format!("{:WIDTH$}", cell(thread)));
            format!("{}\n", cells.collect::<String>().trim_end())
        };
        board += &row(&|thread| format!("  {thread}"));
        let longest = machine.threads().map(|thread| machine.code(thread).length()).max();
        for line in 0..longest.unwrap_or(0) {
            board += &row(&|thread| {
                let is_next = state.line(thread) == line;
                let step = machine.code(thread).step(line);
                step.map_or(String::new(), |step| {
                    format!("{} {step}", if is_next { ">" } else { " " })
                })
            });
        }
        board += &row(&|thread| {
            state.register(thread).map_or(String::new(), |register| format!("  reg = {register}"))
        });
        let _ = writeln!(board, "\n{} = {}", level.shared, state.counter());
        board
    }

    pub(crate) fn view(&self, phone: Phone) -> SceneView<'_> {
        SceneView::Steer {
            level: self.level,
            is_open: self.is_open,
            order: self.order.clone(),
            own: self.votes.get(&phone).copied(),
            has_claimed: self.claims.contains(&phone),
        }
    }
}
