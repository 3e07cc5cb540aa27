//! Temporary folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A folder of its own for what a test saves, removed at the end.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder. `test` is the part of its name that tells a person whose it is.
    #[track_caller]
    pub fn new(test: &str) -> Self {
        static FOLDERS: AtomicUsize = AtomicUsize::new(1);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("classroom-{test}-{}-{number}", process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("the system has room for a folder");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// The names of the files in it.
    #[track_caller]
    pub fn files(&self) -> Vec<String> {
        let files = fs::read_dir(&self.0).expect("the folder is there");
        files.flatten().map(|file| file.file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is removed by the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}
