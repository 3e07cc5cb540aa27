//! Writes a picture to a file, whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::run::Timeline;
use super::{html, svg, trace};
use crate::error::{Error, Result};

/// A file to be written at the end of a run, in the form that its ending names.
#[derive(Clone, Debug)]
pub struct Target {
    path: PathBuf,
    form: Form,
}

/// What a picture can be saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A drawing.
    Svg,
    /// A page of its own.
    Html,
    /// A trace, to be opened by other readers or drawn again.
    Json,
}

impl Target {
    /// Reads the name of a file; the error names the endings that there are.
    pub fn parse(name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        let form = match ending.as_ref().and_then(|ending| ending.to_str()) {
            Some("svg") => Form::Svg,
            Some("html") => Form::Html,
            Some("json") => Form::Json,
            _ => return Err("the ending must be .svg, .html or .json".into()),
        };
        Ok(Self { path, form })
    }

    /// A file for JSON, with any ending.
    #[must_use]
    pub fn json(path: PathBuf) -> Self {
        Self { path, form: Form::Json }
    }

    /// What the file's ending asks for.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finds out before the run whether the file can be written after it.
    ///
    /// # Errors
    ///
    /// It cannot. A file that is there keeps what is in it.
    pub fn check(&self) -> Result<()> {
        let is_new = !self.path.exists();
        let opened = OpenOptions::new().append(true).create(true).open(&self.path);
        opened.map_err(|error| self.cannot_write(&error))?;
        if is_new {
            // If the run is stopped, no empty file is left.
            let _ = fs::remove_file(&self.path);
        }
        Ok(())
    }

    /// Writes what `content` writes.
    ///
    /// # Errors
    ///
    /// The disk is full, say. A file that was there keeps what was in it.
    pub fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        self.try_write(content).map_err(|error| self.cannot_write(&error))
    }

    fn try_write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        // A device or a pipe cannot be replaced by a file.
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            let mut file = io::BufWriter::new(OpenOptions::new().write(true).open(&self.path)?);
            content(&mut file)?;
            return file.flush();
        }
        // Through a link to what it points at.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", std::process::id()));
        let part = path.with_file_name(name);
        let written = fs::File::create(&part).and_then(|file| {
            let mut file = io::BufWriter::new(file);
            content(&mut file)?;
            file.flush()?;
            fs::rename(&part, &path)
        });
        if written.is_err() {
            // It may not even have been made.
            let _ = fs::remove_file(&part);
        }
        written
    }

    /// Writes a run in the form that the file's ending names.
    ///
    /// # Errors
    ///
    /// As [`Target::write`].
    pub fn save(&self, timeline: &Timeline) -> Result<()> {
        self.write(|file| match self.form {
            Form::Svg => file.write_all(svg::document(timeline).as_bytes()),
            Form::Html => file.write_all(html::document(timeline).as_bytes()),
            Form::Json => trace::write(std::slice::from_ref(timeline), &Value::Null, file),
        })
    }

    fn cannot_write(&self, error: &io::Error) -> Error {
        Error::new(format!("Cannot write {}: {error}", self.path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_picks_the_form() {
        let form = |name| Target::parse(name).map(|target| target.form());
        assert_eq!(form("run.svg"), Ok(Form::Svg));
        assert_eq!(form("a.b/run.HTML"), Ok(Form::Html));
        assert_eq!(form("run.json"), Ok(Form::Json));
        for wrong in ["run", "run.png", "", ".svg", "svg", "run.json.gz"] {
            let refused = form(wrong).expect_err(wrong);
            for ending in [".svg", ".html", ".json"] {
                assert!(refused.contains(ending), "{refused}");
            }
        }
    }
}
