//! The picture of a run, if one was asked for.

use std::time::Duration;

use clap::ArgMatches;

use super::{Result, is_worker};
use crate::say;
use crate::timeline::save::{Form, Target};
use crate::timeline::{Timeline, html, record, svg, terminal, trace};

/// What is to become of the recording of a run.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    diagram: bool,
    save: Option<Target>,
}

impl Picture {
    /// Reads what was asked for and begins to record, if anything was.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn asked_for(matches: &ArgMatches) -> Result<Self> {
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
            say!("{}", timeline.sentence());
        }
        if let Some(target) = &self.save {
            save(timeline, target)?;
        }
        Ok(())
    }
}

/// Writes a run in the form that the file's ending names.
pub fn save(timeline: &Timeline, target: &Target) -> Result<()> {
    target.write(|file| match target.form() {
        Form::Svg => file.write_all(svg::document(timeline).as_bytes()),
        Form::Html => file.write_all(html::document(timeline).as_bytes()),
        Form::Json => trace::write(std::slice::from_ref(timeline), &serde_json::Value::Null, file),
    })
}
