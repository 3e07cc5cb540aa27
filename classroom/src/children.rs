//! Programs that this one runs, and ends when it is told to end itself.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use basics::error::{Error, Result};

/// How often to look whether a program has ended.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long to wait for the last words of a program that has ended. A process that it has left
/// behind may hold its output open.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The exit status after a signal to end, as of Ctrl-C: 128 and the number of that signal.
pub const INTERRUPTED: u8 = 130;

/// Whether a signal has told this program to end.
static TOLD_TO_END: AtomicBool = AtomicBool::new(false);

/// A program that has ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program to its end, or until we are told to end.
///
/// # Errors
///
/// It could not be started, or it has been killed because it took longer than `limit`.
pub fn run_to_end(command: &mut Command, limit: Option<Duration>) -> Result<Ended> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn()?;
    let start = Instant::now();
    let stdout = program.stdout.take().map(Listener::to);
    let stderr = program.stderr.take().map(Listener::to);
    let mut is_late = false;
    let status = loop {
        if let Some(status) = program.try_wait()? {
            break status;
        }
        is_late = limit.is_some_and(|limit| start.elapsed() > limit);
        if is_late || is_told_to_end() {
            // Fails only if the program has ended, which is what is wanted.
            let _ = program.kill();
        }
        thread::sleep(POLL_INTERVAL);
    };
    let end = Instant::now();
    let [stdout, stderr] = [stdout, stderr]
        .map(|listener| listener.map_or(String::new(), |listener| listener.heard(end)));
    match limit {
        Some(limit) if is_late => Err(Error::new(format!(
            "it took longer than {} s and was stopped",
            limit.as_secs_f64()
        ))),
        _ => Ok(Ended { status, stdout, stderr }),
    }
}

/// A thread that reads what a program writes.
struct Listener {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Listener {
    fn to(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&bytes);
        let thread = thread::spawn(move || {
            let mut some = [0; 4096];
            // What arrived before an error is kept.
            while let Ok(length @ 1..) = pipe.read(&mut some) {
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(&some[..length]);
            }
        });
        Self { bytes, thread }
    }

    /// All that has been read soon after the program's end.
    fn heard(self, end: Instant) -> String {
        while !self.thread.is_finished() && end.elapsed() < LAST_WORDS {
            thread::sleep(POLL_INTERVAL);
        }
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
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
