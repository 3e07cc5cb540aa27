//! A Redis server of a test.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;

use redis::{Client, Connection, FromRedisValue, Value, cmd};
use testing::{Folder, Running, command, wait_until};

use super::PROGRAM;

const PASSWORD: &str = "a password of the test";

/// The stream of the sums that are not done yet.
pub const SUMS: &str = "many_machines:sums";

/// Whether there is a redis-server here. If not, the test that asks is skipped, which is said.
pub fn has_redis() -> bool {
    let Err(error) = Command::new("redis-server").arg("--version").output() else { return true };
    let name = thread::current().name().unwrap_or("a test").to_string();
    // Written past the capture of the test's output, so that it is seen.
    let line = format!("skipped: {name} needs redis-server ({error})\n");
    let _ = io::stderr().write_all(line.as_bytes());
    false
}

/// A Redis server that keeps all that it is told in a file, in a folder of its own.
pub struct Redis {
    folder: Folder,
    pub port: u16,
    process: Child,
}

impl Redis {
    /// A server; nothing if there is none here.
    pub fn start(test: &str) -> Option<Self> {
        if !has_redis() {
            return None;
        }
        let folder = Folder::new(test);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("a listener has an address").port();
        drop(listener);
        let process = process(&folder, port);
        let redis = Self { folder, port, process };
        wait_until("Redis is there", || redis.connection().is_some());
        Some(redis)
    }

    /// Kills the server, and starts it again with what its file has.
    pub fn restart(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it has ended");
        self.process = process(&self.folder, self.port);
        wait_until("Redis is there", || self.connection().is_some());
    }

    fn connection(&self) -> Option<Connection> {
        let mut connection = Client::open(self.url()).ok()?.get_connection().ok()?;
        cmd("PING").exec(&mut connection).ok()?;
        Some(connection)
    }

    fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", PASSWORD.replace(' ', "%20"), self.port)
    }

    /// Asks the server something.
    pub fn ask<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = self.connection().expect("the server is there");
        let (name, arguments) = words.split_first().expect("a command has a name");
        let answer = cmd(name).arg(arguments).query(&mut connection);
        answer.unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// How many sums are on the list.
    pub fn listed(&self) -> usize {
        self.ask(&["XLEN", SUMS])
    }

    /// How many of them have been taken by a worker.
    pub fn taken(&self) -> usize {
        let (taken, ..): (usize, Value, Value, Value) = self.ask(&["XPENDING", SUMS, "workers"]);
        taken
    }

    /// A worker that has said that it is ready.
    pub fn worker(&self) -> Running {
        let worker = Running::start(&mut command(PROGRAM, &["work", "--redis", &self.url()]));
        wait_until("the worker is ready", || worker.stdout().contains("waits for sums"));
        worker
    }

    /// A process that hands in `count` sums, and waits for their answers.
    pub fn hand_in(&self, number: &str, count: &str) -> Running {
        let arguments = ["ask", "--redis", &self.url(), "--number", number, "--count", count];
        Running::start(&mut command(PROGRAM, &arguments))
    }
}

fn process(folder: &Folder, port: u16) -> Child {
    let port = port.to_string();
    let mut redis = Command::new("redis-server");
    redis.args(["--bind", "127.0.0.1", "--port", &port, "--requirepass", PASSWORD]);
    redis.args(["--save", "", "--appendonly", "yes"]);
    redis.current_dir(folder.path()).stdout(Stdio::null()).spawn().expect("it is installed")
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
