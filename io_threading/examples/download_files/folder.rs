//! The folder of the files: what is in it is whole.

use std::fs;
use std::path::{Component, Path, PathBuf};

use io_lesson::{Error, Failure, Result, thousands};

/// Where a file of this name is in the folder. A name that would lead out of it is refused.
pub fn file_in(folder: &Path, name: &str) -> Result<PathBuf> {
    let mut components = Path::new(name).components();
    let (Some(Component::Normal(_)), None) = (components.next(), components.next()) else {
        return Err(Error::new(format!("{name:?} would not be a file in this folder")));
    };
    Ok(folder.join(name))
}

/// Writes a file under another name, and gives it its own when it is whole: the old file is there
/// until then, and the new one from then on.
pub fn save(content: &[u8], file: &Path) -> Result<(), Failure> {
    let part = file.with_added_extension("part");
    let saved = fs::write(&part, content).and_then(|()| fs::rename(&part, file));
    if saved.is_err() {
        // Nothing can be done about a part that cannot be removed.
        let _ = fs::remove_file(&part);
    }
    Ok(saved?)
}

/// The files in the folder and their sizes.
pub fn files_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let (name, size) = (file.file_name(), thousands(file.metadata()?.len()));
        files.push(format!("{} ({size} bytes)", name.display()));
    }
    files.sort();
    Ok(files)
}
