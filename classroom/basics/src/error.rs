//! Why a program cannot go on.

use std::fmt::{self, Debug, Display, Formatter};
use std::io::{self, ErrorKind};
use std::sync::OnceLock;

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

    /// The error of a program that could not start a thread.
    pub fn no_more_threads() -> Self {
        Self::new(
            "The system starts no more threads for this program; ask for fewer at once, or raise its \
             limits (ulimit -u, ulimit -v)",
        )
    }
}

/// Why this program waits in vain, once that is known.
static BEHIND_TIME_OUTS: OnceLock<String> = OnceLock::new();

/// Has each error that is nothing but a time-out say from now on that it came because of this.
pub fn explain_time_outs(because: impl Display) {
    // The first reason is behind the others.
    let _ = BEHIND_TIME_OUTS.set(because.to_string());
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
        // A pool or a client that could start no thread says why in the cause of its own error. By
        // itself such an error may be about a socket as well.
        let mut cause = error.source();
        while let Some(deeper) = cause {
            let system = deeper.downcast_ref::<io::Error>();
            if system.is_some_and(|error| error.kind() == ErrorKind::WouldBlock) {
                return Self::no_more_threads();
            }
            cause = deeper.source();
        }
        let sentence = with_causes(&error);
        match BEHIND_TIME_OUTS.get() {
            Some(reason) if sentence.ends_with("timed out") => {
                Self(format!("{sentence}, because {reason}"))
            }
            _ => Self(sentence),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct NoPool(io::Error);

    impl Display for NoPool {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("no pool")
        }
    }

    impl std::error::Error for NoPool {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn only_who_wanted_threads_lacks_threads() {
        let would_block = || io::Error::from(ErrorKind::WouldBlock);
        let of_a_socket = Error::from(would_block()).to_string();
        assert!(!of_a_socket.contains("threads"), "{of_a_socket}");
        let of_a_pool = Error::from(NoPool(would_block())).to_string();
        assert!(of_a_pool.starts_with("The system starts no more threads"), "{of_a_pool}");
    }

    #[test]
    fn a_time_out_names_what_is_behind_it() {
        explain_time_outs("the site is full");
        let of = |text: &str| Error::from(io::Error::other(text)).to_string();
        assert_eq!(of("operation timed out"), "operation timed out, because the site is full");
        assert_eq!(of("connection reset"), "connection reset");
    }
}
