//! Stays open, and judges an exercise whenever its file is saved.

use std::fs;
use std::path::Path;
use std::process::{self, ExitCode};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, SystemTime};

use basics::error::{Error, Result};
use basics::say;
use console::{Key, Term};
use experiment::EXERCISES;

use super::screen::{Board, View};
use super::state::{Judged, State};
use super::{build, file, judge};
use crate::children::{end_running, is_told_to_end};
use crate::tty::Kept;

/// How often to look whether a file has been saved, or whether we are told to end.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// What can happen.
enum Event {
    Key(Key),
    /// The keyboard is gone.
    NoMoreKeys,
    Judged(usize, Judged),
    /// What cargo builds, or waits for.
    Builds(String),
    /// Cargo cannot build, whatever stands in the files.
    CannotBuild(Error),
}

/// An exercise that is to be judged.
struct Job {
    index: usize,
    /// Its file has been saved since all were built.
    is_saved: bool,
}

/// When each file was saved last.
type Saved = [Option<SystemTime>; EXERCISES.len()];

/// Shows one exercise after the other until `q`.
pub fn watch(workspace: &Path) -> Result<ExitCode> {
    let (sender, events) = mpsc::channel();
    let (jobs, waiting) = mpsc::channel();
    // Before anything can be printed, so that it ends as it was.
    let terminal = Kept::now();
    let keys = sender.clone();
    thread::Builder::new().spawn(move || read_keys(&keys))?;
    let folder = workspace.to_path_buf();
    thread::Builder::new().spawn(move || judge_all(&folder, &waiting, &sender))?;
    let mut board = Board {
        judged: [const { None }; EXERCISES.len()],
        waiting: Vec::new(),
        current: 0,
        view: View::Exercise,
        builds: String::new(),
    };
    let result = watch_until_the_end(workspace, &mut board, &events, &jobs);
    let is_interrupted = is_told_to_end();
    end_running();
    drop(terminal);
    say!("");
    match result {
        // What was running was told to end, and this program was not.
        Ok(()) if !is_interrupted => process::exit(0),
        result => result.map(|()| ExitCode::SUCCESS),
    }
}

fn watch_until_the_end(
    workspace: &Path,
    board: &mut Board,
    events: &Receiver<Event>,
    jobs: &Sender<Job>,
) -> Result<()> {
    let mut saved = saved(workspace);
    for index in 0..EXERCISES.len() {
        ask(board, jobs, Job { index, is_saved: false });
    }
    // The first that is not solved is shown, once it is known.
    let mut has_begun = false;
    board.draw();
    while !is_told_to_end() {
        let is_news = match events.recv_timeout(POLL_INTERVAL) {
            Ok(Event::Key(key)) => {
                has_begun = true;
                match obey(board, key) {
                    None => break,
                    Some(is_known) => is_known,
                }
            }
            Ok(Event::Judged(index, judged)) => {
                board.waiting.retain(|waiting| *waiting != index);
                let is_solved = judged.state == State::Solved;
                board.judged[index] = Some(judged);
                if !has_begun && index == board.current {
                    has_begun = !is_solved || index + 1 == EXERCISES.len();
                    board.current += usize::from(!has_begun);
                }
                true
            }
            Ok(Event::Builds(what)) => {
                board.builds = what;
                true
            }
            Ok(Event::CannotBuild(error)) => return Err(error),
            Ok(Event::NoMoreKeys) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => false,
        };
        let now = self::saved(workspace);
        let changed: Vec<usize> = (0..now.len()).filter(|it| now[*it] != saved[*it]).collect();
        saved = now;
        for index in &changed {
            (board.current, board.view, has_begun) = (*index, View::Exercise, true);
            ask(board, jobs, Job { index: *index, is_saved: true });
        }
        if is_news || !changed.is_empty() {
            board.draw();
        }
    }
    Ok(())
}

/// Asks for an exercise to be judged.
fn ask(board: &mut Board, jobs: &Sender<Job>, job: Job) {
    let index = job.index;
    // Fails only if nobody judges any more, and then there is an event that says so.
    if jobs.send(job).is_ok() {
        board.waiting.push(index);
    }
}

/// Does what a key says, and returns whether it says anything; nothing if it says the end.
fn obey(board: &mut Board, key: Key) -> Option<bool> {
    let last = EXERCISES.len() - 1;
    match (key, board.view) {
        (Key::Char('q') | Key::CtrlC, _) => return None,
        (Key::Char('h'), View::Hint) | (Key::Char('l') | Key::Enter, View::List) => {
            board.view = View::Exercise;
        }
        (Key::Char('h'), _) => board.view = View::Hint,
        (Key::Char('l'), _) => board.view = View::List,
        (Key::Char('n'), _) => {
            let after = if board.current == last { 0 } else { board.current + 1 };
            board.current = board.unsolved_from(after).unwrap_or(after);
            board.view = View::Exercise;
        }
        (Key::ArrowDown, View::List) => board.current = last.min(board.current + 1),
        (Key::ArrowUp, View::List) => board.current = board.current.saturating_sub(1),
        _ => return Some(false),
    }
    Some(true)
}

fn saved(workspace: &Path) -> Saved {
    let time = |path| fs::metadata(path).and_then(|file| file.modified()).ok();
    EXERCISES.map(|exercise| time(workspace.join(file(exercise))))
}

/// Reads keys until there are no more, or until the one that ends all.
fn read_keys(events: &Sender<Event>) {
    while let Ok(key) = Term::stdout().read_key() {
        let is_last = key == Key::Char('q');
        if events.send(Event::Key(key)).is_err() || is_last {
            return;
        }
    }
    // Nobody listens if the end has come already.
    let _ = events.send(Event::NoMoreKeys);
}

/// Judges the exercises that are asked for. At first they are built together, which is faster.
fn judge_all(workspace: &Path, jobs: &Receiver<Job>, events: &Sender<Event>) {
    let report = |what: &str| drop(events.send(Event::Builds(format!("{what} …"))));
    let all = match build(workspace, &EXERCISES, report) {
        Ok(executables) => executables,
        Err(error) => return drop(events.send(Event::CannotBuild(error))),
    };
    let mut waiting = Vec::new();
    while let Some(Job { index, is_saved }) = next_job(&mut waiting, jobs) {
        let exercise = EXERCISES[index];
        let judged = if is_saved {
            match build(workspace, &[exercise], report) {
                Ok(executables) => judge(exercise, workspace, &executables),
                Err(error) => {
                    let state = State::Unknown("it cannot be built".into());
                    Judged { state, says: error.to_string() }
                }
            }
        } else {
            judge(exercise, workspace, &all)
        };
        if events.send(Event::Judged(index, judged)).is_err() {
            return;
        }
    }
}

/// The exercise that has been saved last, or the first of the others. Once is enough for each.
fn next_job(waiting: &mut Vec<Job>, jobs: &Receiver<Job>) -> Option<Job> {
    if waiting.is_empty() {
        waiting.push(jobs.recv().ok()?);
    }
    waiting.extend(jobs.try_iter());
    let next = waiting.remove(waiting.iter().rposition(|job| job.is_saved).unwrap_or(0));
    waiting.retain(|job| job.index != next.index);
    Some(next)
}
