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

use std::path::{Component, Path};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use experiment::{Verdict, claim};
use io_lesson::words::{COLUMNS, fill};
use io_lesson::{Behaviour, CUT_OFF, Error, Failure, Result, Site, say, thousands};
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

// From here on: what is printed and judged.

/// Says how long the downloads took and how many were under way at once, and returns both.
fn timed(how: &str, site: &Site, run: impl FnOnce()) -> (f64, usize) {
    let start_time = Instant::now();
    run();
    let seconds = start_time.elapsed().as_secs_f64();
    let counts = site.take_counts();
    say!("{how} download took: {seconds:.2} seconds\n{counts}\n");
    (seconds, counts.most_at_once)
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

fn main() -> Result<()> {
    // The folder has to go, whoever reads on.
    io_lesson::output::finish_without_reader();
    let folder = env::temp_dir().join(format!("download_files-{}", process::id()));
    fs::create_dir(&folder)?;
    let compared = compare(&folder);
    fs::remove_dir_all(&folder)?;
    compared
}

fn compare(folder: &Path) -> Result<()> {
    let session = &io_lesson::session()?;
    let site = &io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;

    let (slow, one) = timed("Sequential", site, || run_sequential(session, site, folder));
    let (fast, all) = timed("Concurrent", site, || run_concurrent(session, site, folder));
    let saved = files_in(folder)?;
    let trouble = TROUBLE.map(|(page, name)| download_file(session, &site.url(page), folder, name));
    let after = files_in(folder)?;
    say!("\n{}\n", fill(&after.join(", "), COLUMNS, "In the folder: ", "  "));

    let third = Verdict::Holds.timed((0.3..0.4).contains(&(fast / slow)));
    claim("C37", third, format!("{slow:.2} s with {one} at once, {fast:.2} s with {all}"));
    // Python's `requests.get` would have saved the page that says 404, and have said "Finished".
    let failed = trouble.iter().filter(|finished| !**finished).count();
    let refused = Verdict::HoldsDifferently.counted(failed == TROUBLE.len() && after == saved);
    let (all, left) = (trouble.len(), after.len().abs_diff(saved.len()));
    claim("C38", refused, format!("{failed} of {all} failed, and left {left} files"));
    Ok(())
}
