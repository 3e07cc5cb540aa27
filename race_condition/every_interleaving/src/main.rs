//! `every_interleaving`: every order in which threads can increment one counter, and what it is then.
//!
//! - **Run** `cargo run -p every_interleaving`
//! - **See** the 6 orders of a load and a store by each of two threads, of which 4 lose an update; and
//!   that 18 of 20 do if the addition is a step, too.
//! - **Why** `counter += 1` is a load, an addition and a store, and between any two of them another
//!   thread may take a step. You can run the program thousands of times and never see a wrong order.
//!   Here nothing is left to chance: the steps are put in every order there is.
//! - **Try** `-- --steps load-add-store` for all 20. `-- --increments 2 --every 2`, a switch every 2
//!   steps: for which numbers is it right? `-- --quiz --seed 1`, a worksheet.
//! - **Next** `cures`, which measures what it costs to leave no wrong order.

use std::collections::BTreeMap;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use experiment::{Verdict, claim};
use lesson::{parse, plural, say, thousands};

mod case;
mod listing;
mod overview;
mod smallest;
mod table;

use case::Case;
use every_interleaving::count::TooMany;
use listing::COLUMNS;

const THREADS: &str = "2";
const INCREMENTS: &str = "1"; // by each thread
const MOST_LISTED: u128 = 100; // schedules; of more, only the results are shown
const LONGEST_LISTED: usize = 12; // steps
const MOST_REPLAYED: usize = 1_000_000; // increments of all threads together

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

fn command() -> Command {
    let number = |name: &'static str, default: &'static str, help: &'static str| {
        let argument = Arg::new(name).long(name).value_name("N").help(help);
        argument.value_parser(parse::count).default_value(default)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
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
            flag("smallest", "Show an order with the smallest result (spoiler)"),
            Arg::new("every")
                .long("every")
                .value_name("N")
                .value_parser(parse::count)
                .conflicts_with("smallest")
                .help("Show the order with a switch every N steps"),
            flag("quiz", "Show one order without what it does: a worksheet")
                .conflicts_with("smallest"),
            Arg::new("seed")
                .long("seed")
                .value_name("N")
                .value_parser(value_parser!(u64))
                .requires("quiz")
                .conflicts_with("every")
                .help("Which order the worksheet shows [default: 1]"),
            flag("reveal", "Fill the worksheet in").requires("quiz"),
        ])
}

/// The case that the command line asks for.
fn case(matches: &ArgMatches) -> Case {
    let number = |name| matches.get_one(name).copied().expect("it has a default");
    Case {
        threads: number("threads"),
        increments: number("increments"),
        addition: matches.get_one("steps").is_none_or(|steps: &String| steps != "load-store"),
    }
}

/// Ends the program with status 2.
fn refuse(case: Case, reason: &str) -> ! {
    let sentence = format!("{case}: {reason}; choose fewer --threads or --increments");
    command().error(ErrorKind::ValueValidation, sentence).exit()
}

/// Says what the counts mean for a claim of the texts.
fn judge(wrong: u128, all: u128) {
    let numbers = format!("{} of {} lose an update", thousands(wrong), plural(all, "schedule"));
    claim("C46", Verdict::old_counted(wrong > 0), numbers);
}

/// Prints one order as a table: with a switch every so many steps, or one that the seed decides.
fn show_one(case: Case, matches: &ArgMatches) {
    if case.threads > table::MOST_THREADS || case.total_length() > table::MOST_STEPS {
        refuse(case, "that table would be too large");
    }
    let quiz = matches.get_flag("quiz");
    let schedule = if let Some(&steps) = matches.get_one("every") {
        say!("{case}, a switch every {}.\n", plural(steps as u64, "step"));
        table::in_turns(case, steps)
    } else {
        let seed = matches.get_one("seed").copied().unwrap_or(1);
        say!("{case}, order number {seed}.\n");
        table::random(case, seed)
    };
    let answers = !quiz || matches.get_flag("reveal");
    let counter = table::show(case, &schedule, answers);
    let (expected, counter) = (thousands(case.expected()), thousands(counter));
    if answers {
        let verdict = if expected == counter { "right" } else { "WRONG" };
        say!("\nIt should end at {expected}, and ends at {counter}: {verdict}.");
    } else {
        say!("\nThe register is that of the thread that takes the step. It should end at");
        say!("{expected}. Does it? For the answers give the same command with --reveal.");
    }
}

fn main() {
    let matches = command().get_matches();
    if !matches.args_present() {
        return overview::show();
    }
    let case = case(&matches);
    if matches.get_flag("quiz") || matches.contains_id("every") {
        return show_one(case, &matches);
    }
    let steps = if case.addition { "load, add, store" } else { "load, store" };
    if matches.get_flag("smallest") {
        if case.threads.saturating_mul(case.increments) > MOST_REPLAYED {
            refuse(case, "to replay them would take too long");
        }
        say!("{case} ({steps})\n\nAn order with the smallest result:\n");
        smallest::show(case);
        return;
    }
    let results = case.results().unwrap_or_else(|too_many| match too_many {
        TooMany::Schedules => refuse(case, "there are more schedules than 128 bits can count"),
        TooMany::Steps => refuse(case, "to count them would take too long"),
    });
    let schedules: u128 = results.values().sum();
    say!("{case} ({steps})\n");
    if schedules <= MOST_LISTED && case.total_length() <= LONGEST_LISTED {
        say!("Each thread has a column, with its number on top. Time goes down.\n");
        listing::show(case, &listing::list(case));
    }
    show_results(case, &results);
    let right = results.get(&case.expected()).copied().unwrap_or(0);
    let verb = if right == 1 { "is" } else { "are" };
    let line = format!("{} of {} {verb} right.", thousands(right), plural(schedules, "schedule"));
    say!("\n{}", if line.len() > COLUMNS { line.replace(" of ", "\nof ") } else { line });
    say!("");
    judge(schedules - right, schedules);
    say!("\nEvery schedule counts once here. A real machine does not give them the same");
    say!("chances: mostly a thread takes many steps before another one gets in between.");
    say!("\nPuzzle: 10 threads, 100 increments each. It should end at 1,000. What is the");
    say!("smallest result? The answer is on the program's page.");
}
