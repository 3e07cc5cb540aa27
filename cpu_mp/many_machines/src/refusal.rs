//! Why Redis cannot be used, as a sentence.

use lesson::Error;
use lesson::words::presentable;
use redis::{ErrorKind, RedisError};

/// Whether the server has answered with this code.
pub fn says(error: &RedisError, code: &str) -> bool {
    let errors = error.clone().into_server_errors();
    errors.iter().flat_map(|errors| errors.iter()).any(|(_, error)| error.code() == code)
}

/// A server that starts again is soon there again, and so is one whose connection has broken.
pub fn will_pass(error: &RedisError) -> bool {
    error.is_unrecoverable_error() || error.is_timeout() || says(error, "LOADING")
}

pub fn sentence(url: &str, error: &RedisError) -> Error {
    let url = presentable(url);
    let example = "as in redis://:PASSWORD@HOST:6379";
    Error::new(match error.kind() {
        ErrorKind::AuthenticationFailed => format!("{url} wants another password, or none"),
        ErrorKind::Parse => format!("{url} is no Redis server"),
        ErrorKind::Io if error.is_timeout() => format!("{url} gives no answer"),
        _ if says(error, "NOAUTH") => format!("{url} wants a password, {example}"),
        _ => format!("{url}: {error}"),
    })
}
