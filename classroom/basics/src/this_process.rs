//! What the running process is: which program, and whether it is a worker of a pool.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cpu_time::ProcessTime;

/// Whether this process was started by a pool, as one of its workers.
///
/// A pool starts a worker with `--worker NAME` as its first arguments; see `pool`.
pub fn is_worker() -> bool {
    worker_name().is_some()
}

/// The name that the pool gave to this process, if it is a worker.
pub fn worker_name() -> Option<String> {
    let mut arguments = std::env::args_os().skip(1);
    let name = (arguments.next()? == "--worker").then(|| arguments.next().unwrap_or_default())?;
    Some(name.to_string_lossy().into_owned())
}

/// The name of the running program.
pub fn program_name() -> String {
    let path = std::env::current_exe().unwrap_or_default();
    let name = path.file_stem().map_or("program".into(), |name| name.to_string_lossy());
    name.strip_suffix(DELETED).unwrap_or(&name).into()
}

/// What Linux puts after the path of a running program whose file is gone.
const DELETED: &str = " (deleted)";

/// The path by which this program is started again: as the one that runs, although cargo may have
/// replaced its file meanwhile.
///
/// # Errors
///
/// The file is gone, and the system keeps no way to it; Linux does.
pub fn program() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    // `ps` and `top` show the name of the file, so this is the last resort.
    let running = Path::new("/proc/self/exe");
    if path.exists() {
        Ok(path)
    } else if running.exists() {
        Ok(running.into())
    } else {
        let path = path.display();
        Err(io::Error::other(format!("{path} is gone; was it built anew? Then run it again")))
    }
}

/// The time that this process has computed so far, on all cores together.
pub fn cpu_time() -> Duration {
    ProcessTime::now().as_duration()
}

/// The memory that this process has in use, in bytes; only Linux tells it.
pub fn memory() -> Option<u64> {
    // `VmRSS:     5120 kB`
    let memory = status(std::process::id(), "VmRSS")?;
    let kilobytes: u64 = memory.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What Linux tells of a process, such as its `State`: `S (sleeping)`. There is nothing to tell of a
/// process that is gone, and on other systems.
pub fn status(process: u32, field: &str) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.map(|value| value.trim().into())
}
