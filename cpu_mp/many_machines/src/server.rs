//! Starts a Redis server for this run alone.

use std::io::{ErrorKind, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use lesson::{Error, Result};

use crate::queue::{Queue, random};

const PATIENCE: Duration = Duration::from_secs(10); // for the server to start
const TO_INSTALL: &str = "There is no redis-server on this machine. To install it:
  Debian, Ubuntu: sudo apt install redis-server
  macOS:          brew install redis";

pub struct Server {
    pub url: String,
    process: Child,
}

impl Server {
    /// Starts a server that keeps everything in memory and writes no file.
    pub fn start() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let password = random();
        // It reads this from its standard input, and not from its command line, which all can see.
        let settings = format!(
            "bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\n"
        );
        let mut command = Command::new("redis-server");
        command.arg("-").stdin(Stdio::piped()).stdout(Stdio::null());
        let mut process = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => Error::new(TO_INSTALL),
            _ => Error::new(format!("Cannot start redis-server: {error}")),
        })?;
        let written = process.stdin.take().map(|mut stdin| stdin.write_all(settings.as_bytes()));
        let url = format!("redis://:{password}@127.0.0.1:{port}");
        let mut server = Self { url, process };
        written.transpose()?;
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begin = Instant::now();
        loop {
            let Err(error) = Queue::connect(&self.url) else { return Ok(()) };
            if self.process.try_wait()?.is_some() || begin.elapsed() > PATIENCE {
                return Err(error);
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
