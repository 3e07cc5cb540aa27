//! `every_interleaving`: every order in which threads can increment one counter, and what it is then.
//!
//! - **Run** `cargo run -p race_condition --example every_interleaving`
//! - **See** all 20 orders of two threads with one increment each; 18 of them lose an update.
//! - **Why** `counter += 1` is a load, an addition and a store, and a switch may fall between any
//!   two of them. You can run the program thousands of times and never see the wrong order; here
//!   nothing is left to chance, as the steps of the threads are put in every order there is.
//! - **Try** `-- --threads 3 --increments 2 --steps load-store`: predict how many are right.
//! - **Next** `cures`, which measures what it costs to leave no wrong order.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use classroom::lesson::{options, say, thousands};

const THREADS: &str = "2";
const INCREMENTS: &str = "1"; // by each thread
const COLUMNS: usize = 80; // of the terminal
const CELL: usize = 8; // columns for a step
const GAP: usize = 2; // columns between two schedules
const MOST_LISTED: u128 = 100; // schedules; of more, only the results are shown
const LONGEST_LISTED: usize = 12; // steps
const MOST_STEPS: usize = 2_000_000; // to count with, in a few seconds
const MOST_REPLAYED: usize = 1_000_000; // increments of all threads together

/// What a thread has just done, with the value that it had to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Load(u64),
    Add(u64),
    Store(u64),
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load(value) => write!(f, "load {value}"),
            Self::Add(value) => write!(f, "{value}+1={}", value + 1),
            Self::Store(value) => write!(f, "store {value}"),
        }
    }
}

/// How far a thread has come, in steps, and what it holds in its register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Thread {
    steps: usize,
    register: u64,
}

/// All that decides how a run goes on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    threads: Vec<Thread>,
    counter: u64,
}

/// So many threads that increment so often, with or without a step of its own for the addition.
#[derive(Clone, Copy, Debug)]
struct Case {
    threads: usize,
    increments: usize,
    addition: bool,
}

/// A schedule: whose turn it was and what happened, step by step, and the counter after it.
struct Run {
    steps: Vec<(usize, Step)>,
    counter: u64,
}

/// Why a case is not counted.
type TooLarge = &'static str;

impl Case {
    /// The steps of an increment.
    fn steps(self) -> usize {
        if self.addition { 3 } else { 2 }
    }

    /// The steps of a thread.
    fn length(self) -> usize {
        self.increments.saturating_mul(self.steps())
    }

    /// The steps of all threads.
    fn total_length(self) -> usize {
        self.length().saturating_mul(self.threads)
    }

    /// What the counter should be in the end.
    fn expected(self) -> u64 {
        self.threads as u64 * self.increments as u64
    }

    fn start(self) -> State {
        State { threads: vec![Thread::default(); self.threads], counter: 0 }
    }

    /// Lets a thread take its next step; nothing happens when it has none left.
    fn step(self, state: &mut State, thread: usize) -> Option<Step> {
        let Thread { steps, register } = &mut state.threads[thread];
        if *steps == self.length() {
            return None;
        }
        let position = *steps % self.steps();
        *steps += 1;
        Some(if position == 0 {
            *register = state.counter;
            Step::Load(*register)
        } else if position + 1 < self.steps() {
            *register += 1;
            Step::Add(*register - 1)
        } else {
            // The register is not needed again: states that differ in nothing else are the same.
            let sum = std::mem::take(register) + u64::from(!self.addition);
            state.counter = sum;
            Step::Store(sum)
        })
    }

    /// How many schedules there are: (all steps)! / (steps of a thread)! for each thread.
    fn schedules(self) -> Result<u128, TooLarge> {
        let length = self.length() as u128;
        let factors = (1..self.threads as u128)
            .flat_map(|others| (1..=length).map(move |step| (others * length + step, step)));
        let product = { factors }.try_fold(1_u128, |schedules, (factor, divisor)| {
            // Divided first, so that it overflows only if there are too many schedules indeed.
            let common = greatest_common_divisor(schedules, divisor);
            (schedules / common).checked_mul(factor / (divisor / common))
        });
        product.ok_or("there are more schedules than 128 bits can count")
    }

