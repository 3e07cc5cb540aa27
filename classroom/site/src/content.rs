//! The content of an answer, which may break off in the middle.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

/// What the site sends.
pub(super) struct Content {
    left: Option<Bytes>,
    size: usize,
    end: End,
}

enum End {
    Reached,
    /// The connection breaks, once what came before has been sent.
    BreaksOff {
        sent: bool,
    },
}

impl Content {
    /// All of it.
    pub(super) fn whole(content: impl Into<Bytes>) -> Self {
        let content = content.into();
        Self { size: content.len(), left: Some(content), end: End::Reached }
    }

    /// The first half, though all of it is announced.
    pub(super) fn half(content: &Bytes) -> Self {
        let size = content.len();
        Self { size, left: Some(content.slice(..size / 2)), end: End::BreaksOff { sent: false } }
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(bytes) = self.left.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match &mut self.end {
            End::Reached => Poll::Ready(None),
            End::BreaksOff { sent: true } => {
                Poll::Ready(Some(Err(io::Error::other("the site breaks off here"))))
            }
            End::BreaksOff { sent } => {
                // While hyper waits for more, it sends what it has.
                *sent = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_none() && matches!(self.end, End::Reached)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.size as u64)
    }
}
