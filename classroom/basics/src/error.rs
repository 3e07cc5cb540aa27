//! Why a program cannot go on.

use std::fmt::{self, Debug, Display, Formatter};

/// Why a program cannot go on, as a sentence.
///
/// `main` returns it, and Rust prints what `main` returns in its `Debug` form. So that form is the
/// sentence, too.
#[derive(Clone)]
pub struct Error(String);

/// What can fail: as a whole if no `E` is named, with a sentence.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The error that says `sentence`.
    pub fn new(sentence: impl Display) -> Self {
        Self(sentence.to_string())
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<E: std::error::Error + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            let system = error.downcast_ref::<std::io::Error>();
            if system.is_some_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
                return Self::new(
                    "The system starts no more threads for this program; ask for fewer at once, or \
                     raise its limits (ulimit -u, ulimit -v)",
                );
            }
            cause = error.source();
        }
        Self(with_causes(&error))
    }
}

/// The error and everything that caused it, most general first, each said once.
pub fn with_causes(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !sentence.contains(&reason) {
            sentence = format!("{sentence}: {reason}");
        }
        cause = error.source();
    }
    sentence
}
