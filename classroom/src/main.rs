//! The command-line program of the classroom: the built-in site by itself, all programs compared,
//! the claims of the texts tried, saved runs drawn again, lessons held, and exercises checked.
//!
//! ```text
//! cargo run -p classroom -- serve --port 8000
//! cargo run -p classroom -- claims --only C23
//! cargo run -p classroom -- compare --save report.html
//! cargo run -p classroom -- replay run.json
//! cargo run -p classroom -- lesson race
//! cargo run -p classroom -- exercises
//! ```

mod cargo;
mod children;
mod claims;
mod compare;
mod exercises;
mod hold;
mod replay;
mod serve;

use std::process::ExitCode;

use basics::output::warn;
use clap::Command;

fn main() -> ExitCode {
    let matches = Command::new("classroom")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The built-in site, comparisons, claims, saved runs, lessons and exercises")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve::command())
        .subcommand(compare::command())
        .subcommand(claims::command())
        .subcommand(replay::command())
        .subcommand(hold::command())
        .subcommand(exercises::command())
        .get_matches();
    let done = match matches.subcommand() {
        Some(("serve", matches)) => serve::serve(matches),
        Some(("compare", matches)) => compare::compare(matches),
        Some(("claims", matches)) => claims::claims(matches),
        Some(("replay", matches)) => replay::replay(matches),
        Some(("lesson", matches)) => hold::hold(matches),
        Some(("exercises", _)) => exercises::exercises(),
        _ => unreachable!("a subcommand is required, and there is no other"),
    };
    done.unwrap_or_else(|error| {
        warn(format_args!("Error: {error}"));
        ExitCode::FAILURE
    })
}
