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
    if let Some(target) = save {
        target.check()?;
    }
    let (runs, figures) = trace::read_file(file)?;
    let name = printable(&file.to_string_lossy());
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
        let comparison = Comparison::from_json(figures, runs).ok_or_else(|| {
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
        clap::Error::raw(ErrorKind::ValueValidation, format!("{error}\n")).exit();
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
