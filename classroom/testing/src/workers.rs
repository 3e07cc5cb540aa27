//! The worker processes of a program under test, and signals to them.

#[cfg(target_os = "linux")]
use std::path::PathBuf;
use std::process::Command;

use super::programs::Running;
use super::waiting::wait_until;

/// A worker process of a program under test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WorkerProcess {
    /// Its number.
    pub id: u32,
    /// Its name in the pool.
    pub name: String,
}

/// All running processes: number, number of the parent, arguments.
#[cfg(target_os = "linux")]
pub(super) fn processes() -> Vec<(u32, u32, Vec<String>)> {
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
pub(super) fn processes() -> Vec<(u32, u32, Vec<String>)> {
    let output = Command::new("ps").args(["-A", "-ww", "-o", "pid=,ppid=,args="]).output();
    let lines = String::from_utf8_lossy(&output.expect("every Unix has ps").stdout).into_owned();
    let process = |line: &str| {
        let mut words = line.split_whitespace();
        let (id, parent) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((id, parent, words.map(String::from).collect()))
    };
    lines.lines().filter_map(process).collect()
}

fn all_workers() -> Vec<(u32, WorkerProcess)> {
    let worker = |(id, parent, arguments): (u32, u32, Vec<String>)| {
        let name = arguments.iter().skip_while(|argument| *argument != "--worker").nth(1)?.clone();
        Some((parent, WorkerProcess { id, name }))
    };
    processes().into_iter().filter_map(worker).collect()
}

/// The worker processes that the process with this number has started and that still run.
pub fn workers_of(parent: u32) -> Vec<WorkerProcess> {
    let workers = all_workers().into_iter().filter(|(of, _)| *of == parent);
    let mut workers: Vec<WorkerProcess> = workers.map(|(_, worker)| worker).collect();
    workers.sort();
    workers
}

/// Whether this worker process still runs. By now it may have another parent.
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

/// The numbers of the processes that the process with this number has started and that still run.
pub fn children_of(parent: u32) -> Vec<u32> {
    processes().into_iter().filter(|(_, of, _)| *of == parent).map(|(id, ..)| id).collect()
}

/// Whether the process with this number still runs, and is not only remembered by the system.
pub fn lives(process: u32) -> bool {
    let has_arguments = |arguments: &[String]| arguments.iter().any(|text| !text.is_empty());
    processes().iter().any(|(id, _, arguments)| *id == process && has_arguments(arguments))
}

/// Waits until none of these worker processes runs any more.
#[track_caller]
pub fn wait_until_gone(workers: &[WorkerProcess]) {
    assert!(!workers.is_empty(), "there were no workers to begin with");
    wait_until("every worker has left", || !workers.iter().any(is_running));
}

/// How long a process has been computing, in hundredths of a second.
#[cfg(target_os = "linux")]
pub fn hundredths_computed(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
}

/// Sends a signal, such as `KILL`, to a process.
#[track_caller]
pub fn signal(name: &str, process: impl std::fmt::Display) {
    // The shell has `kill` built in.
    let kill = format!("kill -{name} {process}");
    let sent = Command::new("sh").args(["-c", &kill]).status().expect("every Unix has sh");
    assert!(sent.success(), "{kill}");
}

/// An interrupt of this process, or of the group of the number behind a minus, ends the program and
/// its workers, which say nothing.
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
