//! The way to Redis: what things are called there, and what becomes of a connection that breaks.

use std::error;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{io, thread};

use lesson::words::presentable;
use lesson::{Error, Result};
use redis::{Client, Connection, ErrorKind, RedisError, RedisResult, cmd, pipe};

pub const SUMS: &str = "many_machines:sums"; // the stream of the sums to be computed
pub const GROUP: &str = "workers"; // who share that stream: each sum goes to one of them
pub const NAMES: &str = "many_machines:names"; // how many workers have been given a name
pub const STAY: u64 = 20; // seconds until Redis forgets what nobody has cared for

const TIME_LIMIT: Duration = Duration::from_secs(2); // for Redis to answer
const PATIENCE: Duration = Duration::from_secs(10); // while Redis starts again
const PAUSE: Duration = Duration::from_millis(50); // between two tries

pub struct Queue {
    url: String,
    client: Client,
    connection: Connection,
}

impl Queue {
    pub fn connect(url: &str) -> Result<Self> {
        let client = Client::open(url).map_err(|error| sentence(url, &error))?;
        let mut connection = connect(&client);
        while connection.as_ref().is_err_and(was_interrupted) {
            connection = connect(&client);
        }
        let connection = connection.map_err(|error| sentence(url, &error))?;
        Ok(Self { url: url.into(), client, connection })
    }

    /// Has Redis do something; if the connection breaks, again on the next one.
    ///
    /// So it may be done twice. That does no harm here: the second answer to a sum counts for nothing.
    pub fn call<T>(&mut self, call: impl Fn(&mut Connection) -> RedisResult<T>) -> Result<T> {
        // Added up, and not read off a clock: the time for which this process is stopped (Ctrl-Z) does
        // not count.
        let mut waited = Duration::ZERO;
        loop {
            let begin = Instant::now();
            let error = match call(&mut self.connection) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let forgotten = says(&error, "NOGROUP");
            if !(forgotten || will_pass(&error)) || waited > PATIENCE {
                return Err(sentence(&self.url, &error));
            }
            thread::sleep(PAUSE);
            if let Ok(connection) = connect(&self.client) {
                self.connection = connection;
            }
            if forgotten {
                self.create(SUMS)?;
            }
            waited += begin.elapsed().min(TIME_LIMIT);
        }
    }

    /// Ends the server.
    pub fn shut_down(&mut self) {
        // There is no answer: the server is gone.
        let _ = cmd("SHUTDOWN").arg("NOSAVE").exec(&mut self.connection);
    }

    /// Makes an empty stream with its group, if there is none yet.
    pub fn create(&mut self, stream: &str) -> Result<()> {
        // All of it is done or nothing, so that nothing is left for ever.
        let mut create = pipe();
        create.atomic().cmd("XGROUP").arg(&["CREATE", stream, GROUP, "0", "MKSTREAM"]);
        create.cmd("EXPIRE").arg(stream).arg(STAY);
        self.call(|redis| match create.exec(redis) {
            Err(error) if !says(&error, "BUSYGROUP") => Err(error),
            _ => Ok(()),
        })
    }
}

fn connect(client: &Client) -> RedisResult<Connection> {
    let mut connection = client.get_connection_with_timeout(TIME_LIMIT)?;
    connection.set_read_timeout(Some(TIME_LIMIT))?;
    cmd("PING").exec(&mut connection)?;
    Ok(connection)
}

/// Whether the server has answered with this code.
fn says(error: &RedisError, code: &str) -> bool {
    let errors = error.clone().into_server_errors();
    errors.iter().flat_map(|errors| errors.iter()).any(|(_, error)| error.code() == code)
}

/// A server that starts again is soon there again, and so is one whose connection has broken.
fn will_pass(error: &RedisError) -> bool {
    error.is_unrecoverable_error()
        || error.is_timeout()
        || was_interrupted(error)
        || says(error, "LOADING")
}

/// Whether this process was stopped (Ctrl-Z) while it waited for Redis, and goes on now.
fn was_interrupted(error: &RedisError) -> bool {
    let cause = error::Error::source(error);
    let cause = cause.and_then(|cause| cause.downcast_ref::<Arc<dyn error::Error + Send + Sync>>());
    let cause = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::Interrupted)
}

/// Why Redis cannot be used.
fn sentence(url: &str, error: &RedisError) -> Error {
    let url = presentable(url);
    Error::new(match error.kind() {
        ErrorKind::AuthenticationFailed => format!("{url} wants another password, or none"),
        ErrorKind::Parse => format!("{url} is no Redis server"),
        ErrorKind::Io if error.is_timeout() => format!("{url} gives no answer"),
        _ if says(error, "NOAUTH") => {
            format!("{url} wants a password, as in redis://:PASSWORD@HOST:6379")
        }
        _ => format!("{url}: {error}"),
    })
}

/// A word that nobody can guess: the keys of the standard library's hash maps come from the system.
pub fn random() -> String {
    let half = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", half(), half())
}
