//! What the eight programs share and none of them teaches.
//!
//! A program's own file shows how it is concurrent; nothing here has to be read to understand
//! that. The parts switch on by feature, so that a program builds only what it uses:
//!
//! - [`lesson`]: the options of a program, and what is printed around the lesson;
//! - `site`: the built-in website and the referee that counts what really happened;
//! - `pool`: the process pool, counterpart of Python's `multiprocessing.Pool`;
//! - [`timeline`]: records who worked and who waited, when, and draws it;
//! - `cargo`: has cargo build the programs;
//! - `testing`: what the tests of the programs share.

#[cfg(feature = "cli")]
pub mod cargo;
pub mod lesson;
pub mod output;
#[cfg(feature = "pool")]
pub mod pool;
#[cfg(feature = "site")]
pub mod site;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timeline;
