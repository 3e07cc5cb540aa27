//! The terminal in which a lesson or an exercise is shown.

use std::env;
#[cfg(unix)]
use std::io;

use console::Term;
#[cfg(unix)]
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};

/// Whether what is printed goes to a terminal that can be cleared and has colours.
pub fn is_screen() -> bool {
    Term::stdout().is_term() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The terminal as it was when this was made: it is set so again when this is dropped. What runs
/// meanwhile may wait for a key, or be killed, and then cannot do that.
pub struct Kept {
    #[cfg(unix)]
    before: nix::Result<Termios>,
}

impl Kept {
    pub fn now() -> Self {
        Self {
            #[cfg(unix)]
            before: tcgetattr(io::stdin()),
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // Where it cannot be set, there is no terminal.
        #[cfg(unix)]
        let _ = self.before.as_ref().map(|before| tcsetattr(io::stdin(), SetArg::TCSANOW, before));
    }
}
