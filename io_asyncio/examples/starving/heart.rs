//! A heart: a task that shows whether an event loop is kept from its other tasks.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use io_lesson::Result;

/// From one beat of the heart to the next.
const BEAT: Duration = Duration::from_millis(5);

/// What a heart has done beside other tasks.
#[derive(Clone, Copy, Debug)]
pub struct Heart {
    /// How long the tasks took.
    pub time: Duration,
    /// How often the heart beat meanwhile.
    pub beats: usize,
    /// The longest time by which a beat was late.
    pub longest_delay: Duration,
}

impl Heart {
    /// Runs tasks to their end, in an event loop with so many threads, and beside them a heart: one
    /// more task, which wants a turn every 5 ms.
    ///
    /// # Errors
    ///
    /// The system has no thread or no file to give.
    pub fn beside<F>(tasks: impl IntoIterator<Item = F>, threads: usize) -> Result<Self>
    where
        F: Future<Output: Send> + Send + 'static,
    {
        let mut event_loop = match threads {
            1 => Builder::new_current_thread(),
            _ => Builder::new_multi_thread(),
        };
        event_loop.worker_threads(threads).enable_all().build()?.block_on(async {
            let (sender, mut delays) = unbounded_channel();
            tokio::spawn(beat(sender));
            delays.recv().await; // it beats
            let start = Instant::now();
            let mut set = JoinSet::new();
            for task in tasks {
                set.spawn(task);
            }
            while let Some(ended) = set.join_next().await {
                ended?;
            }
            let (time, beats) = (start.elapsed(), delays.len());
            let mut longest_delay = Duration::ZERO;
            // The last of these beats was due before the tasks had ended.
            for _ in 0..=beats {
                longest_delay = longest_delay.max(delays.recv().await.unwrap_or_default());
            }
            Ok(Self { time, beats, longest_delay })
        })
    }
}

/// Tells of each beat how late it is, for as long as anybody listens.
async fn beat(delays: UnboundedSender<Duration>) {
    let mut due = Instant::now();
    while delays.send(due.elapsed()).is_ok() {
        due = Instant::now() + BEAT;
        sleep_until(due).await;
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tokio::time::sleep;

    use super::*;

    const WAIT: Duration = Duration::from_millis(40);

    #[test]
    fn the_heart_beats_beside_tasks_that_wait() {
        let heart = Heart::beside((0..3).map(|_| sleep(WAIT)), 1).expect("there is a thread");
        assert!(heart.beats >= 1, "{heart:?}");
        assert!(heart.time >= WAIT, "{heart:?}");
    }

    #[test]
    fn the_heart_stands_still_beside_a_task_that_keeps_the_thread() {
        let sleeps = (0..3).map(|_| async { thread::sleep(WAIT) });
        let heart = Heart::beside(sleeps, 1).expect("there is a thread");
        // One can fall due before the first task has begun.
        assert!(heart.beats <= 1, "{heart:?}");
        assert!(heart.longest_delay >= WAIT, "{heart:?}");
        assert!(heart.time >= 3 * WAIT, "{heart:?}");
    }
}
