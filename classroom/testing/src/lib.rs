//! What the tests of the programs share.
//!
//! They run the real programs, ask the referee, and never wait without an end.

pub mod browser;
mod checks;
mod exercises;
mod folder;
mod http;
mod phone;
pub mod pictures;
mod process_output;
mod programs;
mod refused;
pub mod sums;
mod waiting;
#[cfg(unix)]
mod workers;

#[cfg(target_os = "linux")]
pub use checks::check_full_disk;
pub use checks::{check_head, check_help, check_width, check_wrong_usage, options_in};
pub use exercises::{check_exercise, check_mends, check_missed};
pub use folder::Folder;
pub use http::{Answer, Connection};
pub use phone::Phone;
pub use process_output::{ProcessOutput, SiteCounts};
#[cfg(unix)]
pub use programs::command_with_ulimit;
pub use programs::{Running, command, example, run, run_example};
pub use refused::{check_refused, rustc};
pub use waiting::{DEADLINE, wait_until};
#[cfg(target_os = "linux")]
pub use workers::hundredths_computed;
#[cfg(unix)]
pub use workers::{
    WorkerProcess, check_interrupt, children_of, is_running, lives, signal, wait_until_gone,
    workers_of,
};

/// Makes a test of each of these functions in a module of `testing`, called with these
/// arguments.
#[macro_export]
macro_rules! tests_of {
    ($module:ident $arguments:tt; $($(#[$on:meta])? $name:ident)*) => {
        $(
            $(#[$on])?
            #[test]
            fn $name() {
                $crate::$module::$name $arguments;
            }
        )*
    };
}
