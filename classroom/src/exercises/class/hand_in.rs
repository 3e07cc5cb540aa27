//! What students have handed in: the parts above the checks, wherever they stand in their folders.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use basics::error::{Error, Result};
use basics::words::printable;
use experiment::EXERCISES;

use crate::exercises::LINE;

/// More bytes than a file has that somebody has typed.
const MOST_BYTES: u64 = 100_000;

/// More files than a student hands in.
const MOST_FILES: usize = 20_000;

/// What a student has handed in for one exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    None,
    /// It cannot be used, and why.
    Unusable(String),
    /// What stands above the check.
    Text(String),
}

impl Part {
    /// What stands above the check, if it can be used.
    pub fn text(&self) -> Option<&String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

/// What one student has handed in, for each exercise.
pub struct HandIn {
    pub student: String,
    pub parts: Vec<Part>,
}

/// Reads what all students have handed in, in the order of their names.
///
/// # Errors
///
/// There is no such folder, or no folder in it.
pub fn read(folder: &Path) -> Result<Vec<HandIn>> {
    let cannot = |why: &str| {
        let folder = printable(&folder.to_string_lossy());
        Error::new(format!("Cannot check the class in {folder}: {why}"))
    };
    let entries = fs::read_dir(folder).map_err(|error| cannot(&error.to_string()))?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir() && !is_hidden(path));
    folders.sort();
    if folders.is_empty() {
        return Err(cannot("there is no folder in it. Each student needs one, with the files"));
    }
    let read = |folder: PathBuf| {
        let student = folder.file_name().unwrap_or_default();
        HandIn { student: printable(&student.to_string_lossy()), parts: parts(&folder) }
    };
    Ok(folders.into_iter().map(read).collect())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn parts(folder: &Path) -> Vec<Part> {
    let all = |part: Part| vec![part; EXERCISES.len()];
    if folder.is_symlink() {
        return all(Part::Unusable("the folder is a link".into()));
    }
    let files = match files(folder) {
        Ok(files) => files,
        Err(error) => return all(Part::Unusable(format!("the folder cannot be read: {error}"))),
    };
    let of = |name: &str| {
        let name = format!("{name}.rs");
        let named = files.iter().filter(|file| file.file_name().is_some_and(|it| *it == *name));
        let mut parts: Vec<Part> = named.map(|file| part(file)).collect();
        parts.dedup();
        match parts.len() {
            0 => Part::None,
            1 => parts.remove(0),
            many => Part::Unusable(format!("there are {many} files of this name, and they differ")),
        }
    };
    EXERCISES.iter().map(|exercise| of(exercise.name)).collect()
}

/// All files in a folder and in those below it, in order. Links are not followed.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let is_built = path.file_name().is_some_and(|name| name == "target");
            if !path.is_dir() || path.is_symlink() {
                files.push(path);
            } else if !is_built && !is_hidden(&path) {
                folders.push(path);
            }
            if files.len() + folders.len() > MOST_FILES {
                return Err(io::Error::other(format!("it has more than {MOST_FILES} files")));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What stands above the check of one file.
fn part(file: &Path) -> Part {
    let unusable = |why: &str| Part::Unusable(why.into());
    if !fs::symlink_metadata(file).is_ok_and(|it| it.is_file()) {
        return unusable("it is a link, or no file");
    }
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes));
    match read.map(|length| length as u64) {
        Err(error) => return Part::Unusable(format!("it cannot be read: {error}")),
        Ok(length) if length > MOST_BYTES => return unusable("it is too large"),
        Ok(_) => {}
    }
    let Ok(text) = String::from_utf8(bytes) else { return unusable("it is no text") };
    let Some((part, _)) = text.split_once(LINE) else {
        return unusable("the line above the check is missing");
    };
    // What looks the same is the same.
    let part = part.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    Part::Text(part.trim_end().to_string() + "\n")
}
