//! Tries to share a session that changes a `RefCell` of its own when it is used.
//!
//! The compiler refuses it with E0277: a `RefCell` counts its borrows with a plain `+= 1`, so only
//! one thread may use it.

use std::{cell::RefCell, thread};

/// It remembers what it has read, as `requests.Session` remembers its cookies.
#[derive(Default)]
struct Session {
    read: RefCell<Vec<String>>,
}

impl Session {
    fn get(&self, url: &str) {
        self.read.borrow_mut().push(url.into());
    }
}

fn main() {
    let session = Session::default();
    thread::scope(|s| {
        for _ in 0..5 {
            s.spawn(|| session.get("http://olympus.realpython.org/dice"));
        }
    });
    println!("{}", session.read.borrow().len());
}