    /// How many schedules end at which value of the counter.
    ///
    /// To list the schedules would take years. Many of them meet in the same state, from where on
    /// they do the same: so it is enough to count, step by step, how many lead to each state.
    fn results(self) -> Result<BTreeMap<u64, u128>, TooLarge> {
        self.schedules()?; // from here on no count can overflow
        let mut ways = HashMap::from([(self.start(), 1)]);
        let mut steps = 0;
        for _ in 0..self.total_length() {
            let mut next = HashMap::new();
            for (state, count) in ways {
                for thread in 0..self.threads {
                    let mut after = state.clone();
                    if self.step(&mut after, thread).is_some() {
                        steps += 1;
                        // All threads do the same, so it does not matter which of them is where.
                        after.threads.sort_unstable();
                        *next.entry(after).or_insert(0) += count;
                    }
                }
                if steps > MOST_STEPS {
                    return Err("to count them would take too long");
                }
            }
            ways = next;
        }
        let mut results = BTreeMap::new();
        for (state, count) in ways {
            *results.entry(state.counter).or_insert(0) += count;
        }
        Ok(results)
    }

    /// All schedules, one by one.
    fn list(self) -> Vec<Run> {
        fn go_on(case: Case, state: &State, steps: &mut Vec<(usize, Step)>, runs: &mut Vec<Run>) {
            if steps.len() == case.total_length() {
                runs.push(Run { steps: steps.clone(), counter: state.counter });
            }
            for thread in 0..case.threads {
                let mut after = state.clone();
                if let Some(step) = case.step(&mut after, thread) {
                    steps.push((thread, step));
                    go_on(case, &after, steps, runs);
                    steps.pop();
                }
            }
        }
        let mut runs = Vec::new();
        go_on(self, &self.start(), &mut Vec::new(), &mut runs);
        runs
    }

    /// An order that ends as low as any: whose turn it is, and for how many steps.
    fn lowest(self) -> Vec<(Range<usize>, usize)> {
        let (a, b, others) = (0..1, 1..2, 2..self.threads);
        let one_step_each = |thread: &Range<usize>| vec![(thread.clone(), 1); self.steps() - 1];
        let all_but_one = self.length() - self.steps();
        if self.threads == 1 {
            return vec![(a, self.length())];
        }
        // While A holds the 0 that it has read, the others work in vain.
        let mut turns = vec![(a.clone(), 1)];
        if self.threads > 2 {
            turns.push((others, self.length()));
        }
        if self.increments == 1 {
            turns.push((b, self.length()));
            turns.extend(one_step_each(&a));
            return turns;
        }
        turns.push((b.clone(), all_but_one));
        turns.extend(one_step_each(&a));
        // And now A works in vain, while B holds the 1 that A has written.
        turns.push((b.clone(), 1));
        turns.push((a, all_but_one));
        turns.extend(one_step_each(&b));
        turns
    }
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (threads, increments) = (self.threads as u128, self.increments as u128);
        let each = if self.threads == 1 { "" } else { " each" };
        write!(f, "{}, {}{each}", plural(threads, "thread"), plural(increments, "increment"))
    }
}

/// Prints the schedules side by side, with a column for each thread, time going down.
fn show_schedules(case: Case, runs: &[Run]) {
    let runs: Vec<Vec<String>> = runs.iter().zip(1..).map(|(run, n)| block(case, run, n)).collect();
    let width = runs.iter().flatten().map(String::len).max().unwrap_or(0).max(case.threads * CELL);
    for side_by_side in runs.chunks((COLUMNS + GAP) / (width + GAP)) {
        for line in 0..side_by_side[0].len() {
            let cells = side_by_side.iter().map(|run| format!("{:width$}", run[line]));
            say!("{}", cells.collect::<Vec<_>>().join(&" ".repeat(GAP)).trim_end());
        }
        say!("");
    }
}

/// The lines of a schedule.
fn block(case: Case, run: &Run, number: usize) -> Vec<String> {
    let names: Vec<_> =
        ('A'..='Z').take(case.threads).map(|name| format!("{name:CELL$}")).collect();
    let verdict = if run.counter == case.expected() { "right" } else { "WRONG" };
    let mut lines = vec![names.concat().trim_end().into()];
    lines.extend(run.steps.iter().map(|(thread, step)| format!("{:1$}{step}", "", thread * CELL)));
    lines.push(format!("#{number} gives {}: {verdict}", run.counter));
    lines
}

/// Prints how many schedules end at which value.
fn show_results(case: Case, results: &BTreeMap<u64, u128>) {
    let all = results.values().sum();
    let most = results.values().copied().max().unwrap_or(1);
    let width = thousands(most).len().max("schedules".len());
    let longest = COLUMNS.saturating_sub(width + 34); // a bar, in what the numbers leave
    say!("ends at   {:>width$}     share\n", "schedules");
    for (&result, &count) in results {
        let share = match portion(count, all, 1_000) {
            0 => "< 0.1 %".into(),
            share => format!("{}.{} %", share / 10, share % 10),
        };
        let verdict = if result == case.expected() { "right" } else { "wrong" };
        let bar = "#".repeat(portion(count, most, longest));
        let (result, count) = (thousands(result), thousands(count));
        let line = format!("{result:>7}   {count:>width$}   {share:>7}   {verdict}   {bar}");
        say!("{}", line.trim_end());
    }
}

