//! Keeps a Redis server for another process: it ends when that one has ended, in whatever way.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{process, thread};

use lesson::{Error, Result};

const TO_INSTALL: &str = "There is no redis-server on this machine. To install it:
  Debian, Ubuntu: sudo apt install redis-server
  macOS:          brew install redis";

/// Starts a server with the settings that stand on standard input, up to an empty line, and ends it
/// when standard input ends. That happens when the process at its other end has ended.
///
/// # Errors
///
/// The server cannot be started, or has ended by itself.
pub fn keep<T>() -> Result<T> {
    let Some(settings) = settings()? else { process::exit(0) };
    let mut server = start()?;
    let (stdin, stdout) = (server.stdin.take(), server.stdout.take());
    let server = Arc::new(Mutex::new(server));
    let is_wanted = Arc::new(AtomicBool::new(true));
    let (the_server, still_wanted) = (Arc::clone(&server), Arc::clone(&is_wanted));
    let wait_for_the_other = move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        still_wanted.store(false, Ordering::SeqCst);
        end(&mut lock(&the_server));
    };
    if thread::Builder::new().spawn(wait_for_the_other).is_err() {
        end(&mut lock(&server));
        return Err(Error::no_more_threads());
    }
    // If the server is gone already, its last line says why.
    let _ = stdin.map(|mut stdin| stdin.write_all(settings.as_bytes()));
    let lines = stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines());
    let last = lines.map_while(io::Result::ok).filter(|line| !line.is_empty()).last();
    let status = lock(&server).wait()?;
    if !is_wanted.load(Ordering::SeqCst) {
        process::exit(0);
    }
    let last = last.map(|line| format!("; it said: {line}")).unwrap_or_default();
    Err(Error::new(format!("redis-server has ended ({status}){last}")))
}

/// What is on standard input before an empty line; nothing if that never comes.
fn settings() -> io::Result<Option<String>> {
    let (mut settings, mut stdin) = (String::new(), io::stdin().lock());
    while !settings.ends_with("\n\n") {
        if stdin.read_line(&mut settings)? == 0 {
            return Ok(None);
        }
    }
    Ok(Some(settings))
}

fn start() -> Result<Child> {
    let mut command = Command::new("redis-server");
    // It reads its password from its standard input, and not from its command line, which all can see.
    command.arg("-").stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().map_err(|error| match error.kind() {
        ErrorKind::NotFound => Error::new(TO_INSTALL),
        _ => Error::new(format!("Cannot start redis-server: {error}")),
    })
}

fn end(server: &mut Child) {
    // Fails only if it has ended, which is what is wanted.
    let _ = server.kill();
    let _ = server.wait();
}

fn lock(server: &Mutex<Child>) -> MutexGuard<'_, Child> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}
