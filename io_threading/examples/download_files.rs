//! `download_files`: three files, saved one after the other, and then with a thread for each.
//!
//! - **Run** `cargo run -p io_threading --example download_files`
//! - **See** the same lines in another order, in a third of the time. Then what is left in the folder
//!   of downloads that go wrong: nothing.
//! - **Why** Three threads wait for their files at the same time. A page is read to its end before
//!   anything is written, and a file gets its name only when it is whole. So a file that was there
//!   before is the old one or the new one, and never a part of it.
//! - **Try** leave `error_for_status` out: what is in the folder then?
//! - **Next** `cargo run -p io_asyncio --example fetch_pages`, where one thread waits for three pages.

use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, process, thread};

use experiment::{Verdict, claim};
use io_lesson::words::{COLUMNS, fill};
use io_lesson::{Behaviour, CUT_OFF, Counts, Error, Failure, Result, Site};
use io_lesson::{room_for_threads, say, thousands};
use reqwest::blocking::Client as Session;

const FILES: [(&str, &str); 3] =
    [("/jython", "file_0.html"), ("/dice", "file_1.html"), ("/jython", "file_2.html")];
const TROUBLE: [(&str, &str); 4] = [
    ("/not-there", "new.html"),
    (CUT_OFF, "new.html"),
    (CUT_OFF, "file_0.html"), // which is there already
    ("/dice", "../file_0.html"),
];
const LATENCY: Duration = Duration::from_millis(500); // of each answer
const TIMEOUT: Duration = Duration::from_secs(10); // for the whole file

fn download_file(session: &Session, url: &str, folder: &Path, name: &str) -> bool {
    say!("Starting download of {url}...");
    let saved = download(session, url, folder, name);
    let end = match &saved {
        Ok(()) => format!("Finished downloading {url}"),
        Err(error) => fill(&format!("Error downloading {url}: {error}"), COLUMNS, "", "  "),
    };
    say!("{end}");
    saved.is_ok()
}

fn download(session: &Session, url: &str, folder: &Path, name: &str) -> Result<(), Failure> {
    let mut components = Path::new(name).components();
    let (Some(Component::Normal(_)), None) = (components.next(), components.next()) else {
        return Err(Error::new(format!("{name:?} would not be a file in this folder")).into());
    };
    let content = session.get(url).timeout(TIMEOUT).send()?.error_for_status()?.bytes()?;
    save(&content, &folder.join(name))
}

/// Writes a file under another name, and gives it its own when it is whole: the old file is there
/// until then, and the new one from then on.
fn save(content: &[u8], file: &Path) -> Result<(), Failure> {
    let part = file.with_added_extension("part");
    let saved = fs::write(&part, content).and_then(|()| fs::rename(&part, file));
    if saved.is_err() {
        // Nothing can be done about a part that cannot be removed.
        let _ = fs::remove_file(&part);
    }
    Ok(saved?)
}

fn run_sequential(session: &Session, site: &Site, folder: &Path) {
    for (page, name) in FILES {
        download_file(session, &site.url(page), folder, name);
    }
}

fn run_concurrent(session: &Session, site: &Site, folder: &Path) {
    thread::scope(|scope| {
        for (page, name) in FILES {
            // The line that matters: a thread for each file; at its end the scope waits for all.
            scope.spawn(move || download_file(session, &site.url(page), folder, name));
        }
    });
}

// From here on: what is judged.

/// Says how long the downloads took and what the site saw, and returns both.
fn timed(how: &str, site: &Site, run: impl FnOnce()) -> (f64, Counts) {
    let start_time = Instant::now();
    run();
    let seconds = start_time.elapsed().as_secs_f64();
    let counts = site.take_counts();
    say!("{how} download took: {seconds:.2} seconds\n{counts}\n");
    (seconds, counts)
}

/// The files in the folder and their sizes.
fn files_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let (name, size) = (file.file_name(), thousands(file.metadata()?.len()));
        files.push(format!("{} ({size} bytes)", name.display()));
    }
    files.sort();
    Ok(files)
}

fn compare(folder: &Path) -> Result<()> {
    let session = &io_lesson::session()?;
    let site = &io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    room_for_threads(FILES.len())?;

    let (slow, one) = timed("Sequential", site, || run_sequential(session, site, folder));
    let (fast, all) = timed("Concurrent", site, || run_concurrent(session, site, folder));
    let saved = files_in(folder)?;
    let trouble = TROUBLE.map(|(page, name)| download_file(session, &site.url(page), folder, name));
    let (after, counts) = (files_in(folder)?, site.counts());
    say!("\n{}\n", fill(&after.join(", "), COLUMNS, "In the folder: ", "  "));

    let answered = [one, all, counts].map(|counts| counts.answered);
    // The name that is refused comes to no request.
    let is_measured =
        answered == [FILES.len(), FILES.len(), TROUBLE.len() - 1] && saved.len() == FILES.len();
    let judged = |verdict| if is_measured { verdict } else { Verdict::Undecided };
    let share = fast / slow;
    let third = judged(Verdict::Holds.timed(f64::min(share / 0.3, 0.4 / share)));
    let [one, all] = [one, all].map(|counts| counts.most_at_once);
    claim("C37", third, format!("{slow:.2} s with {one} at once, {fast:.2} s with {all}"));
    // Python's `requests.get` would have saved the page that says 404, and have said "Finished".
    let failed = trouble.iter().filter(|finished| !**finished).count();
    let refused = Verdict::HoldsDifferently.counted(failed == TROUBLE.len() && after == saved);
    let (all, left) = (trouble.len(), after.len().abs_diff(saved.len()));
    claim("C38", judged(refused), format!("{failed} of {all} failed, and left {left} files"));
    Ok(())
}

/// The option that makes this program the one that removes the folder of another.
const REMOVE: &str = "--remove-folder-of";

/// The folder of the program with this number.
fn folder_of(process: u32) -> PathBuf {
    env::temp_dir().join(format!("download_files-{process}"))
}

/// Starts this program again, to remove the folder of this one at its end, however it comes to that:
/// a full disk, Ctrl-C and `kill -9` included.
fn start_remover() -> Result<Child> {
    let mut remover = Command::new(env::current_exe()?);
    remover.args([REMOVE, &process::id().to_string()]).stdin(Stdio::piped());
    // Ctrl-C ends this program, and not the one that has to tidy up behind it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut remover, 0);
    remover.spawn().map_err(|error| Error::new(format!("Cannot start another process: {error}")))
}

/// Waits for the end of the program with this number, which closes the standard input of this one.
fn remove_folder_of(process: u32) -> Result<()> {
    io::copy(&mut io::stdin(), &mut io::sink())?;
    let folder = folder_of(process);
    if folder.exists() { Ok(fs::remove_dir_all(folder)?) } else { Ok(()) }
}

fn main() -> Result<()> {
    if let (Some(REMOVE), Some(process)) = (env::args().nth(1).as_deref(), env::args().nth(2)) {
        return remove_folder_of(process.parse()?);
    }
    let mut remover = start_remover()?;
    let folder = folder_of(process::id());
    fs::create_dir(&folder).map_err(|error| {
        Error::new(format!("Cannot make the folder {}: {error}", folder.display()))
    })?;
    let compared = compare(&folder);
    remover.wait()?;
    compared
}
