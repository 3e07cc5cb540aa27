//! The files of a lesson: its plan, where it is kept, and its notes.

use std::fs;
use std::path::{Path, PathBuf};

use basics::error::Result;
use clap::error::ErrorKind;
use timeline::save::Target;

use super::Options;
use super::record::Record;
use crate::claims::page_target;

/// The folder of the plans that are here already.
pub const PLANS: &str = "classroom/plans";

/// The file of a plan: of one that is here already, or of a teacher's own.
pub fn plan_file(workspace: &Path, lesson: &str) -> PathBuf {
    let folder = workspace.join(PLANS);
    let ours = folder.join(format!("{lesson}.json"));
    if ours.is_file() {
        return ours;
    }
    let file = PathBuf::from(lesson);
    if file.extension().is_some_and(|ending| ending == "json") {
        return file;
    }
    let mut names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    let message = format!(
        "there is no lesson {lesson}; there are {}, and files of your own that end in .json\n",
        names.join(", ")
    );
    clap::Error::raw(ErrorKind::ValueValidation, message).exit()
}

/// Where a lesson is kept so that it can go on.
pub fn kept_file(workspace: &Path, lesson: &str) -> PathBuf {
    let stem = Path::new(lesson).file_stem().unwrap_or_default().to_string_lossy();
    workspace.join("target/lessons").join(format!("{stem}.json"))
}

/// Where the notes go: into a new file, or on into that of the lesson that goes on.
pub fn notes_of(options: &Options, record: Option<&Record>) -> Result<Option<Target>> {
    let before = record.and_then(|record| record.notes.as_ref());
    let before = before.and_then(|path| page_target(&path.to_string_lossy()).ok());
    let Some(target) = &options.save else { return Ok(before) };
    if before.is_none_or(|before| before.to_string() != target.to_string()) {
        target.check()?;
        target.reserve()?;
        target.release();
    }
    Ok(Some(target.clone()))
}
