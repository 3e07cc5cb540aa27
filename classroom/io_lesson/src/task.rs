//! A download that is a task.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use basics::output;
use timeline::record::OpenItem;

pin_project! {
    /// A task that is an item. Its polls are recorded if a picture was asked for.
    #[must_use = "a future does nothing until it is polled"]
    pub struct Task<F> {
        #[pin]
        work: F,
        open: Option<Box<OpenItem>>,
    }
}

/// Makes `work` an item, as [`item`](super::item()) does on a thread: the item works while it is
/// polled, and waits in between.
pub fn task<F: Future>(label: impl Display, work: F) -> Task<F> {
    Task { work, open: Some(OpenItem::task(label)) }
}

impl<F: Future> Future for Task<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let task = self.project();
        // A task that has ended is not polled again.
        if let Some(open) = task.open.take() {
            open.enter();
        }
        let poll = task.work.poll(context);
        let open = OpenItem::leave();
        if poll.is_ready() {
            if let Some(open) = open {
                open.close_task();
            }
            output::step();
        } else {
            *task.open = open;
        }
        poll
    }
}
