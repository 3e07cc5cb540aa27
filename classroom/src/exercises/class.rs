//! Checks the exercises of a class: of each student what stands above the checks, with the original
//! checks below.

mod bench;
mod bounds;
mod hand_in;
mod report;
mod words;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::mpsc;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;
use std::time::Instant;

use basics::error::{Error, Result};
use basics::output::{self, warn};
use basics::say;
use basics::words::{COLUMNS, fill, plural};
use experiment::EXERCISES;
use timeline::save::Target;

use super::build;
use super::state::State;
use crate::cargo::Executables;
use crate::children::is_told_to_end;
use bench::{Bench, Original};
use bounds::Bounds;
use hand_in::{HandIn, Part};

/// How the exercises of one student stand.
struct Row {
    student: String,
    cells: Vec<Cell>,
}

/// How one exercise of one student stands, if there is a file of it.
type Cell = Option<State>;

/// What is judged: the number of an exercise, and what somebody has written. Equal ones are judged once.
type Work = (usize, String);

/// Checks what the students have handed in and prints a table.
///
/// # Errors
///
/// There is nothing to check, or no way to do that.
pub fn check(workspace: &Path, folder: &Path, save: Option<&Path>) -> Result<ExitCode> {
    let start = Instant::now();
    let hand_ins = hand_in::read(folder)?;
    let target = save.map(|path| Target::of_any_form(path.into()));
    // Nobody else takes the name meanwhile; if no table comes, the file goes again.
    target.as_ref().map(Target::reserve).transpose()?;
    let forget = || target.as_ref().map(Target::release);
    let states = judge(workspace, &hand_ins);
    let Some(states) = states.inspect_err(|_| _ = forget())? else {
        forget();
        return Ok(ExitCode::FAILURE);
    };
    let rows: Vec<Row> = hand_ins.into_iter().map(|it| row(it, &states)).collect();
    report::print(&rows, start.elapsed());
    if let Some(target) = &target {
        let saved = target.write(|file| file.write_all(report::csv(&rows).as_bytes()));
        saved.inspect_err(|_| _ = forget())?;
        say!("Saved: {target}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Judges what has been handed in; nothing if we are told to end.
fn judge(workspace: &Path, hand_ins: &[HandIn]) -> Result<Option<BTreeMap<Work, State>>> {
    let parts = || hand_ins.iter().flat_map(|it| it.parts.iter().enumerate());
    let texts = || parts().filter_map(|(exercise, part)| Some((exercise, part.text()?.clone())));
    let mut works: Vec<Work> = texts().collect();
    works.sort();
    works.dedup();
    let bounds = Bounds::of_this_system();
    let what = format!(
        "{} in {}, {} of them different. This builds and runs what other people have written. {}",
        plural(texts().count() as u64, "file"),
        plural(hand_ins.len() as u64, "folder"),
        works.len(),
        bounds.described()
    );
    warn(format_args!("{}", fill(&what, COLUMNS, "", "")));
    let executables = build(workspace, &EXERCISES, |what| warn(format_args!("{what} …")))?;
    let originals: Result<Vec<Original>> =
        EXERCISES.iter().map(|exercise| Original::read(*exercise, workspace)).collect();
    let scratch = Scratch::new(&executables)?;
    let bench = Bench {
        workspace,
        executables: &executables,
        bounds,
        folder: scratch.0.clone(),
        machine: RwLock::new(()),
    };
    output::quiet(works.len() as u64);
    let states = judge_all(&bench, &originals?, works);
    Ok(Some(states).filter(|_| !is_told_to_end()))
}

/// Judges as many at once as there are cores.
fn judge_all(bench: &Bench, originals: &[Original], works: Vec<Work>) -> BTreeMap<Work, State> {
    let waiting = Mutex::new(works.into_iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let (sender, states) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..num_cpus::get() {
            let sender = sender.clone();
            scope.spawn(move || {
                while let Some((number, work)) = next().filter(|_| !is_told_to_end()) {
                    let state = bench.judge(number, &originals[work.0], &work.1);
                    output::step();
                    if sender.send((work, state)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        states.into_iter().collect()
    })
}

fn row(hand_in: HandIn, states: &BTreeMap<Work, State>) -> Row {
    let cell = |(exercise, part): (usize, Part)| match part {
        Part::None => None,
        Part::Unusable(why) => Some(State::Unknown(why)),
        Part::Text(text) => states.get(&(exercise, text)).cloned(),
    };
    let cells = hand_in.parts.into_iter().enumerate().map(cell).collect();
    Row { student: hand_in.student, cells }
}

/// The folder in which all is built, until the end.
struct Scratch(PathBuf);

impl Scratch {
    /// Beside the programs, because there is room for programs, and they may be run.
    fn new(executables: &Executables) -> Result<Self> {
        let (libraries, _) = executables.libraries();
        let beside = libraries.get("experiment").and_then(|path| path.parent());
        let beside = beside.ok_or_else(|| Error::new("cargo has not built the exercises"))?;
        let folder = beside.join(format!("exercises-of-a-class-{}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left there only takes room.
        let _ = fs::remove_dir_all(&self.0);
    }
}
