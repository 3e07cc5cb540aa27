//! The figures of one run, handed from a program to `classroom compare`.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs;
use std::path::Path;

use basics::error::{Error, Result};

/// Named figures, each a word; written as one `name value` per line.
#[derive(Clone, Debug, Default)]
pub struct Summary(BTreeMap<String, String>);

impl Summary {
    /// Adds a figure.
    pub fn with(mut self, name: &str, value: impl Display) -> Self {
        self.0.insert(name.into(), value.to_string());
        self
    }

    /// All figures that are numbers, in the order of their names.
    pub fn numbers(&self) -> impl Iterator<Item = (&str, f64)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), value.parse().ok()?)))
    }

    /// The figure called `name`, if there is one and it is a number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.parse().ok()
    }

    /// Writes the figures to `path`, if `compare` has asked for them.
    pub fn write(&self, path: Option<&Path>) -> Result<()> {
        let Some(path) = path else { return Ok(()) };
        let lines: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name} {value}")).collect();
        fs::write(path, lines.join("\n"))
            .map_err(|error| Error::new(format!("Cannot write {}: {error}", path.display())))
    }

    /// Reads what a program wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let lines = fs::read_to_string(path)
            .map_err(|error| Error::new(format!("Cannot read {}: {error}", path.display())))?;
        let figures = lines.lines().filter_map(|line| line.split_once(' '));
        Ok(Self(figures.map(|(name, value)| (name.into(), value.into())).collect()))
    }
}
