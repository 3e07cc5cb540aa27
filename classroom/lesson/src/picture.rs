//! Records a run if a picture was asked for, and draws it.

use std::time::Duration;

use clap::ArgMatches;

use basics::error::Result;
use basics::output::finish_without_reader;
use basics::say;
use basics::this_process::is_worker;
use timeline::save::Target;
use timeline::{Engine, Job, Timeline, record, terminal};

use super::concurrency::Concurrency;

/// What is to become of the recording of a run.
#[derive(Clone, Debug)]
pub struct PictureOptions {
    diagram: bool,
    save: Option<Target>,
}

impl PictureOptions {
    /// Reads what was asked for and begins to record what the program does, if anything was.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn if_asked(matches: &ArgMatches, job: Job, how: Concurrency) -> Result<Self> {
        let diagram = matches.get_flag("diagram");
        let save = matches.get_one::<Target>("save").cloned();
        if let (Some(target), false) = (&save, is_worker()) {
            finish_without_reader();
            target.check()?;
        }
        if diagram || save.is_some() {
            record::start(job, engine(how));
        }
        Ok(Self { diagram, save })
    }

    /// Draws and saves what was recorded.
    pub fn show(&self, duration: Duration) -> Result<()> {
        match record::finish(duration) {
            Some(run) => self.show_runs(&[run]),
            None => Ok(()),
        }
    }

    /// Draws and saves runs, one below the other.
    pub fn show_runs(&self, runs: &[Timeline]) -> Result<()> {
        if self.diagram {
            say!("");
            terminal::print(runs, terminal::width());
        }
        if let Some(target) = &self.save {
            target.save(runs)?;
            say!("Saved as {target}");
        }
        Ok(())
    }
}

fn engine(how: Concurrency) -> Engine {
    match how {
        Concurrency::Sequential | Concurrency::Threads(_) => Engine::Thread,
        Concurrency::Tasks => Engine::Task,
        Concurrency::Processes(_) => Engine::Process,
        Concurrency::Workers(_) => Engine::Worker,
    }
}
