//! A download that failed, and why.

use std::fmt::{self, Display, Formatter};
use std::io;

use super::session::timeout;
use super::tls;
use basics::error::{Error, with_causes};
use basics::words::printable;
use basics::workers::Lost;
use timeline::record;

/// A download that failed: the page's address and the reason.
///
/// `?` makes it of an error. The address is that of the item under way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub(crate) url: String,
    pub(crate) reason: String,
    /// Whether there was an answer, with an error status.
    pub(crate) answered: bool,
    /// Whether it was given up after the time limit of a download.
    pub(crate) timed_out: bool,
}

impl Failure {
    /// The failure of the item under way on this thread, which is noted for its picture, too.
    fn of_item(reason: String) -> Self {
        let reason = printable(&reason);
        record::done(Some(&reason));
        let url = record::label().unwrap_or_default();
        Self { url, reason, answered: false, timed_out: false }
    }
}

/// The reason, without the address.
impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

/// What was downloaded could not be saved.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::of_item(error.to_string())
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let (answered, timed_out) = (error.is_status(), error.is_timeout());
        Self { answered, timed_out, ..Self::of_item(reason(error)) }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of_item(error.to_string())
    }
}

impl From<Lost> for Failure {
    fn from(lost: Lost) -> Self {
        Self { url: lost.item, reason: lost.reason, answered: false, timed_out: false }
    }
}

impl serde::Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (&self.url, &self.reason, self.answered, self.timed_out).serialize(to)
    }
}

impl<'de> serde::Deserialize<'de> for Failure {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (url, reason, answered, timed_out) = serde::Deserialize::deserialize(from)?;
        Ok(Self { url, reason, answered, timed_out })
    }
}

/// What went wrong, without the address, which `reqwest` would repeat.
fn reason(error: reqwest::Error) -> String {
    if let Some(status) = error.status() {
        return status.to_string();
    }
    if error.is_timeout() {
        // The answer may have begun; the time limit is for all of it.
        let what = if error.is_request() { "no answer" } else { "not finished" };
        return match timeout() {
            Some(timeout) => format!("{what} within {} s", timeout.as_secs_f64()),
            None => format!("{what} in time"),
        };
    }
    if error.is_redirect() {
        return "redirected too often".into();
    }
    if let Some(fault) = tls::fault(&error) {
        return fault;
    }
    let what = if error.is_builder() {
        "it is no address that can be downloaded"
    } else if error.is_connect() {
        "cannot connect"
    } else if error.is_body() || error.is_decode() {
        "cut off"
    } else if error.is_request() {
        "no proper answer"
    } else {
        return with_causes(&error.without_url());
    };
    // Between the first and the last cause stands only which layer told which.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("{what}: {cause}")
}
