//! A download that failed, and why.

use super::session::timeout;
use crate::error::{Error, with_causes};
use crate::timeline::record;

/// A download that failed: the page's address and the reason.
///
/// `?` makes it of an error. The address is that of the item under way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    pub(super) url: String,
    pub(super) reason: String,
}

impl Failure {
    /// The failure of the item under way on this thread, which is noted for its picture, too.
    fn of_item(reason: String) -> Self {
        record::done(Some(&reason));
        Self { url: record::label().unwrap_or_default(), reason }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::of_item(reason(error))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of_item(error.to_string())
    }
}

#[cfg(feature = "pool")]
impl From<crate::pool::Lost> for Failure {
    fn from(lost: crate::pool::Lost) -> Self {
        Self { url: lost.item, reason: lost.reason }
    }
}

#[cfg(feature = "pool")]
impl serde::Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        (&self.url, &self.reason).serialize(to)
    }
}

#[cfg(feature = "pool")]
impl<'de> serde::Deserialize<'de> for Failure {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        serde::Deserialize::deserialize(from).map(|(url, reason)| Self { url, reason })
    }
}

/// What went wrong, without the address, which `reqwest` would repeat.
fn reason(error: reqwest::Error) -> String {
    if let Some(status) = error.status() {
        return status.to_string();
    }
    if error.is_timeout() {
        return match timeout() {
            Some(timeout) => format!("no answer within {} s", timeout.as_secs_f64()),
            None => "no answer in time".into(),
        };
    }
    if error.is_redirect() {
        return "redirected too often".into();
    }
    let what = if error.is_connect() {
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
