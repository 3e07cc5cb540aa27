//! Writes a picture to a file, whole or not at all.

use std::fmt::{self, Display, Formatter};
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::PathBuf;
use std::process;

use serde_json::Value;

use crate::run::Timeline;
use crate::{html, svg, trace};
use basics::error::{Error, Result};
use basics::words::printable;

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

    /// A file for something else than a picture, with any ending.
    pub fn of_any_form(path: PathBuf) -> Self {
        Self { path, form: Form::Json }
    }

    /// What the file's ending asks for.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Makes the file, empty, so that nobody else takes its name.
    ///
    /// # Errors
    ///
    /// It is taken already, say.
    pub fn reserve(&self) -> Result<()> {
        File::create_new(&self.path).map(drop).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Error::new(format!("There is a file {self} already; choose another name"))
            }
            _ => self.cannot_write(&error),
        })
    }

    /// Gives up a file that is still empty; returns whether it is not.
    pub fn release(&self) -> bool {
        let is_empty = fs::metadata(&self.path).map_or(true, |file| file.len() == 0);
        // Fails if it is gone already.
        let _ = is_empty.then(|| fs::remove_file(&self.path));
        !is_empty
    }

    /// A file beside this one that does not exist yet: `notes-2.html` for `notes.html`.
    pub fn another(&self) -> Self {
        let (stem, ending) = (self.path.file_stem(), self.path.extension());
        let [stem, ending] =
            [stem, ending].map(|part| part.unwrap_or_default().to_string_lossy().into_owned());
        let names =
            (2..).map(|number| self.path.with_file_name(format!("{stem}-{number}.{ending}")));
        let path = names.into_iter().find(|path| !path.exists()).unwrap_or_default();
        Self { path, form: self.form }
    }

    /// Finds out before the run whether the file can be written after it.
    ///
    /// # Errors
    ///
    /// It cannot: its folder is missing, say, or it is a pipe.
    pub fn check(&self) -> Result<()> {
        if fs::metadata(&self.path).is_ok_and(|there| !there.is_file()) {
            return Err(self.cannot_write(&"it is a folder or a pipe; name a file"));
        }
        let part = self.part();
        fs::write(&part, "").and_then(|()| fs::remove_file(&part)).map_err(|error| {
            match error.kind() {
                ErrorKind::NotFound => self.cannot_write(&"there is no such folder; make it first"),
                _ => self.cannot_write(&error),
            }
        })
    }

    /// Writes what `content` writes: all of it, or nothing.
    ///
    /// # Errors
    ///
    /// The disk is full, say.
    pub fn write(&self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let part = self.part();
        let write = || {
            let mut file = BufWriter::new(File::create(&part)?);
            content(&mut file)?;
            // Closes it, so that it may be renamed on every system.
            drop(file.into_inner()?);
            fs::rename(&part, self.file())
        };
        write().map_err(|error| {
            // Half a file is of no use to anybody.
            let _ = fs::remove_file(&part);
            self.cannot_write(&error)
        })
    }

    /// The file itself. A link stays a link, and what it leads to is replaced.
    fn file(&self) -> PathBuf {
        fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone())
    }

    /// The file that is written first, beside the other. It takes its place when all of it is there.
    fn part(&self) -> PathBuf {
        self.file().with_file_name(format!(".{}.part", process::id()))
    }

    /// Writes runs in the form that the file's ending names.
    ///
    /// # Errors
    ///
    /// As [`Target::write`].
    pub fn save(&self, runs: &[Timeline]) -> Result<()> {
        self.write(|file| match self.form {
            Form::Svg => file.write_all(svg::document(runs).as_bytes()),
            Form::Html => file.write_all(html::document(runs).as_bytes()),
            Form::Json => trace::write(runs, &Value::Null, file),
        })
    }

    fn cannot_write(&self, error: &dyn Display) -> Error {
        Error::new(format!("Cannot write {self}: {error}"))
    }
}

/// The file's name, as it can be printed.
impl Display for Target {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.path.to_string_lossy()))
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