/// How many of so many parts `count` is of `all`, to the nearest.
fn portion(count: u128, all: u128, parts: usize) -> usize {
    // Without the lowest digits of very large numbers, so that the product does not overflow.
    let shift = 64_u32.saturating_sub(all.leading_zeros());
    let (count, all) = (count >> shift, all >> shift);
    let portion = (count * parts as u128 + all / 2) / all;
    portion.try_into().expect("a count is no more than all")
}

/// Prints an order that ends as low as any, and why none ends lower.
fn show_lowest(case: Case) {
    let columns = |[a, b, others]: [&str; 3], counter: &str| {
        say!("{}", format!("  {a:20}{b:20}{others:26}{counter:>9}").trim_end());
    };
    let others = ["thread C", "the others"][usize::from(case.threads > 3)];
    let others = if case.threads > 2 { others } else { "" };
    let second = if case.threads > 1 { "thread B" } else { "" };
    columns(["thread A", second, others], "counter");
    say!("");
    let mut state = case.start();
    for (threads, steps) in case.lowest() {
        let column = threads.start.min(2);
        let several =
            (threads.len() > 1).then(|| format!("{} x ", thousands(threads.len() as u64)));
        let mut what = String::new();
        for thread in threads {
            for _ in 0..steps {
                let step = case.step(&mut state, thread);
                what = step.map(|step| step.to_string()).unwrap_or_default();
            }
        }
        if steps % case.steps() == 0 {
            what = plural((steps / case.steps()) as u128, "increment");
        }
        let what = several.unwrap_or_default() + &what;
        let mut cells = [""; 3];
        cells[column] = &what;
        columns(cells, &thousands(state.counter));
    }
    say!(
        "\nIt should end at {}, and ends at {}.",
        thousands(case.expected()),
        thousands(state.counter)
    );
    say!("\nWhy no order ends lower:");
    if case.threads == 1 {
        say!("one thread alone loses nothing, so this is its only order.");
    } else if case.increments == 1 {
        say!("whatever is read is at least 0, so whatever is written is at least 1.");
    } else {
        say!("the last of all stores is the last of its thread, which has stored before");
        say!("and read after that. From its first store on nobody can read a 0, so it has");
        say!("read at least 1, and stores at least 2.");
    }
}

/// `1 thread`, `2 threads`.
fn plural(count: u128, noun: &str) -> String {
    format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" })
}

fn command() -> Command {
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        let argument = Arg::new(name).long(name).value_name("N").help(help);
        argument.value_parser(options::count).default_value(default)
    };
    Command::new("every_interleaving")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Puts the steps of threads that increment one counter in every order.")
        .max_term_width(COLUMNS)
        .args([
            number("threads", THREADS, "How many threads"),
            number("increments", INCREMENTS, "How many increments by each thread"),
            Arg::new("steps")
                .long("steps")
                .value_name("STEPS")
                .value_parser(["load-add-store", "load-store"])
                .default_value("load-add-store")
                .hide_default_value(true)
                .hide_possible_values(true)
                .help("load-add-store (the default) or load-store"),
            Arg::new("smallest")
                .long("smallest")
                .action(ArgAction::SetTrue)
                .help("Show an order with the smallest result (spoiler)"),
        ])
}

/// The case that the command line asks for, and whether it asks for its smallest result.
fn case() -> (Case, bool) {
    let matches = command().get_matches();
    let number = |name| matches.get_one(name).copied().expect("it has a default");
    let case = Case {
        threads: number("threads"),
        increments: number("increments"),
        addition: matches.get_one("steps").is_none_or(|steps: &String| steps != "load-store"),
    };
    (case, matches.get_flag("smallest"))
}

/// Ends the program with status 2.
fn refuse(case: Case, reason: &str) -> ! {
    let sentence = format!("{case}: {reason}; choose fewer --threads or --increments");
    command().error(ErrorKind::ValueValidation, sentence).exit()
}

