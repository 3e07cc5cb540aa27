//! `every_interleaving`: every order in which threads can increment one counter, and what it is then.
//!
//! - **Run** `cargo run -p every_interleaving`
//! - **See** the 6 orders of a load and a store by each of two threads, of which 4 lose an update; and
//!   that 18 of 20 do if the addition is a step, too.
//! - **Why** `counter += 1` is a load, an addition and a store, and between any two of them another
//!   thread may take a step. You can run the program thousands of times and never see a wrong order.
//!   Here nothing is left to chance: the steps are put in every order there is.
//! - **Try** `-- --steps load-add-store` for all 20. `-- --increments 2 --every 2`, a switch every 2
//!   steps: for which numbers is it right? `-- --quiz --seed 1`, a worksheet;
//!   `-- --quiz --sheets 30 > sheets.html`, worksheets for a class.
//! - **Next** `cures`, which measures what it costs to leave no wrong order.

use clap::builder::ArgPredicate::IsPresent;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use every_interleaving::{Case, TooMany};
use lesson::{parse, plural, say};

mod listing;
mod results;
mod sheets;
mod smallest;
mod table;

const COLUMNS: usize = 80; // of the terminal
const THREADS: &str = "2";
const INCREMENTS: &str = "1"; // by each thread
const INCREMENTS_ON_A_SHEET: &str = "2"; // with 1 a class has too few orders
const MOST_LISTED: u128 = 100; // schedules; of more, only the results are shown
const LONGEST_LISTED: usize = 12; // steps
const MOST_REPLAYED: usize = 1_000_000; // increments of all threads together

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
            number("increments", INCREMENTS, "How many increments by each thread")
                .default_value_if("sheets", IsPresent, INCREMENTS_ON_A_SHEET),
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
            flag("reveal", "Fill the worksheet in, or print the answers to --sheets")
                .requires("quiz"),
            Arg::new("sheets")
                .long("sheets")
                .value_name("N")
                .value_parser(parse::count)
                .requires("quiz")
                .conflicts_with("every")
                .help("Print N worksheets as HTML, a page each"),
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

/// Prints one order as a table: with a switch every so many steps, or one that the seed decides.
fn show_one(case: Case, matches: &ArgMatches) {
    if case.threads > table::MOST_THREADS || case.total_length() > table::MOST_STEPS {
        refuse(case, "that table would be too large");
    }
    let schedule = if let Some(&steps) = matches.get_one("every") {
        say!("{case}, a switch every {}.\n", plural(steps as u64, "step"));
        case.in_turns(steps)
    } else {
        let seed = matches.get_one("seed").copied().unwrap_or(1);
        say!("{case}, order number {seed}.\n");
        case.random(seed)
    };
    table::show(case, &schedule, !matches.get_flag("quiz") || matches.get_flag("reveal"));
}

/// Prints worksheets for a class, or the answers to them.
fn show_sheets(case: Case, sheets: usize, matches: &ArgMatches) {
    if case.threads > table::MOST_THREADS || case.total_length() > sheets::MOST_STEPS {
        refuse(case, "that sheet would be too large for a page");
    }
    let orders = case.schedules().unwrap_or(u128::MAX);
    if sheets > sheets::MOST_SHEETS || sheets as u128 > orders {
        let most = orders.min(sheets::MOST_SHEETS as u128);
        let sentence =
            format!("{case}: there are at most {} here", plural(most, "different sheet"));
        command().error(ErrorKind::ValueValidation, sentence).exit();
    }
    let seed = matches.get_one("seed").copied().unwrap_or(1);
    sheets::show(case, &sheets::draw(case, sheets, seed), matches.get_flag("reveal"));
}

fn main() {
    let matches = command().get_matches();
    if !matches.args_present() {
        return results::show_overview();
    }
    let case = case(&matches);
    if let Some(&sheets) = matches.get_one("sheets") {
        return show_sheets(case, sheets, &matches);
    }
    if matches.get_flag("quiz") || matches.contains_id("every") {
        return show_one(case, &matches);
    }
    let steps = if case.addition { "load, add, store" } else { "load, store" };
    if matches.get_flag("smallest") {
        if case.threads.saturating_mul(case.increments) > MOST_REPLAYED {
            refuse(case, "to replay them would take too long");
        }
        say!("{case} ({steps})\n\nAn order with the smallest result:\n");
        return smallest::show(case);
    }
    let results = case.results().unwrap_or_else(|too_many| match too_many {
        TooMany::Schedules => refuse(case, "there are more schedules than 128 bits can count"),
        TooMany::Steps => refuse(case, "to count them would take too long"),
    });
    say!("{case} ({steps})\n");
    if results.values().sum::<u128>() <= MOST_LISTED && case.total_length() <= LONGEST_LISTED {
        say!("Each thread has a column, with its number on top. Time goes down.\n");
        listing::show(case);
    }
    results::show(case, &results);
}
