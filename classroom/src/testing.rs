//! What the tests of the programs share: they run the real programs, ask the referee and never wait
//! without an end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

pub mod browser;
#[cfg(feature = "io")]
pub mod downloads;
pub mod pictures;
pub mod sums;

/// Makes a test of each of these functions in a module of `classroom::testing`, called with these
/// arguments.
#[macro_export]
macro_rules! tests_of {
    ($module:ident $arguments:tt; $($(#[$on:meta])? $name:ident)*) => {
        $(
            $(#[$on])?
            #[test]
            fn $name() {
                $crate::testing::$module::$name $arguments;
            }
        )*
    };
}

/// Nothing that a test waits for takes nearly as long, so a wait of this length is a hang.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How long to look away between two looks.
const LOOK: Duration = Duration::from_millis(5);

/// Waits until `happened` returns true; the test fails if that takes too long.
#[track_caller]
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        thread::sleep(LOOK);
    }
}

/// A command that runs a program without input, and without a proxy that this machine may have.
#[must_use]
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
#[must_use]
pub fn run(program: &str, arguments: &[&str]) -> Ended {
    Running::start(&mut command(program, arguments)).end()
}

/// The path of an example of the crate whose test is running.
#[track_caller]
#[must_use]
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

/// What a program left behind when it ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// All that it wrote on standard output.
    pub stdout: String,
    /// All that it wrote on standard error.
    pub stderr: String,
    /// How it ended.
    pub status: ExitStatus,
}

/// What the referee counted, read from the line that the program printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saw {
    /// Connections accepted.
    pub connections: usize,
    /// The most requests under way at the same time.
    pub at_once: usize,
    /// Requests answered.
    pub answered: usize,
}

impl Ended {
    /// Checks the exit status.
    #[track_caller]
    #[must_use]
    pub fn with_status(self, status: i32) -> Self {
        assert_eq!(self.status.code(), Some(status), "{self}");
        self
    }

    /// Checks that there was nothing to complain about.
    #[track_caller]
    #[must_use]
    pub fn well(self) -> Self {
        let ended = self.with_status(0);
        assert_eq!(ended.stderr, "", "{ended}");
        ended
    }

    /// Checks that standard output has this line, exactly.
    #[track_caller]
    pub fn assert_line(&self, line: &str) {
        assert!(self.stdout.lines().any(|printed| printed == line), "no line {line:?} in {self}");
    }

    /// Checks that standard error contains this text.
    #[track_caller]
    pub fn assert_error(&self, text: &str) {
        assert!(self.stderr.contains(text), "no {text:?} on standard error of {self}");
    }

    /// The line of standard output that contains `text`; there must be exactly one.
    #[track_caller]
    #[must_use]
    pub fn line_with(&self, text: &str) -> &str {
        let mut lines = self.stdout.lines().filter(|line| line.contains(text));
        match (lines.next(), lines.next()) {
            (Some(line), None) => line,
            _ => panic!("not exactly one line with {text:?} in {self}"),
        }
    }

    /// What the referee counted.
    #[track_caller]
    #[must_use]
    pub fn saw(&self) -> Saw {
        let line = self.line_with("the site saw ");
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |position: usize| -> usize {
            let digits = words.get(position).map(|word| word.replace(',', ""));
            let number = digits.and_then(|digits| digits.parse().ok());
            number.unwrap_or_else(|| panic!("not the referee's line: {line:?}"))
        };
        Saw { connections: number(3), at_once: number(7), answered: number(11) }
    }

    /// What was downloaded, in the order of the lines: `10966 /jython`, `280 /dice`, with the name
    /// of the process before it if the program printed one.
    #[must_use]
    pub fn reads(&self) -> Vec<String> {
        let read = |line: &str| {
            let (process, read) = line.split_once("Read ")?;
            let (size, address) = read.split_once(" from http://")?;
            let path = address.find('/').map_or("", |start| &address[start..]);
            Some(format!("{process}{size} {path}"))
        };
        self.stdout.lines().filter_map(read).collect()
    }

