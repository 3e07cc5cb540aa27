//! Where a file is written, and how.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::words::printable;

/// The place that a path leads to.
pub(super) enum Place {
    /// Nothing is there yet.
    New(PathBuf),
    /// A file, which is replaced.
    File(PathBuf, Metadata),
    /// A device, which takes what is written to it.
    Device(PathBuf),
}

impl Place {
    /// Follows the links of a path, also where nothing is at their end yet.
    ///
    /// # Errors
    ///
    /// What is there takes no file, or nothing can be there.
    pub(super) fn find(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(there) if there.is_file() => Ok(Self::File(fs::canonicalize(path)?, there)),
            Ok(there) => match obstacle(there.file_type()) {
                Some(what) => Err(io::Error::other(format!("it is {what}; name a file"))),
                None => Ok(Self::Device(path.into())),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                end_of_links(path).map_or(Err(error), |path| Ok(Self::New(path)))
            }
            Err(error) => Err(error),
        }
    }

    /// Finds out whether the place can be written to, and leaves nothing behind.
    pub(super) fn check(&self) -> io::Result<()> {
        match self {
            Self::New(path) => Part::beside(path).map(drop),
            // What is opened to be appended to keeps its content.
            Self::File(path, _) | Self::Device(path) => {
                OpenOptions::new().append(true).open(path).map(drop)
            }
        }
    }

    /// Writes the whole content.
    pub(super) fn write(&self, content: &[u8]) -> io::Result<()> {
        match self {
            Self::New(path) => {
                let (mut file, part) = Part::beside(path)?;
                file.write_all(content)?;
                part.take_the_place_of(path, file)
            }
            Self::File(path, there) => replace(path, there, content),
            Self::Device(path) => OpenOptions::new().write(true).open(path)?.write_all(content),
        }
    }
}

/// Replaces a file, all at once where that is possible.
fn replace(path: &Path, there: &Metadata, content: &[u8]) -> io::Result<()> {
    if let Ok((mut file, part)) = Part::beside(path)
        && is_replaceable(there, &file.metadata()?)
    {
        file.write_all(content)?;
        let replaced = file
            .set_permissions(there.permissions())
            .and_then(|()| part.take_the_place_of(path, file));
        if replaced.is_ok() {
            return Ok(());
        }
        // A file that is mounted by itself, say, can be written to and not be replaced.
    }
    OpenOptions::new().write(true).truncate(true).open(path)?.write_all(content)
}

/// Whether a new file can stand for the one that is there: it would be another file to its other
/// names, and it would have another owner.
#[cfg(unix)]
fn is_replaceable(there: &Metadata, new: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    there.nlink() == 1 && (there.uid(), there.gid()) == (new.uid(), new.gid())
}

#[cfg(not(unix))]
fn is_replaceable(_there: &Metadata, _new: &Metadata) -> bool {
    true
}

/// What is there, if it takes no file.
#[cfg(unix)]
fn obstacle(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    match kind {
        _ if kind.is_dir() => Some("a folder"),
        _ if kind.is_fifo() => Some("a pipe"),
        _ if kind.is_socket() => Some("a socket"),
        _ if kind.is_block_device() => Some("a disk"),
        _ => None,
    }
}

#[cfg(not(unix))]
fn obstacle(kind: FileType) -> Option<&'static str> {
    kind.is_dir().then_some("a folder")
}

/// Where a path leads at whose end nothing is; `None` if nothing can be there.
fn end_of_links(path: &Path) -> Option<PathBuf> {
    // No system follows more links than that; a circle has been refused before.
    const MOST_LINKS: usize = 100;
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        // Without a slash at the end, behind which only a folder can be.
        path = path.with_file_name(path.file_name()?);
        match fs::read_link(&path) {
            // A relative link counts from the folder in which it lies.
            Ok(target) => path = path.with_file_name(target),
            Err(_) => return Some(path),
        }
    }
    None
}

/// A file that becomes the wanted one when all is written; until then it is removed at the end.
struct Part(PathBuf);

impl Part {
    /// Makes a file in the folder of another.
    fn beside(path: &Path) -> io::Result<(File, Self)> {
        let ours = process::id();
        let mut number = 0;
        loop {
            // Short, because the other name may be as long as the system takes.
            let part = path.with_file_name(format!(".{ours}-{number}.part"));
            match OpenOptions::new().write(true).create_new(true).open(&part) {
                Ok(file) => return Ok((file, Self(part))),
                // Left behind long ago by a process of this number that was killed.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && number < 1_000 => {
                    number += 1;
                }
                Err(error) => return Err(cannot_make_files_in(path.parent(), &error)),
            }
        }
    }

    /// Becomes the wanted file.
    fn take_the_place_of(mut self, path: &Path, file: File) -> io::Result<()> {
        drop(file);
        fs::rename(&self.0, path)?;
        self.0 = PathBuf::new();
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It has become the wanted file, or nothing more can be done.
        let _ = fs::remove_file(&self.0);
    }
}

