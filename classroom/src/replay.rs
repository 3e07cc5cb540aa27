//! Draws a saved run or a saved comparison again.

use std::path::PathBuf;
use std::process::ExitCode;

use basics::error::{Error, Result};
use basics::say;
use basics::words::{plural, printable};
use clap::error::ErrorKind;
use clap_derive::Args;
use console::truncate_str;
use timeline::save::Target;
use timeline::{Timeline, terminal, trace};

use crate::compare::page;
use crate::compare::table::Comparison;

#[derive(Args)]
pub struct Options {
    /// What a program or compare has saved with --save FILE.json
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    /// Save it in another form: .svg, .html or .json
    #[arg(long, value_name = "FILE", value_parser = Target::parse)]
    save: Option<Target>,
}

/// Prints what was saved, or saves it in another form.
pub fn replay(Options { file, save }: &Options) -> Result<ExitCode> {
    let (runs, comparison) = trace::read_file(file)?;
    let name = printable(&file.to_string_lossy());
    if comparison.is_null() {
        replay_runs(&runs, &name, save.as_ref())?;
    } else {
        let comparison = Comparison::from_json(comparison, runs).ok_or_else(|| {
            Error::new(format!("Cannot read {name}: figures in it are missing or make no sense"))
        })?;
        match save {
            Some(target) => {
                page::check_form(target).unwrap_or_else(|error| {
                    clap::Error::raw(ErrorKind::ValueValidation, format!("{error}\n")).exit()
                });
                page::save(&comparison, target)?;
            }
            None => show(&comparison),
        }
    }
    if let Some(target) = save {
        say!("Saved as {target}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the runs in the file of this name, or saves the only one.
fn replay_runs(runs: &[Timeline], name: &str, save: Option<&Target>) -> Result<()> {
    let holds =
        |what: &str| Error::new(format!("{name} holds {}{what}", plural(runs.len() as u64, "run")));
    match (save, runs) {
        (_, []) => Err(holds("; there is nothing to draw")),
        (Some(target), [run]) => target.save(run),
        (Some(_), _) => Err(holds("; a picture is of one")),
        (None, runs) => {
            runs.iter().for_each(print);
            Ok(())
        }
    }
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
