//! Starts on this machine what otherwise runs on several: a Redis server, and workers.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use lesson::Result;
use lesson::output::warn;

use crate::server::Server;

/// A server and workers that leave when this is dropped, or when this process ends in any other way.
pub struct Here {
    workers: Vec<Child>,
    server: Server, // dropped after them
}

impl Here {
    pub fn start(workers: usize) -> Result<Self> {
        let mut here = Self { workers: Vec::new(), server: Server::start()? };
        for _ in 0..workers {
            let mut worker = Command::new(std::env::current_exe()?);
            worker.args(["work", "--owned"]).env("REDIS_URL", here.url());
            here.workers.push(worker.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?);
        }
        for worker in &mut here.workers {
            // It says when it is ready.
            let output = worker.stdout.take().into_iter();
            output.flat_map(|output| BufReader::new(output).lines()).next().transpose()?;
        }
        Ok(here)
    }

    pub fn url(&self) -> &str {
        &self.server.url
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
    }
}
