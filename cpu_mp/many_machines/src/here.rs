//! Starts on this machine what otherwise runs on several: a Redis server, and workers.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{io, process};

use lesson::output::warn;
use lesson::this_process::program;
use lesson::{Error, Result, plural};

use crate::options;
use crate::queue::{Queue, random};

const PATIENCE: Duration = Duration::from_secs(10); // for the server to start

/// A server and workers that leave when this is dropped, or when this process ends in any other way.
pub struct Here {
    pub url: String,
    /// The server has a process of its own that ends it: no end of this one is too early for that.
    keeper: Keeper,
    workers: Vec<Child>,
}

struct Keeper {
    stdin: Option<ChildStdin>,
    watch: Option<JoinHandle<()>>,
}

impl Here {
    pub fn start(wanted: usize) -> Result<Self> {
        let mut here = Self::start_server()?;
        while here.workers.len() < wanted {
            match here.start_worker() {
                Ok(worker) => here.workers.push(worker),
                Err(error) if here.workers.is_empty() => {
                    return Err(Error::new(format!("Cannot start a worker: {error}")));
                }
                Err(error) => {
                    let workers = plural(here.workers.len() as u64, "worker");
                    warn(format_args!(
                        "Going on with {workers}, as no more can be started: {error}"
                    ));
                    break;
                }
            }
        }
        here.workers.retain_mut(is_ready);
        // Each has said why it could not begin.
        if here.workers.is_empty() { Err(Error::new("No worker could begin")) } else { Ok(here) }
    }

    fn start_worker(&self) -> io::Result<Child> {
        let mut worker = Command::new(program()?);
        worker.arg(options::WORK_HERE).env("REDIS_URL", &self.url);
        worker.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()
    }

    /// Starts a server that keeps everything in memory and writes no file.
    fn start_server() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let password = random();
        let settings = format!(
            "bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\n\n"
        );
        let url = format!("redis://:{password}@127.0.0.1:{port}");
        let keeper = Keeper::start(&url, &settings)?;
        let here = Self { url, keeper, workers: Vec::new() };
        let begin = Instant::now();
        while let Err(error) = Queue::connect(&here.url) {
            if begin.elapsed() > PATIENCE {
                return Err(error);
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(here)
    }

    /// Names the workers that have died, and says whether there are none.
    pub fn all_live(&mut self) -> bool {
        let dead = |worker: &mut Child| worker.try_wait().ok().flatten();
        let dead: Vec<_> = self.workers.iter_mut().filter_map(dead).collect();
        for status in &dead {
            warn(format_args!("A worker died ({status}); others have done its part"));
        }
        dead.is_empty()
    }
}

/// Whether a worker has said that it waits for sums, and not ended before.
fn is_ready(worker: &mut Child) -> bool {
    let output = worker.stdout.take().into_iter();
    let first = output.flat_map(|output| BufReader::new(output).lines()).next();
    first.is_some() || worker.wait().is_err()
}

impl Keeper {
    fn start(url: &str, settings: &str) -> Result<Self> {
        let mut command = Command::new(program()?);
        command.arg(options::KEEP).env("REDIS_URL", url).stdin(Stdio::piped());
        // Ctrl-C ends this process, and not the one that has to end the server after it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut process = command
            .spawn()
            .map_err(|error| Error::new(format!("Cannot start another process: {error}")))?;
        let mut stdin = process.stdin.take();
        let url = url.to_string();
        let watch = thread::Builder::new().spawn(move || end_with(&mut process, &url));
        let watch = watch.map_err(|_| Error::no_more_threads())?;
        let _ = stdin.as_mut().map(|stdin| stdin.write_all(settings.as_bytes()));
        Ok(Self { stdin, watch: Some(watch) })
    }
}

/// Waits for the end of the keeper, and ends this process too if it comes too early.
fn end_with(keeper: &mut Child, url: &str) {
    match keeper.wait() {
        Ok(status) if status.success() => return,
        Ok(status) if status.code().is_some() => {} // it has said why
        _ => {
            warn(format_args!("The process that keeps redis-server has been killed"));
            let _ = Queue::connect(url).map(|mut queue| queue.shut_down());
        }
    }
    process::exit(1);
}

impl Drop for Here {
    fn drop(&mut self) {
        // All at the same time: each leaves when its standard input ends.
        self.workers.iter_mut().for_each(|worker| worker.stdin = None);
        for worker in &mut self.workers {
            let _ = worker.wait();
        }
        self.keeper.stdin = None;
        let _ = self.keeper.watch.take().map(JoinHandle::join);
    }
}