fn cannot_make_files_in(folder: Option<&Path>, error: &io::Error) -> io::Error {
    let folder = folder.unwrap_or(Path::new("")).to_string_lossy();
    let folder = if folder.is_empty() { ".".into() } else { printable(&folder) };
    io::Error::other(match error.kind() {
        ErrorKind::NotFound => format!("there is no folder {folder}; make it first"),
        _ => format!("no file can be made in the folder {folder}: {error}"),
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::*;

    /// A folder of its own for a test, removed at the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(test: &str) -> Self {
            let path = std::env::temp_dir().join(format!("place-{test}-{}", process::id()));
            fs::create_dir_all(&path).expect("there is room for a folder");
            Self(path)
        }

        fn names(&self) -> Vec<String> {
            let files = fs::read_dir(&self.0).expect("the folder is there").flatten();
            let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
            let mut names: Vec<String> = names.collect();
            names.sort();
            names
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Checks and writes, as a program does before and after its run.
    fn save(path: &Path, content: &str) -> io::Result<()> {
        Place::find(path)?.check()?;
        Place::find(path)?.write(content.as_bytes())
    }

    #[track_caller]
    fn refused(path: &Path) -> String {
        let checked = Place::find(path).and_then(|place| place.check());
        checked.expect_err("it takes no file").to_string()
    }

    #[test]
    fn what_takes_no_file_is_refused_and_left_as_it_is() {
        let folder = Folder::new("refused");
        let at = |name: &str| folder.0.join(name);
        let made = process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()), "every Unix has mkfifo");
        let _socket = UnixListener::bind(at("socket")).expect("a socket can be made");
        symlink(at("circle"), at("circle")).expect("a link can be made");
        symlink("missing/run.svg", at("astray")).expect("a link can be made");
        symlink("pipe", at("to-pipe")).expect("a link can be made");
        let before = folder.names();
        assert_eq!(refused(&folder.0), "it is a folder; name a file");
        assert_eq!(refused(&at("pipe")), "it is a pipe; name a file");
        assert_eq!(refused(&at("to-pipe")), "it is a pipe; name a file");
        assert_eq!(refused(&at("socket")), "it is a socket; name a file");
        let missing = format!("there is no folder {}; make it first", at("missing").display());
        assert_eq!(refused(&at("missing/run.svg")), missing);
        assert_eq!(refused(&at("astray")), missing);
        let _ = refused(&at("circle"));
        let _ = refused(&at(&"x".repeat(300)));
        let _ = refused(&at("socket/run.svg"));
        let _ = refused(Path::new(""));
        assert_eq!(folder.names(), before);
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = Folder::new("links");
        let at = |name: &str| folder.0.join(name);
        fs::create_dir(at("deep")).expect("there is room for a folder");
        symlink("deep/second", at("first")).expect("a link can be made");
        symlink("../third", at("deep/second")).expect("a link can be made");
        for content in ["new", "replaced"] {
            save(&at("first"), content).expect("there is room");
            assert_eq!(fs::read_to_string(at("third")).ok().as_deref(), Some(content));
        }
        assert!(at("first").is_symlink() && at("deep/second").is_symlink());
        assert_eq!(folder.names(), ["deep", "first", "third"]);
    }

    #[test]
    fn a_file_keeps_its_mode_and_its_other_names() {
        let folder = Folder::new("mode");
        let (path, other) = (folder.0.join("run.svg"), folder.0.join("other.svg"));
        fs::write(&path, "old and longer").expect("there is room");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("it is ours");
        save(&path, "new").expect("there is room");
        let mode = fs::metadata(&path).expect("it is there").mode() & 0o7777;
        assert_eq!((fs::read_to_string(&path).ok().as_deref(), mode), (Some("new"), 0o640));
        fs::hard_link(&path, &other).expect("it can have two names");
        save(&path, "of both").expect("there is room");
        assert_eq!(fs::read_to_string(&other).ok().as_deref(), Some("of both"));
        assert_eq!(folder.names(), ["other.svg", "run.svg"]);
    }

    #[test]
    fn a_folder_that_takes_no_files_takes_the_content_of_those_it_has() {
        let folder = Folder::new("read-only");
        let path = folder.0.join("run.svg");
        fs::write(&path, "old").expect("there is room");
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o555)).expect("it is ours");
        let new = folder.0.join("new.svg");
        let checked = Place::find(&new).and_then(|place| place.check());
        let written = save(&path, "new");
        fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o755)).expect("it is ours");
        written.expect("the file can be written to");
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), Some("new"));
        match checked {
            Ok(()) => eprintln!("skipped: root makes files in any folder"),
            Err(error) => {
                assert!(error.to_string().starts_with("no file can be made in "), "{error}");
            }
        }
        assert_eq!(folder.names(), ["run.svg"]);
    }

    #[test]
    fn the_longest_name_is_possible() {
        let folder = Folder::new("long");
        let name = "x".repeat(255);
        for content in ["new", "replaced"] {
            save(&folder.0.join(&name), content).expect("the system takes 255 letters");
        }
        assert_eq!(folder.names(), [name]);
    }

    #[test]
    fn a_device_takes_what_is_written() {
        save(Path::new("/dev/null"), "gone").expect("every Unix has /dev/null");
    }
}
