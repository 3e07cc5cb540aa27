//! Draws a saved run or a saved comparison again.

use std::path::PathBuf;
use std::process::ExitCode;

use basics::error::{Error, Result};
use basics::say;
use basics::words::{plural, printable};
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command, value_parser};
use console::truncate_str;
use lesson::options;
use timeline::save::Target;
use timeline::{Timeline, terminal, trace};

use crate::compare::page;
use crate::compare::table::Comparison;

/// The command line of `classroom replay`.
pub fn command() -> Command {
    Command::new("replay")
        .about("Draw a saved run or a saved comparison again")
        .arg(
            Arg::new("file")
                .value_name("FILE.json")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("What a program or compare has saved with --save FILE.json"),
        )
        .arg(options::save("Save it in another form: .svg, .html or .json"))
}

/// Prints what was saved, or saves it in another form.
pub fn replay(matches: &ArgMatches) -> Result<ExitCode> {
    let path: &PathBuf = matches.get_one("file").expect("the file is required");
    let name = printable(&path.to_string_lossy());
    let save = matches.get_one::<Target>("save");
    if let Some(target) = save {
        target.check()?;
    }
    let (runs, figures) = trace::read_file(path)?;
    if figures.is_null() {
        let [run] = &runs[..] else {
            let runs = plural(runs.len() as u64, "run");
            return Err(Error::new(format!("{name} holds {runs}; a picture is of one")));
        };
        match save {
            Some(target) => target.save(run)?,
            None => print(run),
        }
    } else {
        let comparison = Comparison::from_json(&figures, runs).ok_or_else(|| {
            Error::new(format!("Cannot read {name}: figures in it are missing or make no sense"))
        })?;
        match save {
            Some(target) => save_report(&comparison, target)?,
            None => show(&comparison),
        }
    }
    if let Some(target) = save {
        say!("Saved as {target}");
    }
    Ok(ExitCode::SUCCESS)
}

fn save_report(comparison: &Comparison, target: &Target) -> Result<()> {
    if let Err(error) = page::check_form(target) {
        let mut command = command().bin_name("classroom replay");
        command.error(ErrorKind::ValueValidation, error).exit();
    }
    page::save(comparison, target)
}

/// Prints the table, and the pictures under it.
fn show(comparison: &Comparison) {
    comparison.print();
    for row in &comparison.rows {
        if let Some(timeline) = row.timeline() {
            say!("");
            print(timeline);
        }
    }
}

/// Prints the picture of a run.
fn print(run: &Timeline) {
    let width = terminal::width();
    let program = truncate_str(&run.program, width / 2, "…");
    say!("{program}: {:.3} s\n", run.duration.as_secs_f64());
    say!("{}", terminal::draw(run, width));
    say!("{}", terminal::sentence(run));
}
