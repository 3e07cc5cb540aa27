//! What two threads share: types of the standard library's names and methods, each of whose steps is
//! noted and can be followed by a switch to the other thread. Each has a name, for the picture.

use std::fmt::Debug;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering;
use std::sync::{PoisonError, TryLockError};

use shuttle::sync::atomic;

use super::record;

pub use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

/// A number without a lock.
pub struct AtomicU64 {
    name: &'static str,
    value: atomic::AtomicU64,
}

// The model checker knows the strictest order of memory only. What a weaker one allows beside that,
// no exercise can show.
impl AtomicU64 {
    /// A number with its name.
    pub fn new(name: &'static str, value: u64) -> Self {
        Self { name, value: atomic::AtomicU64::new(value) }
    }

    /// Reads the number.
    pub fn load(&self, order: Ordering) -> u64 {
        check_load(order);
        let value = self.value.load(SeqCst);
        record::note(format!("reads {}: {value}", self.name));
        value
    }

    /// Writes the number.
    pub fn store(&self, value: u64, order: Ordering) {
        check_store(order);
        self.value.store(value, SeqCst);
        record::note(format!("writes {}: {value}", self.name));
    }

    /// Adds to the number in one step, and returns what it was.
    pub fn fetch_add(&self, more: u64, _: Ordering) -> u64 {
        let before = self.value.fetch_add(more, SeqCst);
        record::note(format!("adds {more} to {}: {}", self.name, before.wrapping_add(more)));
        before
    }

    /// Writes `new` if the number is `current`, in one step; an error says what it is.
    pub fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        _: Ordering,
        _: Ordering,
    ) -> Result<u64, u64> {
        let result = self.value.compare_exchange(current, new, SeqCst, SeqCst);
        record::note(match result {
            Ok(_) => format!("writes {}: {new}, it was {current}", self.name),
            Err(is) => format!("writes nothing: {} is {is}", self.name),
        });
        result
    }
}

/// The standard library panics as well.
fn check_store(order: Ordering) {
    assert!(
        !matches!(order, Acquire | AcqRel),
        "there is no {order:?} store; Release is for stores"
    );
}

fn check_load(order: Ordering) {
    assert!(!matches!(order, Release | AcqRel), "there is no {order:?} load; Acquire is for loads");
}

/// A flag without a lock.
pub struct AtomicBool {
    name: &'static str,
    value: atomic::AtomicBool,
    /// Whether an access asked for no order of other values.
    is_relaxed: std::sync::atomic::AtomicBool,
}

impl AtomicBool {
    /// A flag with its name.
    pub fn new(name: &'static str, value: bool) -> Self {
        Self { name, value: atomic::AtomicBool::new(value), is_relaxed: false.into() }
    }

    /// Whether it was read or written with `Relaxed`. Then other values that are written before the
    /// flag may be seen after it.
    pub fn was_relaxed(&self) -> bool {
        self.is_relaxed.load(SeqCst)
    }

    fn note(&self, order: Ordering) {
        self.is_relaxed.fetch_or(order == Relaxed, SeqCst);
    }

    /// Reads the flag.
    pub fn load(&self, order: Ordering) -> bool {
        check_load(order);
        self.note(order);
        let value = self.value.load(SeqCst);
        record::note(format!("reads {}: {value}", self.name));
        value
    }

    /// Writes the flag.
    pub fn store(&self, value: bool, order: Ordering) {
        check_store(order);
        self.note(order);
        self.value.store(value, SeqCst);
        record::note(format!("writes {}: {value}", self.name));
    }
}

/// A value with a lock.
pub struct Mutex<T> {
    name: &'static str,
    value: shuttle::sync::Mutex<T>,
    least: Option<T>,
}

impl<T: Copy + Debug + PartialOrd> Mutex<T> {
    /// A value with its name. (`const`, so that a lock for all threads can be a `static`.)
    pub const fn new(name: &'static str, value: T) -> Self {
        Self { name, value: shuttle::sync::Mutex::new(value), least: None }
    }

    /// An order goes wrong where the lock is given back with less than this.
    pub fn never_below(self, least: T) -> Self {
        Self { least: Some(least), ..self }
    }

    /// Waits for the lock and takes it. (The standard library's returns a `Result`, because a thread
    /// may panic with the lock.)
    pub fn lock(&self) -> Guard<'_, T> {
        let value = match self.value.try_lock() {
            Ok(value) => value,
            Err(TryLockError::Poisoned(value)) => value.into_inner(),
            Err(TryLockError::WouldBlock) => {
                record::wait_for(self.name);
                self.value.lock().unwrap_or_else(PoisonError::into_inner)
            }
        };
        if !record::can_go_on() {
            drop(value);
            record::leave();
        }
        record::locked(self.name);
        record::note(format!("locks {}", shown(self.name, *value)));
        Guard { name: self.name, value, least: self.least }
    }
}

/// A name with its value, and without if there is none: a lock may be there for itself, `Mutex<()>`.
fn shown<T: Debug>(name: &str, value: T) -> String {
    if size_of::<T>() == 0 { name.into() } else { format!("{name}: {value:?}") }
}

/// The lock of a [`Mutex`], until it is dropped, and the way to the value.
pub struct Guard<'a, T: Copy + Debug + PartialOrd> {
    name: &'static str,
    value: shuttle::sync::MutexGuard<'a, T>,
    least: Option<T>,
}

impl<T: Copy + Debug + PartialOrd> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Copy + Debug + PartialOrd> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Copy + Debug + PartialOrd> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        let (name, value) = (self.name, *self.value);
        record::note(format!("unlocks {}", shown(name, value)));
        if let Some(least) = self.least.filter(|least| value < *least) {
            record::give_up(format!(
                "The {name} is at {value:?}, and must never be below {least:?}"
            ));
        }
        record::unlocked(self.name);
    }
}
