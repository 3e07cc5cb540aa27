//! Starts on this machine what otherwise runs on several: a Redis server, and workers.

use std::env;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lesson::output::warn;
use lesson::{Error, Result};

use crate::options;
use crate::queue::{Queue, random};

const PATIENCE: Duration = Duration::from_secs(10); // for the server to start
const TO_INSTALL: &str = "There is no redis-server on this machine. To install it:
  Debian, Ubuntu: sudo apt install redis-server
  macOS:          brew install redis";

/// A server and workers that leave when this is dropped, or when this process ends in any other way.
pub struct Here {
    pub url: String,
    server: Child,
    workers: Vec<Child>,
}

impl Here {
    pub fn start(workers: usize) -> Result<Self> {
        let mut here = Self::start_server()?;
        for _ in 0..workers {
            let mut worker = Command::new(env::current_exe()?);
            worker.arg(options::WORK_HERE).env("REDIS_URL", &here.url);
            here.workers.push(worker.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        }
        for worker in &mut here.workers {
            // It says when it is ready.
            let output = worker.stdout.take().into_iter();
            output.flat_map(|output| BufReader::new(output).lines()).next().transpose()?;
        }
        Ok(here)
    }

    /// Starts a server that keeps everything in memory and writes no file.
    fn start_server() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let password = random();
        // It reads this from its standard input, and not from its command line, which all can see.
        let settings = format!(
            "bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\n"
        );
        let mut command = Command::new("redis-server");
        command.arg("-").stdin(Stdio::piped()).stdout(Stdio::null());
        let mut server = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::new(TO_INSTALL),
            _ => Error::new(format!("Cannot start redis-server: {error}")),
        })?;
        let written = server.stdin.take().map(|mut stdin| stdin.write_all(settings.as_bytes()));
        let url = format!("redis://:{password}@127.0.0.1:{port}");
        let mut here = Self { url, server, workers: Vec::new() };
        written.transpose()?;
        let begin = Instant::now();
        while let Err(error) = Queue::connect(&here.url) {
            if here.server.try_wait()?.is_some() || begin.elapsed() > PATIENCE {
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

impl Drop for Here {
    fn drop(&mut self) {
        // All at the same time: each leaves when its standard input ends.
        self.workers.iter_mut().for_each(|worker| worker.stdin = None);
        for worker in &mut self.workers {
            let _ = worker.wait();
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
