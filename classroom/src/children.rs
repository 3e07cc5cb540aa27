//! Programs that this one runs, and ends when it is told to end itself.

use std::io::{ErrorKind, Read};
#[cfg(unix)]
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, LazyLock, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};

/// How often to look whether a program has ended.
pub const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long to wait for the last words of a program that has ended. A process that it has left
/// behind may hold its output open.
pub const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long a program may take to end when it has been told to.
const GRACE: Duration = Duration::from_secs(1);

/// How long this program may take to end when it has been told to, and no other runs.
const PATIENCE: Duration = Duration::from_millis(500);

/// The most that a program may print, on standard output or on standard error. More comes only from
/// one that has no end.
const MOST_BYTES: usize = 16 << 20;

/// The exit status after a signal to end, as of Ctrl-C: 128 and the number of that signal.
pub const INTERRUPTED: u8 = 130;

/// Whether a signal has told this program to end.
static TOLD_TO_END: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Shared by the programs that run.
static RUNS: RwLock<()> = RwLock::new(());

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
/// It could not be started, or it has been stopped, because it took longer than `limit` or printed
/// without end.
pub fn run_to_end(command: &mut Command, limit: Option<Duration>) -> Result<ProcessOutput> {
    run(command, Stdio::null(), limit, |_| {})
}

/// As [`run_to_end`], without a limit; meanwhile `watch` is shown again and again what the program has
/// written on standard error.
///
/// # Errors
///
/// Those of [`run_to_end`].
pub fn run_and_watch(command: &mut Command, watch: impl FnMut(&[u8])) -> Result<ProcessOutput> {
    run(command, Stdio::null(), None, watch)
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
    run(command, input.into(), limit, |_| {})
}

fn run(
    command: &mut Command,
    input: Stdio,
    limit: Option<Duration>,
    mut watch: impl FnMut(&[u8]),
) -> Result<ProcessOutput> {
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
    // It is ended together with what it has started.
    #[cfg(unix)]
    command.process_group(0);
    let _runs = RUNS.read();
    let mut program = start(command)?;
    let is_endless = Arc::new(AtomicBool::new(false));
    let stdout = program.stdout.take().map(|pipe| read_along(pipe, &is_endless)).transpose();
    let stderr = program.stderr.take().map(|pipe| read_along(pipe, &is_endless)).transpose();
    let (Ok(Some(stdout)), Ok(Some(stderr))) = (stdout, stderr) else {
        end(&mut program, true);
        program.wait()?;
        return Err(Error::no_more_threads());
    };
    let mut errors = Vec::new();
    let (status, is_late) = wait(&mut program, limit, &is_endless, || {
        errors.extend(stderr.try_iter().flatten());
        watch(&errors);
    })?;
    let end = Instant::now();
    let stdout = text(Vec::new(), &stdout, end);
    let stderr = text(errors, &stderr, end);
    match limit {
        _ if is_endless.load(Ordering::Relaxed) => Err(Error::new("it prints without end")),
        Some(limit) if is_late => Err(Error::new(format!(
            "it took longer than {} s and was stopped",
            limit.as_secs_f64()
        ))),
        _ => Ok(ProcessOutput { status, stdout, stderr }),
    }
}

/// Starts a program.
///
/// # Errors
///
/// It is not there any more, say.
pub fn start(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|error| {
        let path = Path::new(command.get_program());
        let name = path.file_name().unwrap_or_default().display();
        let reason = match error.kind() {
            ErrorKind::WouldBlock => "the system starts no more processes (ulimit -u)".into(),
            _ => error.to_string(),
        };
        Error::new(format!("Cannot start {name}: {reason}"))
    })
}

/// Waits for the end of a program, and looks again and again; returns whether it was late. If it is
/// late or prints without end, or if we are told to end, it is ended.
fn wait(
    program: &mut Child,
    limit: Option<Duration>,
    is_endless: &AtomicBool,
    mut look: impl FnMut(),
) -> Result<(ExitStatus, bool)> {
    let start = Instant::now();
    let mut is_late = false;
    let mut told = None;
    let status = loop {
        if let Some(status) = program.try_wait()? {
            break status;
        }
        look();
        is_late = limit.is_some_and(|limit| start.elapsed() > limit);
        if is_late || is_endless.load(Ordering::Relaxed) || is_told_to_end() {
            let told = *told.get_or_insert_with(Instant::now);
            end(program, told.elapsed() > GRACE);
        }
        thread::sleep(POLL_INTERVAL);
    };
    if told.is_some() {
        // It has ended; what it has started may not have.
        end(program, true);
    }
    Ok((status, is_late))
}

/// Ends a program and what it has started: tells them to end, or makes them.
fn end(program: &mut Child, by_force: bool) {
    // Either fails only if they have ended, which is what is wanted.
    #[cfg(unix)]
    {
        use nix::sys::signal::{Signal, killpg};

        let signal = if by_force { Signal::SIGKILL } else { Signal::SIGTERM };
        let _ = killpg(nix::unistd::Pid::from_raw(program.id().cast_signed()), signal);
    }
    #[cfg(not(unix))]
    let _ = program.kill().map(|()| by_force);
}

/// Reads what a program writes, on a thread of its own, until it is too much.
fn read_along(
    mut pipe: impl Read + Send + 'static,
    is_endless: &Arc<AtomicBool>,
) -> Result<Receiver<Vec<u8>>> {
    let (sender, chunks) = mpsc::channel();
    let is_endless = Arc::clone(is_endless);
    thread::Builder::new().spawn(move || {
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
    })?;
    Ok(chunks)
}

/// All that has been read soon after the program's end.
fn text(mut bytes: Vec<u8>, chunks: &Receiver<Vec<u8>>, end: Instant) -> String {
    while let Ok(chunk) = chunks.recv_timeout(LAST_WORDS.saturating_sub(end.elapsed())) {
        bytes.extend(chunk);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether this program has been told to end, and so the one that it runs.
pub fn is_told_to_end() -> bool {
    TOLD_TO_END.load(Ordering::Relaxed)
}

/// Has this program end as if a signal had told it to.
pub fn tell_to_end() {
    TOLD_TO_END.store(true, Ordering::Relaxed);
}

/// Ends the programs that are running, if there are any.
pub fn end_running() {
    tell_to_end();
    drop(RUNS.write());
}

/// Listens for the signals to end, Ctrl-C among them, and ends the program that is running.
///
/// # Errors
///
/// The system has no thread for that.
pub fn listen_for_the_end() -> Result<()> {
    #[cfg(unix)]
    {
        use signal_hook::{consts::SIGQUIT, flag};

        // Told so a second time, it ends at once.
        flag::register_conditional_shutdown(SIGQUIT, INTERRUPTED.into(), Arc::clone(&TOLD_TO_END))?;
        flag::register(SIGQUIT, Arc::clone(&TOLD_TO_END))?;
    }
    on_signal(|| {
        end_running();
        // While nobody reads what it prints, this program does not come to its end by itself.
        thread::sleep(PATIENCE);
        process::exit(INTERRUPTED.into());
    })
}

/// Has this done at each signal to end.
///
/// # Errors
///
/// The system has no thread for that.
pub fn on_signal(handle: impl FnMut() + Send + 'static) -> Result<()> {
    ctrlc::set_handler(handle).map_err(|_| Error::no_more_threads())
}
