//! Records a run if a picture was asked for, and draws it.

use std::time::Duration;

use clap::ArgMatches;

use crate::error::Result;
use crate::say;
use crate::this_process::is_worker;
use crate::timeline::save::Target;
use crate::timeline::{Timeline, record, terminal};

/// What is to become of the recording of a run.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    diagram: bool,
    save: Option<Target>,
}

impl Recording {
    /// Reads what was asked for and begins to record, if anything was.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn if_asked(matches: &ArgMatches) -> Result<Self> {
        let diagram = matches.get_flag("diagram");
        let save = matches.get_one::<Target>("save").cloned();
        if let (Some(target), false) = (&save, is_worker()) {
            target.check()?;
        }
        if diagram || save.is_some() {
            record::start();
        }
        Ok(Self { diagram, save })
    }

    /// Draws and saves what was recorded.
    pub(super) fn show(&self, duration: Duration) -> Result<()> {
        match record::finish(duration) {
            Some(timeline) => self.show_timeline(&timeline),
            None => Ok(()),
        }
    }

    /// Draws and saves a run.
    pub(super) fn show_timeline(&self, timeline: &Timeline) -> Result<()> {
        if self.diagram {
            say!("\n{}", terminal::draw(timeline, terminal::width()));
            say!("{}", terminal::sentence(timeline));
        }
        if let Some(target) = &self.save {
            target.save(timeline)?;
            say!("Saved as {target}");
        }
        Ok(())
    }
}