fn main() {
    let (case, smallest) = case();
    let steps = if case.addition { "load, add, store" } else { "load, store" };
    if smallest {
        if case.threads.saturating_mul(case.increments) > MOST_REPLAYED {
            refuse(case, "to replay them would take too long");
        }
        say!("{case} ({steps})\n\nAn order with the smallest result:\n");
        show_lowest(case);
        return;
    }
    let results = case.results().unwrap_or_else(|reason| refuse(case, reason));
    let schedules: u128 = results.values().sum();
    say!("{case} ({steps})\n");
    if schedules <= MOST_LISTED && case.total_length() <= LONGEST_LISTED {
        show_schedules(case, &case.list());
    }
    show_results(case, &results);
    let right = results.get(&case.expected()).copied().unwrap_or(0);
    let verb = if right == 1 { "is" } else { "are" };
    let line = format!("{} of {} {verb} right.", thousands(right), plural(schedules, "schedule"));
    say!("\n{}", if line.len() > COLUMNS { line.replace(" of ", "\nof ") } else { line });
    say!("\nEvery schedule counts once here. A real machine does not give them the same");
    say!("chances: it switches seldom, and rarely at just this place.");
    say!("\nPuzzle: 10 threads, 100 increments each. It should end at 1,000. What is the");
    say!("smallest result? (-- --threads 10 --increments 100 --smallest)");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(threads: usize, increments: usize, addition: bool) -> Case {
        Case { threads, increments, addition }
    }

    #[track_caller]
    fn check(case: Case, schedules: u128, results: &[(u64, u128)]) {
        assert_eq!(case.schedules(), Ok(schedules), "{case}");
        let counted = case.results().expect("the case is small");
        assert_eq!(counted.values().sum::<u128>(), schedules, "{case}");
        assert_eq!(counted.into_iter().collect::<Vec<_>>(), results, "{case}");
    }

    #[test]
    fn the_counts_are_the_known_ones() {
        check(case(2, 1, true), 20, &[(1, 18), (2, 2)]);
        check(case(2, 1, false), 6, &[(1, 4), (2, 2)]);
        check(case(2, 2, false), 70, &[(2, 32), (3, 32), (4, 6)]);
        check(case(3, 1, false), 90, &[(1, 48), (2, 36), (3, 6)]);
        let counts = [(2, 8), (3, 300), (4, 416), (5, 180), (6, 20)];
        check(case(2, 3, false), 924, &counts);
        let results = case(3, 2, false).results().expect("the case is small");
        assert_eq!((results.values().sum::<u128>(), results[&6]), (34_650, 90));
    }

    #[test]
    fn counting_gives_what_listing_gives() {
        let long = [(1, 4, true), (2, 2, true), (3, 1, true), (2, 3, false), (3, 2, false)];
        let short = [(1, 1, false), (2, 1, true), (2, 1, false), (2, 2, false), (4, 1, false)];
        for (threads, increments, addition) in long.into_iter().chain(short) {
            let case = case(threads, increments, addition);
            let mut listed = BTreeMap::new();
            let mut orders = std::collections::HashSet::new();
            for run in case.list() {
                *listed.entry(run.counter).or_insert(0) += 1;
                orders.insert(run.steps.iter().map(|&(thread, _)| thread).collect::<Vec<_>>());
            }
            assert_eq!(Ok(orders.len() as u128), case.schedules(), "{case}: each is listed once");
            assert_eq!(Ok(listed), case.results(), "{case}");
        }
    }

    #[test]
    fn the_right_schedules_are_those_without_a_switch_inside_an_increment() {
        // The increments then only take turns: (threads * increments)! / increments! for each.
        for (threads, increments, right) in [(3, 3, 1_680), (4, 2, 2_520), (2, 10, 184_756)] {
            let results = case(threads, increments, false).results().expect("the case is small");
            assert_eq!(results[&(threads as u64 * increments as u64)], right);
        }
    }

    #[test]
    fn no_order_ends_lower_than_the_one_shown() {
        for addition in [false, true] {
            for (threads, increments) in
                [(1, 1), (1, 3), (2, 1), (2, 2), (2, 5), (3, 1), (3, 2), (3, 3), (4, 2), (5, 1)]
            {
                let case = case(threads, increments, addition);
                let mut state = case.start();
                for (threads, steps) in case.lowest() {
                    for thread in threads {
                        for _ in 0..steps {
                            assert!(case.step(&mut state, thread).is_some(), "{case}");
                        }
                    }
                }
                assert!(state.threads.iter().all(|thread| thread.steps == case.length()), "{case}");
                let results = case.results().expect("the case is small");
                assert_eq!(results.keys().next(), Some(&state.counter), "{case}");
            }
        }
    }

    #[test]
    fn what_cannot_be_counted_is_refused() {
        // 36! / 2^18 still fits in 128 bits, 38! / 2^19 does not.
        assert!(case(18, 1, false).schedules().is_ok());
        assert!(case(19, 1, false).schedules().is_err());
        for (threads, increments) in [(usize::MAX, 1), (2, usize::MAX), (1, usize::MAX)] {
            assert!(case(threads, increments, true).results().is_err());
        }
    }
}
