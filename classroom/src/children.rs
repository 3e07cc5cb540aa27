//! Programs that this one runs, and ends when it is told to end itself.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};

/// How often to look whether a program has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long to wait for the last words of a program that has ended. A process that it has left
/// behind may hold its output open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The most that a program may print, on standard output or on standard error. More comes only from
/// one that has no end.
const MOST_BYTES: usize = 16 << 20;

/// The exit status after a signal to end, as of Ctrl-C: 128 and the number of that signal.
pub const INTERRUPTED: u8 = 130;

/// Whether a signal has told this program to end.
static TOLD_TO_END: AtomicBool = AtomicBool::new(false);

/// How a program has ended, and what it has printed.
pub struct ProcessOutput {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program to its end, or until we are told to end. Nothing stands on its standard input.
///
/// # Errors
///
/// It could not be started, or it has been killed, because it took longer than `limit` or printed
/// without end.
pub fn run_to_end(command: &mut Command, limit: Option<Duration>) -> Result<ProcessOutput> {
    run_with_input(command, Stdio::null(), limit)
}

/// As [`run_to_end`], with this as the program's standard input.
///
/// # Errors
///
/// Those of [`run_to_end`].
pub fn run_with_input(
    command: &mut Command,
    input: impl Into<Stdio>,
    limit: Option<Duration>,
) -> Result<ProcessOutput> {
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn()?;
    let start = Instant::now();
    let is_endless = Arc::new(AtomicBool::new(false));
    let stdout = program.stdout.take().map(|pipe| read_along(pipe, &is_endless));
    let stderr = program.stderr.take().map(|pipe| read_along(pipe, &is_endless));
    let mut is_late = false;
    let status = loop {
        if let Some(status) = program.try_wait()? {
            break status;
        }
        is_late = limit.is_some_and(|limit| start.elapsed() > limit);
        if is_late || is_endless.load(Ordering::Relaxed) || is_told_to_end() {
            // Fails only if the program has ended, which is what is wanted.
            let _ = program.kill();
        }
        thread::sleep(POLL_INTERVAL);
    };
    let end = Instant::now();
    let [stdout, stderr] =
        [stdout, stderr].map(|chunks| chunks.map_or(String::new(), |chunks| text(&chunks, end)));
    match limit {
        _ if is_endless.load(Ordering::Relaxed) => Err(Error::new("it prints without end")),
        Some(limit) if is_late => Err(Error::new(format!(
            "it took longer than {} s and was stopped",
            limit.as_secs_f64()
        ))),
        _ => Ok(ProcessOutput { status, stdout, stderr }),
    }
}

/// Reads what a program writes, on a thread of its own, until it is too much.
fn read_along(
    mut pipe: impl Read + Send + 'static,
    is_endless: &Arc<AtomicBool>,
) -> Receiver<Vec<u8>> {
    let (sender, chunks) = mpsc::channel();
    let is_endless = Arc::clone(is_endless);
    thread::spawn(move || {
        let (mut chunk, mut left) = ([0; 4096], MOST_BYTES);
        while let Ok(length @ 1..) = pipe.read(&mut chunk) {
            if length > left {
                return is_endless.store(true, Ordering::Relaxed);
            }
            left -= length;
            if sender.send(chunk[..length].to_vec()).is_err() {
                break; // It has ended, and its last words have taken too long.
            }
        }
    });
    chunks
}

/// All that has been read soon after the program's end.
fn text(chunks: &Receiver<Vec<u8>>, end: Instant) -> String {
    let mut bytes = Vec::new();
    while let Ok(chunk) = chunks.recv_timeout(LAST_WORDS.saturating_sub(end.elapsed())) {
        bytes.extend(chunk);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether this program has been told to end, and so the one that it runs.
pub fn is_told_to_end() -> bool {
    TOLD_TO_END.load(Ordering::Relaxed)
}

/// Listens for the signals to end. (Ctrl-C reaches all programs of a terminal by itself, but not
/// one that was told to end in another way.)
///
/// # Errors
///
/// The system has no thread for that.
pub fn listen_for_the_end() -> Result<()> {
    Ok(ctrlc::set_handler(|| TOLD_TO_END.store(true, Ordering::Relaxed))?)
}
