//! Runs the real programs.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::checks::check_width;
use super::process_output::ProcessOutput;
use super::waiting::{DEADLINE, POLL_INTERVAL, wait_until};

/// A command that runs a program without input, and without a proxy that this machine may have.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
}

/// Runs a program to its end.
#[track_caller]
pub fn run(program: &str, arguments: &[&str]) -> ProcessOutput {
    Running::start(&mut command(program, arguments)).end()
}

/// The path of an example of the crate whose test is running.
#[track_caller]
pub fn example(name: &str) -> String {
    // The test is `target/PROFILE/deps/NAME`, the example `target/PROFILE/examples/NAME`.
    let test = std::env::current_exe().expect("a running test has a path");
    let profile = test.ancestors().nth(2).expect("a test is two folders deep");
    let mut path: PathBuf = profile.join("examples").join(name);
    path.set_extension(std::env::consts::EXE_EXTENSION);
    assert!(
        path.exists(),
        "{} is missing; `cargo test` builds it, `cargo test --test NAME` does not: \
         run `cargo build --examples` first",
        path.display(),
    );
    path.to_str().expect("the path of the target folder is text").into()
}

/// Runs an example of the crate whose test is running. It must end well, and fit on the screen.
#[track_caller]
pub fn run_example(name: &str) -> ProcessOutput {
    let ended = run(&example(name), &[]).well();
    check_width(&ended.stdout);
    ended
}

/// A command that runs a program with a limit on its open files, as `ulimit -n` sets it.
#[cfg(unix)]
pub fn command_with_ulimit(ulimit: &str, program: &str, arguments: &[&str]) -> Command {
    let script = format!("ulimit {ulimit}; exec \"$0\" \"$@\"");
    let mut command = command("sh", &["-c", &script, program]);
    command.args(arguments);
    command
}

/// A program that is running; killed when the test ends before it.
pub struct Running {
    process: Child,
    stdout: Option<PipeContent>,
    stderr: Option<PipeContent>,
}

/// What has arrived from a pipe so far.
struct PipeContent {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl PipeContent {
    fn after(pause: Duration, mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&bytes);
        let thread = thread::spawn(move || {
            thread::sleep(pause);
            let mut some = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut some) {
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(&some[..length]);
            }
        });
        Self { bytes, thread }
    }

    fn text(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

fn text(output: Option<&PipeContent>) -> String {
    output.map(PipeContent::text).unwrap_or_default()
}

impl Running {
    /// Starts a program and collects what it writes.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        Self::start_with_stdout(command.stdout(Stdio::piped()))
    }

    /// Starts a program whose standard output may have been sent elsewhere.
    #[track_caller]
    pub fn start_with_stdout(command: &mut Command) -> Self {
        let mut running = Self::spawn(command);
        running.collect_stdout(Duration::ZERO);
        running
    }

    /// Starts a program and collects what it writes, but reads none of its standard output for some
    /// time.
    #[track_caller]
    pub fn start_paused(command: &mut Command, pause: Duration) -> Self {
        let mut running = Self::spawn(command.stdout(Stdio::piped()));
        running.collect_stdout(pause);
        running
    }

    /// Starts a program, reads so many lines of its standard output and then reads no more, as
    /// `| head` does.
    #[track_caller]
    pub fn start_and_read(command: &mut Command, lines: usize) -> (Self, Vec<String>) {
        let mut running = Self::spawn(command.stdout(Stdio::piped()));
        let pipe = running.process.stdout.take().expect("the pipe was asked for");
        let reader = thread::spawn(move || {
            BufReader::new(pipe).lines().take(lines).map_while(Result::ok).collect()
        });
        wait_until("the first lines", || reader.is_finished());
        (running, reader.join().expect("the reader does not panic"))
    }

    /// Starts a program and collects what it writes on standard error.
    #[track_caller]
    fn spawn(command: &mut Command) -> Self {
        let process = command.stderr(Stdio::piped()).spawn();
        let mut process = process.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stderr = process.stderr.take().map(|pipe| PipeContent::after(Duration::ZERO, pipe));
        Self { process, stdout: None, stderr }
    }

    fn collect_stdout(&mut self, pause: Duration) {
        self.stdout = self.process.stdout.take().map(|pipe| PipeContent::after(pause, pipe));
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What the program has written on standard output so far.
    pub fn stdout(&self) -> String {
        text(self.stdout.as_ref())
    }

    /// What the program has written on standard error so far.
    pub fn stderr(&self) -> String {
        text(self.stderr.as_ref())
    }

    /// Gives the program a line of input.
    #[track_caller]
    pub fn type_line(&mut self, line: &str) {
        let stdin = self.process.stdin.as_mut().expect("the test has given it a pipe");
        stdin.write_all(format!("{line}\n").as_bytes()).expect("the program reads its input");
    }

    /// Types nothing more.
    pub fn close_input(&mut self) {
        self.process.stdin = None;
    }

    /// Waits for the end of the program, and of every process that holds its output open.
    #[track_caller]
    pub fn end(self) -> ProcessOutput {
        self.end_within(DEADLINE)
    }

    /// As [`Running::end`], for a program that may take longer than others.
    #[track_caller]
    pub fn end_within(mut self, deadline: Duration) -> ProcessOutput {
        let begin = Instant::now();
        let mut status = None;
        loop {
            if status.is_none() {
                status = self.process.try_wait().expect("the system knows its processes");
            }
            let outputs = [&self.stdout, &self.stderr];
            let closed = outputs.into_iter().flatten().all(|output| output.thread.is_finished());
            if let (Some(status), true) = (status, closed) {
                return ProcessOutput { stdout: self.stdout(), stderr: self.stderr(), status };
            }
            if begin.elapsed() > deadline {
                let who =
                    if status.is_some() { "a process that it started" } else { "the program" };
                let (stdout, stderr) = (self.stdout(), self.stderr());
                panic!("{who} does not end\n--- stdout:\n{stdout}--- stderr:\n{stderr}");
            }
            thread::sleep(POLL_INTERVAL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only if the process has ended, which is what is wanted.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
