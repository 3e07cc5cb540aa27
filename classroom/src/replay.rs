//! Draws a saved run or a saved comparison again.

use std::path::PathBuf;
use std::process::ExitCode;

use basics::error::{Error, Result};
use basics::say;
use basics::words::printable;
use clap::error::ErrorKind;
use clap_derive::Args;
use console::truncate_str;
use timeline::save::Target;
use timeline::{Timeline, terminal, trace};

use crate::compare::page;
use crate::compare::table::{Comparison, Row};

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
        if runs.is_empty() {
            return Err(Error::new(format!("{name} holds no run")));
        }
        match save {
            Some(target) => target.save(&runs)?,
            None => print(&runs),
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
    for run in comparison.rows.iter().filter_map(Row::timeline) {
        say!("");
        print(std::slice::from_ref(run));
    }
}

/// Prints the pictures of runs.
fn print(runs: &[Timeline]) {
    let width = terminal::width();
    // Several say it themselves.
    if let [run] = runs {
        let program = truncate_str(&run.program, width / 2, "…");
        say!("{program}: {:.3} s\n", run.duration.as_secs_f64());
    }
    terminal::print(runs, width);
}
