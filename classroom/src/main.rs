//! The command-line program of the classroom: the built-in site by itself, all programs compared,
//! the claims of the texts tried, saved runs drawn again, lessons held, and exercises judged.
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
mod figures;
mod lecture;
mod replay;
mod serve;
mod tty;

use std::process::ExitCode;

use basics::output::warn;
use clap::Parser;
use clap_derive::{Parser, Subcommand};

/// The built-in site, comparisons, claims, saved runs, lessons and exercises
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the built-in site until Ctrl-C, then say what it saw
    Serve(serve::Options),
    /// Run the programs several times and print one table of their figures
    Compare(compare::Options),
    /// Try every claim of the texts and say whether it holds here
    Claims(claims::Options),
    /// Draw a saved run or a saved comparison again
    Replay(replay::Options),
    /// Hold a lesson: questions, votes, the programs that answer
    Lesson(lecture::Options),
    /// Show which exercises are solved, and judge each when it is saved
    ///
    /// In a terminal this stays open until q. In a pipe it prints the list and ends.
    /// Solved is what says so after its own check. The exit status is 0 if all could
    /// be judged, solved or not, and 1 if one could not: it does not compile, it ends
    /// before its check, it prints without end, or its check was edited.
    ///
    /// With --from it builds and runs WHAT OTHER PEOPLE HAVE WRITTEN, within bounds
    /// that it names before it begins.
    #[command(verbatim_doc_comment)]
    Exercises(exercises::Options),
    /// Draw the figures of the pages anew, from a run of each program
    Figures,
}

fn main() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Serve(options) => serve::serve(options),
        Command::Compare(options) => compare::compare(&options),
        Command::Claims(options) => claims::claims(&options),
        Command::Replay(options) => replay::replay(&options),
        Command::Lesson(options) => lecture::hold(options),
        Command::Exercises(options) => exercises::exercises(&options),
        Command::Figures => figures::figures(),
    };
    if children::is_told_to_end() {
        return ExitCode::from(children::INTERRUPTED);
    }
    result.unwrap_or_else(|error| {
        warn(format_args!("Error: {error}"));
        ExitCode::FAILURE
    })
}