    /// How many lines say that this page of this size was read.
    #[must_use]
    pub fn times_read(&self, page: &str) -> usize {
        self.reads().iter().filter(|read| read.rsplit(':').next() == Some(page)).count()
    }

    /// The number in the line `Downloaded N in S seconds`, with as many digits as in the article.
    #[track_caller]
    #[must_use]
    pub fn downloaded(&self) -> usize {
        let line = self.line_with("Downloaded ");
        let words: Vec<&str> = line.split(' ').collect();
        let ["Downloaded", number, "in", seconds, "seconds"] = words[..] else {
            panic!("not the article's line: {line:?}");
        };
        assert!(seconds.parse::<f64>().is_ok(), "no time: {line:?}");
        number.parse().expect("a number of pages")
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { stdout, stderr, status } = self;
        write!(f, "a program that ended with {status}\n--- stdout:\n{stdout}--- stderr:\n{stderr}")
    }
}

/// A program that is running; killed when the test ends before it.
pub struct Running {
    process: Child,
    stdout: Option<Collected>,
    stderr: Option<Collected>,
}

/// What has arrived from a pipe so far.
struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: JoinHandle<()>,
}

impl Collected {
    fn from(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&bytes);
        let thread = thread::spawn(move || {
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

fn text(output: Option<&Collected>) -> String {
    output.map(Collected::text).unwrap_or_default()
}

impl Running {
    /// Starts a program and collects what it writes.
    #[track_caller]
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Self::start_with_stdout(command.stdout(Stdio::piped()))
    }

    /// Starts a program whose standard output may have been sent elsewhere.
    #[track_caller]
    #[must_use]
    pub fn start_with_stdout(command: &mut Command) -> Self {
        let process = command.stderr(Stdio::piped()).spawn();
        let mut process = process.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stdout = process.stdout.take().map(Collected::from);
        let stderr = process.stderr.take().map(Collected::from);
        Self { process, stdout, stderr }
    }

    /// Starts a program, reads so many lines of its standard output and then reads no more, as
    /// `| head` does.
    #[track_caller]
    #[must_use]
    pub fn start_and_read(command: &mut Command, lines: usize) -> (Self, Vec<String>) {
        let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut process = process.unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let stderr = process.stderr.take().map(Collected::from);
        let pipe = process.stdout.take().expect("the pipe was asked for");
        let running = Self { process, stdout: None, stderr };
        let reader = thread::spawn(move || {
            BufReader::new(pipe).lines().take(lines).map_while(Result::ok).collect()
        });
        wait_until("the first lines", || reader.is_finished());
        (running, reader.join().expect("the reader does not panic"))
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What the program has written on standard output so far.
    #[must_use]
    pub fn stdout(&self) -> String {
        text(self.stdout.as_ref())
    }

    /// What the program has written on standard error so far.
    #[must_use]
    pub fn stderr(&self) -> String {
        text(self.stderr.as_ref())
    }

    /// Gives the program a line of input.
    #[track_caller]
    pub fn type_line(&mut self, line: &str) {
        let stdin = self.process.stdin.as_mut().expect("the test has given it a pipe");
        stdin.write_all(format!("{line}\n").as_bytes()).expect("the program reads its input");
    }

    /// Waits for the end of the program, and of every process that holds its output open.
    #[track_caller]
    #[must_use]
    pub fn end(mut self) -> Ended {
        let begin = Instant::now();
        let mut status = None;
        loop {
            if status.is_none() {
                status = self.process.try_wait().expect("the system knows its processes");
            }
            let outputs = [&self.stdout, &self.stderr];
            let closed = outputs.into_iter().flatten().all(|output| output.thread.is_finished());
            if let (Some(status), true) = (status, closed) {
                return Ended { stdout: self.stdout(), stderr: self.stderr(), status };
            }
            if begin.elapsed() > DEADLINE {
                let who =
                    if status.is_some() { "a process that it started" } else { "the program" };
                let (stdout, stderr) = (self.stdout(), self.stderr());
                panic!("{who} does not end\n--- stdout:\n{stdout}--- stderr:\n{stderr}");
            }
            thread::sleep(LOOK);
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

/// A worker process of a program under test.
#[cfg(unix)]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkerProcess {
    /// Its number.
    pub id: u32,
    /// Its name in the pool.
    pub name: String,
}

/// All running processes: number, number of the parent, arguments.
#[cfg(target_os = "linux")]
fn processes() -> Vec<(u32, u32, Vec<String>)> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let process = |folder: PathBuf| {
        let id = folder.file_name()?.to_str()?.parse().ok()?;
        let stat = std::fs::read_to_string(folder.join("stat")).ok()?;
        // The name of the program, in parentheses, may contain anything.
        let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
        // One that has ended, but has not been waited for, has no arguments any more.
        let arguments = std::fs::read_to_string(folder.join("cmdline")).ok()?;
        Some((id, parent, arguments.split('\0').map(String::from).collect()))
    };
    entries.filter_map(|entry| process(entry.path())).collect()
}

/// All running processes: number, number of the parent, arguments.
#[cfg(all(unix, not(target_os = "linux")))]
fn processes() -> Vec<(u32, u32, Vec<String>)> {
    let output = Command::new("ps").args(["-A", "-ww", "-o", "pid=,ppid=,args="]).output();
    let lines = String::from_utf8_lossy(&output.expect("every Unix has ps").stdout).into_owned();
    let process = |line: &str| {
        let mut words = line.split_whitespace();
        let (id, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((id, parent, words.map(String::from).collect()))
    };
    lines.lines().filter_map(process).collect()
}

#[cfg(unix)]
fn all_workers() -> Vec<(u32, WorkerProcess)> {
    let worker = |(id, parent, arguments): (u32, u32, Vec<String>)| {
        let name = arguments.iter().skip_while(|argument| *argument != "--worker").nth(1)?.clone();
        Some((parent, WorkerProcess { id, name }))
    };
    processes().into_iter().filter_map(worker).collect()
}

/// The worker processes that the process with this number has started and that still run.
#[cfg(unix)]
#[must_use]
pub fn workers_of(parent: u32) -> Vec<WorkerProcess> {
    let workers = all_workers().into_iter().filter(|(of, _)| *of == parent);
    let mut workers: Vec<WorkerProcess> = workers.map(|(_, worker)| worker).collect();
    workers.sort();
    workers
}

/// Whether this worker process still runs, whoever its parent is by now.
#[cfg(unix)]
#[must_use]
pub fn is_running(worker: &WorkerProcess) -> bool {
    #[cfg(target_os = "linux")]
    if is_ending(worker.id) {
        return true;
    }
    all_workers().iter().any(|(_, running)| running == worker)
}

/// Whether a process has lost its arguments already and may still hold its pipes open.
#[cfg(target_os = "linux")]
fn is_ending(process: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) else {
        return false;
    };
    // Its last thread closes the files before it becomes a zombie.
    !(status.contains("State:\tZ") && status.contains("Threads:\t1\n"))
}

/// Waits until none of these worker processes runs any more.
#[cfg(unix)]
#[track_caller]
pub fn wait_until_gone(workers: &[WorkerProcess]) {
    assert!(!workers.is_empty(), "there were no workers to begin with");
    wait_until("every worker has left", || !workers.iter().any(is_running));
}

/// How long a process has been computing, in hundredths of a second.
#[cfg(target_os = "linux")]
#[must_use]
pub fn hundredths_computed(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Sends a signal, such as `KILL`, to a process.
#[cfg(unix)]
#[track_caller]
pub fn signal(name: &str, process: impl std::fmt::Display) {
    // The shell has `kill` built in.
    let kill = format!("kill -{name} {process}");
    let sent = Command::new("sh").args(["-c", &kill]).status().expect("every Unix has sh");
    assert!(sent.success(), "{kill}");
}

/// An interrupt of this process, or of the group of the number behind a minus, ends the program and
/// its workers, which say nothing.
#[cfg(unix)]
#[track_caller]
pub fn check_interrupt(
    running: Running,
    workers: &[WorkerProcess],
    interrupted: impl std::fmt::Display,
) {
    signal("INT", interrupted);
    wait_until_gone(workers);
    let ended = running.end();
    assert_eq!(ended.stderr, "", "{ended}");
    assert!(!ended.status.success(), "{ended}");
}

/// A command that runs a program with a limit on its open files, as `ulimit -n` sets it.
#[cfg(unix)]
#[must_use]
pub fn command_with_ulimit(ulimit: &str, program: &str, arguments: &[&str]) -> Command {
    let script = format!("ulimit {ulimit}; exec \"$0\" \"$@\"");
    let mut command = command("sh", &["-c", &script, program]);
    command.args(arguments);
    command
}

/// Serves every connection on a thread of its own, for as long as the test runs, and returns the
/// server's address.
fn serve(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the system has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    format!("http://{address}/")
}

/// Reads the head of a request; false when the client has hung up.
fn read_head(stream: &mut impl BufRead) -> bool {
    let mut line = String::new();
    while let Ok(1..) = stream.read_line(&mut line) {
        if line == "\r\n" {
            return true;
        }
        line.clear();
    }
    false
}

/// The address of a server that gives everyone the same answer, to the byte, and hangs up.
#[must_use]
pub fn server_that_answers(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    serve(move |mut stream| {
        let Ok(reading) = stream.try_clone() else { return };
        if read_head(&mut BufReader::new(reading)) {
            // The client may have hung up first.
            let _ = stream.write_all(&answer);
        }
    })
}

/// The address of a server that sends the first half of its page and hangs up.
#[must_use]
pub fn server_that_stops_halfway() -> String {
    let mut answer = String::from("HTTP/1.1 200 OK\r\nContent-Length: 10966\r\n\r\n");
    answer.extend(std::iter::repeat_n('x', 10_966 / 2));
    server_that_answers(answer)
}

/// The address of a server that sends everyone back to where they come from.
#[must_use]
pub fn server_that_redirects_to_itself() -> String {
    server_that_answers(
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    )
}

/// The address of a server that accepts connections and answers nothing.
#[must_use]
pub fn server_that_is_silent() -> String {
    serve(|mut stream| {
        // Ends when the client hangs up.
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// An address of this machine where nobody listens.
#[must_use]
pub fn address_without_server() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the system has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    format!("http://{address}/")
}

/// A server that holds all requests back until the test lets them through: so a test knows, without
/// a clock, that a program is in the middle of its downloads.
pub struct Gate {
    /// The server's address.
    pub url: String,
    state: Arc<(Mutex<GateState>, Condvar)>,
}

#[derive(Default)]
struct GateState {
    requests: usize,
    open: bool,
}

impl Gate {
    /// A gate that is closed.
    #[must_use]
    pub fn closed() -> Self {
        let state = Arc::new((Mutex::new(GateState::default()), Condvar::new()));
        let shared = Arc::clone(&state);
        let url = serve(move |stream| {
            let (state, changed) = &*shared;
            let Ok(mut writing) = stream.try_clone() else { return };
            let mut reading = BufReader::new(stream);
            while read_head(&mut reading) {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.requests += 1;
                drop(changed.wait_while(state, |state| !state.open));
                let sent = writing.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
                if sent.is_err() {
                    return;
                }
            }
        });
        Self { url, state }
    }

    /// How many requests have come so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).requests
    }

    /// Waits until so many requests have come; all of them wait at the gate.
    #[track_caller]
    pub fn wait_for(&self, requests: usize) {
        wait_until("requests at the gate", || self.requests() >= requests);
    }

    /// Lets everyone through from now on.
    pub fn open(&self) {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).open = true;
        self.state.1.notify_all();
    }
}

/// The options that the help of a program names: `--number`, `-c` and so on.
#[must_use]
pub fn options_in(help: &str) -> Vec<String> {
    let options = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let words = options.flat_map(|line| line.split([' ', ',']));
    words.filter(|word| word.starts_with('-')).map(String::from).collect()
}

/// Checks what every program has: `--help` with these options, of 80 columns, and `--version`.
#[track_caller]
pub fn check_help(program: &str, options: &[&str]) {
    let help = run(program, &["--help"]).well();
    check_width(&help.stdout);
    let named = options_in(&help.stdout);
    let common = ["-q", "--quiet", "--diagram", "--save", "-h", "--help", "-V", "--version"];
    for option in options.iter().chain(&common) {
        assert!(named.iter().any(|name| name == option), "no {option} in {help}");
    }
    for hidden in ["--worker", "--summary"] {
        assert!(!help.stdout.contains(hidden), "{hidden} is shown in {help}");
    }
    let name = std::path::Path::new(program).file_stem().expect("a program has a name");
    let version = run(program, &["--version"]).well();
    assert_eq!(version.stdout.split(' ').next(), name.to_str(), "{version}");
    assert_eq!(version.stdout.split_whitespace().count(), 2, "{version}");
}

/// Checks that no line of a help is wider than a terminal of 80 columns.
#[track_caller]
pub fn check_width(help: &str) {
    let wide: Vec<&str> = help.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "wider than 80 columns: {wide:#?}");
}

/// Checks that wrong usage is one message on standard error that names what is wrong, and status 2.
#[track_caller]
pub fn check_wrong_usage(program: &str, arguments: &[&str], named: &[&str]) {
    let ended = run(program, arguments).with_status(2);
    assert_eq!(ended.stdout, "", "{ended}");
    assert_eq!(ended.stderr.matches("error:").count(), 1, "{ended}");
    for name in named {
        ended.assert_error(name);
    }
}

/// Checks that a program whose reader goes away after so many lines ends quietly.
#[track_caller]
pub fn check_head(program: &str, arguments: &[&str], lines: usize) {
    let (running, read) = Running::start_and_read(&mut command(program, arguments), lines);
    assert_eq!(read.len(), lines, "{read:?}");
    let ended = running.end();
    assert_eq!(ended.stderr, "", "{ended}");
    assert_eq!(ended.status.code(), Some(0), "{ended}");
}

/// Checks that a program whose output cannot be written says so in a sentence.
#[cfg(target_os = "linux")]
#[track_caller]
pub fn check_full_disk(program: &str, arguments: &[&str]) {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
    let mut command = command(program, arguments);
    let ended = Running::start_with_stdout(command.stdout(full)).end().with_status(1);
    ended.assert_error("Cannot write to standard output: No space left on device");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
}

/// The answers to an HTTP client's requests, read one by one from a connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

/// An answer of the site, as it came over the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The first line.
    pub status: String,
    /// The other lines of the head, in lower case.
    pub head: Vec<String>,
    /// The page.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, named in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        // The space before the value is usual and not required.
        self.head.iter().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
    }
}

impl Connection {
    /// Connects to the server of a page.
    #[track_caller]
    #[must_use]
    pub fn to(url: &str) -> Self {
        let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{url}: {error}"));
        stream.set_read_timeout(Some(DEADLINE)).expect("the time is not zero");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes as they are.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).expect("the server takes the bytes");
    }

    /// Asks for a page: `GET /dice`.
    #[track_caller]
    pub fn ask(&mut self, request: &str) {
        self.send(format!("{request} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    /// Asks for something and sends this along.
    #[track_caller]
    pub fn ask_with(&mut self, request: &str, body: &str) {
        let length = body.len();
        self.send(format!(
            "{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
    }

    /// Reads an answer whose page is as long as its head says, or empty after `HEAD`.
    #[track_caller]
    #[must_use]
    pub fn answer(&mut self, with_page: bool) -> Answer {
        let status = self.line();
        let mut head = Vec::new();
        loop {
            let line = self.line().to_lowercase();
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        answer.body.resize(length.filter(|_| with_page).unwrap_or(0), 0);
        self.stream.read_exact(&mut answer.body).expect("the page comes whole");
        answer
    }

    /// Reads a line of the head, without its end.
    #[track_caller]
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("an answer comes");
        assert!(line.ends_with("\r\n"), "the server hung up after {line:?}");
        line.trim_end().into()
    }

    /// Whether the server has hung up, with nothing left to read.
    #[track_caller]
    #[must_use]
    pub fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0))
    }
}
