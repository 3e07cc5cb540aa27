//! Tries to give a session with many owners, an `Rc`, to a task that may run on any thread.
//!
//! The compiler refuses it: a task may go on in another thread after each `.await`, with all that it
//! has, and an `Rc` may not go there.

use std::rc::Rc;

struct Session;

impl Session {
    async fn get(&self, url: &str) -> usize {
        url.len()
    }
}

/// Stands for `tokio::spawn`, and asks for the same. `rustc` by itself has no tokio.
fn spawn<F>(_task: F)
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
}

async fn download_site(session: Rc<Session>) -> usize {
    session.get("http://olympus.realpython.org/dice").await
}

fn main() {
    let session = Rc::new(Session);
    for _ in 0..160 {
        spawn(download_site(Rc::clone(&session)));
    }
}
