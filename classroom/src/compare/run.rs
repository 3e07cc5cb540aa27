//! Builds the programs, runs them and collects their figures.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use classroom::cargo;
use classroom::error::{Error, Result};
use classroom::lesson::Summary;
use classroom::timeline::trace;
use serde_json::Value;

use super::table::{ARTICLES_NUMBER, Run};

/// How often to look whether a program has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Whether somebody has told this program to end, and so the one that it runs.
static TOLD_TO_END: AtomicBool = AtomicBool::new(false);

/// Builds a program of the workspace and returns the path of its executable.
pub fn build(workspace: &Path, name: &str) -> Result<PathBuf> {
    let output = cargo::build(workspace, name)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Error::new(format!("Cannot start cargo to build {name}: {error}")))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.filter(|_| output.status.success()).ok_or_else(|| {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        Error::new(format!("cargo could not build {name}. It says:\n\n{}", reason.trim_end()))
    })
}

/// What a program is told to do: the name of a figure, its option, its value.
///
/// The values become figures of the run, so that a saved comparison tells what it measured.
pub type Told = Vec<(&'static str, &'static str, u64)>;

/// Runs a program once and returns its figures, and what it did if that is to be recorded.
pub fn run(executable: &Path, told: &Told, recorded: bool) -> Result<Run> {
    // Beside the executable, where cargo could write; two comparisons may run at once.
    let ours = std::process::id();
    let figures = Leftover(executable.with_extension(format!("{ours}.summary")));
    let recording = Leftover(executable.with_extension(format!("{ours}.json")));
    let mut command = Command::new(executable);
    command.arg("--quiet");
    for (_, option, value) in told {
        command.arg(option).arg(value.to_string());
    }
    command.arg("--summary").arg(&figures.0);
    if recorded {
        command.arg("--save").arg(&recording.0);
    }
    let (status, reason) = run_to_end(&mut command)?;
    if !status.success() {
        return Err(match reason.trim_end() {
            // A program that was killed has not said why.
            "" => Error::new(status),
            reason => Error::new(reason),
        });
    }
    let read = Summary::read(&figures.0)?;
    let told = told.iter().map(|&(name, _, value)| (name, value));
    let figures = told.fold(read, |figures, (name, value)| figures.with(name, value));
    let timeline = if recorded { trace::read_file(&recording.0)?.0.pop() } else { None };
    Ok(Run { figures, timeline })
}

/// Runs a program to its end, or until we are told to end. Returns how it ended, and what it wrote on
/// standard error.
fn run_to_end(command: &mut Command) -> Result<(ExitStatus, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut program = command.spawn()?;
    let said = program.stderr.take();
    let listener = thread::spawn(move || {
        let mut bytes = Vec::new();
        // What arrived before an error is kept.
        let _ = said.map(|mut said| said.read_to_end(&mut bytes));
        String::from_utf8_lossy(&bytes).into_owned()
    });
    let status = loop {
        if let Some(status) = program.try_wait()? {
            break status;
        }
        if is_told_to_end() {
            // Fails only if the program has ended, which is what is wanted.
            let _ = program.kill();
        }
        thread::sleep(POLL_INTERVAL);
    };
    Ok((status, listener.join().unwrap_or_default()))
}

/// Whether this program has been told to end.
pub fn is_told_to_end() -> bool {
    TOLD_TO_END.load(Ordering::Relaxed)
}

/// Listens for the signal to end. (Ctrl-C reaches all programs of a terminal by itself.)
///
/// # Errors
///
/// The system has no thread or no file for that.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "nothing is registered there"))]
pub fn listen_for_the_end() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut terminated = runtime.block_on(async { signal(SignalKind::terminate()) })?;
        thread::Builder::new().spawn(move || {
            runtime.block_on(terminated.recv());
            TOLD_TO_END.store(true, Ordering::Relaxed);
        })?;
    }
    Ok(())
}

/// A file that a program leaves for us, removed when it is not needed any more.
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        // A program that failed may not have written it.
        let _ = fs::remove_file(&self.0);
    }
}

/// How long the sums of the comparison keep one core busy, in seconds. The article's take less than
/// a tenth of that, too little for the clock and for the start of a process.
const BUSY: f64 = 0.5;

/// The first number with which the 20 sums keep one core of this machine busy for about half a
/// second, at least the article's. `program` computes them one after the other.
pub fn number_for_half_a_second(program: &Path) -> Result<u64> {
    let mut number = ARTICLES_NUMBER;
    // The article's sums are too short to tell exactly; those of the next run may be long enough.
    for _ in 0..6 {
        let run = run(program, &vec![("number", "--number", number)], false)?;
        // Waiting for a core does not count: other programs may be running.
        let busy = run.figures.number("cpu_seconds").filter(|seconds| *seconds > 0.0);
        let busy = busy.or(run.figures.number("seconds")).unwrap_or(0.0);
        if busy >= BUSY / 2.0 {
            #[expect(clippy::cast_precision_loss, reason = "numbers are far below 2^52")]
            let steps = (number as f64 * BUSY / busy / ARTICLES_NUMBER as f64).round();
            #[expect(clippy::cast_possible_truncation, reason = "it is a small whole number")]
            #[expect(clippy::cast_sign_loss, reason = "it is at least 1")]
            return Ok(steps.max(1.0) as u64 * ARTICLES_NUMBER);
        }
        number *= 4;
    }
    Ok(ARTICLES_NUMBER)
}
