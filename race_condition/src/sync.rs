//! The counter's types: those of the standard library, or in tests those of a model checker.
//!
//! `every_schedule.rs` needs the model checker's, which stop at each access to let it choose the
//! thread that goes on.

#[cfg(not(test))]
pub use std::sync::{Mutex, atomic::AtomicU64, atomic::Ordering::Relaxed};

#[cfg(test)]
pub use shuttle::sync::{Mutex, atomic::AtomicU64, atomic::Ordering::Relaxed};
