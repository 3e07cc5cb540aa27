//! What the tests of the programs share.
//!
//! They run the real programs, ask the referee, and never wait without an end.

pub mod browser;
mod checks;
#[cfg(feature = "io")]
pub mod downloads;
mod ended;
mod exercises;
mod http;
pub mod pictures;
mod programs;
pub mod readers;
mod refused;
mod servers;
pub mod sums;
#[cfg(feature = "io")]
pub mod tls;
mod waiting;
#[cfg(unix)]
mod workers;

#[cfg(target_os = "linux")]
pub use checks::check_full_disk;
pub use checks::{check_head, check_help, check_width, check_wrong_usage, options_in};
pub use ended::{Ended, Saw};
pub use exercises::check_exercise;
pub use http::{Answer, Connection};
#[cfg(unix)]
pub use programs::command_with_ulimit;
pub use programs::{Running, command, example, run};
pub use refused::Refused;
pub use servers::{
    Gate, address_without_server, server_that_answers, server_that_is_silent,
    server_that_redirects_to_itself, server_that_stops_halfway,
};
pub use waiting::{DEADLINE, wait_until};
#[cfg(target_os = "linux")]
pub use workers::hundredths_computed;
#[cfg(unix)]
pub use workers::{
    WorkerProcess, check_interrupt, children_of, is_running, lives, signal, wait_until_gone,
    workers_of,
};

/// Makes a test of each of these functions in a module of `classroom::testing`, called with these
/// arguments.
#[macro_export]
macro_rules! tests_of {
    ($module:ident $arguments:tt; $($(#[$on:meta])? $name:ident)*) => {
        $(
            $(#[$on])?
            #[test]
            fn $name() {
                $crate::testing::$module::$name $arguments;
            }
        )*
    };
}
