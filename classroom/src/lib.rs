//! What the eight programs share and none of them teaches.
//!
//! A program's own file shows how it is concurrent. Nothing here has to be read to understand that.
//! The parts switch on by feature, so that a program builds only what it uses. Each part imports
//! only from those above it:
//!
//! - [`error`], [`words`], [`this_process`]: the ground;
//! - [`output`]: prints whole lines, one at a time;
//! - `site`: the built-in website, and the referee that counts what really happened;
//! - [`timeline`]: records which thread worked and which waited, and draws it;
//! - `pool`: the process pool, counterpart of Python's `multiprocessing.Pool`;
//! - [`lesson`]: the options of a program, and what is printed around the lesson;
//! - `cargo`: has cargo build the programs;
//! - `testing`: what the tests of the programs share.

#[cfg(feature = "cli")]
pub mod cargo;
pub mod error;
pub mod lesson;
pub mod output;
#[cfg(feature = "pool")]
pub mod pool;
#[cfg(feature = "site")]
pub mod site;
#[cfg(feature = "testing")]
pub mod testing;
pub mod this_process;
pub mod timeline;
pub mod words;
