//! Marks where an item begins and ends: for the bar of `--quiet` and for pictures.

use std::fmt::{Arguments, Display};

use basics::output;
use timeline::record;

/// Prints the line of one item, unless `--quiet` shows a bar instead.
#[macro_export]
macro_rules! progress {
    ($($line:tt)*) => { $crate::item::progress(format_args!($($line)*)) };
}

/// An item under way on this thread, until this is dropped.
#[must_use = "the item ends when the guard is dropped"]
pub struct ItemGuard(());

/// Begins a download or a sum on this thread: the guard stands for it.
///
/// It is recorded if a picture was asked for, and when it ends, the bar of `--quiet` moves one step.
/// A thread has one item at a time.
pub fn item(label: impl Display) -> ItemGuard {
    record::open(label);
    ItemGuard(())
}

/// Does `work` as an item on this thread.
pub fn as_item<T>(label: impl Display, work: impl FnOnce() -> T) -> T {
    let _item = item(label);
    work()
}

impl Drop for ItemGuard {
    fn drop(&mut self) {
        record::close();
        output::step();
    }
}

/// Prints the line of the item under way, which has what it waited for: [`progress!`].
///
/// The time that it takes to print is not the item's.
///
/// [`progress!`]: crate::progress
pub fn progress(line: Arguments) {
    record::done(None);
    output::progress(line);
}
