//! A run as a trace that Perfetto and `chrome://tracing` open, and back.
//!
//! It is the Trace Event Format's JSON object. A program is a process of the trace, a lane is a
//! thread of it, an item is a complete event of the category `item`, and inside it lie the events
//! of the category `work`. Times are microseconds with three digits behind the point.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::run::{Item, Timeline, Work};

mod read;

use read::FORMAT;
pub use read::{read, read_file};

/// Writes runs as one trace.
///
/// `comparison` is kept with them.
pub fn write(
    runs: &[Timeline],
    comparison: &Value,
    to: &mut (impl Write + ?Sized),
) -> io::Result<()> {
    // No two numbers are the same, because some readers know a thread by its number alone.
    let mut numbers = 1..;
    let mut next = || numbers.next().unwrap_or(u64::MAX);
    let mut about = Vec::new();
    let mut events = Events { to, first: true };
    events.to.write_all(b"{\"traceEvents\":[")?;
    for run in runs {
        let pid = next();
        about.push(json!({
            "pid": pid, "program": run.program, "run_us": micros(run.duration),
            "item": run.job.noun(), "lane": run.engine.noun(), "cores": run.cores,
        }));
        events.name("process", pid, pid, &run.program)?;
        for lane in &run.lanes {
            let tid = next();
            events.name("thread", pid, tid, &lane.name)?;
            events.add(&json!({
                "ph": "M", "pid": pid, "tid": tid, "name": "thread_sort_index",
                "args": { "sort_index": tid },
            }))?;
            for item in &lane.items {
                events.item(pid, tid, item)?;
            }
        }
    }
    let other = json!({ "format": FORMAT, "runs": about, "comparison": comparison });
    write!(events.to, "\n],\n\"displayTimeUnit\":\"ms\",\n\"otherData\":{other}}}")?;
    writeln!(events.to)
}

struct Events<'a, W: ?Sized> {
    to: &'a mut W,
    first: bool,
}

impl<W: Write + ?Sized> Events<'_, W> {
    fn add(&mut self, event: &Value) -> io::Result<()> {
        let separator = if std::mem::take(&mut self.first) { "\n" } else { ",\n" };
        write!(self.to, "{separator}{event}")
    }

    fn name(&mut self, what: &str, pid: u64, tid: u64, name: &str) -> io::Result<()> {
        self.add(&json!({
            "ph": "M", "pid": pid, "tid": tid, "name": format!("{what}_name"),
            "args": { "name": name },
        }))
    }

    fn item(&mut self, pid: u64, tid: u64, item: &Item) -> io::Result<()> {
        let mut about = json!({
            "ready_us": micros(item.ready),
            "worked_us": micros(item.worked()),
            "waited_us": micros(item.waited()),
        });
        if let Some(failure) = &item.failure {
            about["failure"] = json!(failure);
        }
        self.add(&json!({
            "ph": "X", "cat": "item", "name": item.label, "pid": pid, "tid": tid,
            "ts": micros(item.start), "dur": micros(item.length()), "args": about,
        }))?;
        for Work { start, end, worked } in &item.work {
            self.add(&json!({
                "ph": "X", "cat": "work", "name": "works", "pid": pid, "tid": tid,
                "ts": micros(*start), "dur": micros(end.saturating_sub(*start)),
                "args": { "worked_us": micros(*worked) },
            }))?;
        }
        Ok(())
    }
}

/// Microseconds with the nanoseconds behind the point.
fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Engine, Job};
    use crate::run::tests::downloads;

    #[test]
    fn what_was_written_is_read() {
        let mut runs = [downloads(5, 32), downloads(1, 3), Timeline::default()];
        runs[0].cores = 2;
        runs[0].lanes[0].items[0].end -= Duration::from_nanos(23_456_789);
        (runs[1].job, runs[1].engine) = (Job::Race, Engine::Process);
        runs[1].lanes[0].items[1].failure = Some("status 500, \"cut\" off".into());
        runs[1].lanes[0].items[2].work.clear();
        let mut text = Vec::new();
        let comparison = json!({ "machine": "2 cores" });
        write(&runs, &comparison, &mut text).expect("a vector takes everything");
        let text = String::from_utf8(text).expect("JSON is text");
        let (read, kept) = read(&text).expect("it is ours");
        assert_eq!(read, runs);
        assert_eq!(kept, comparison);
    }

    #[test]
    fn events_are_read_in_any_order() {
        let mut text = Vec::new();
        let runs = [downloads(5, 32), downloads(1, 3)];
        write(&runs, &Value::Null, &mut text).expect("a vector takes everything");
        let mut trace: Value = serde_json::from_slice(&text).expect("it is JSON");
        let events = trace["traceEvents"].as_array_mut().expect("they are a list");
        events.sort_by_key(|event| event["ts"].as_f64().map(|time| time as u64));
        events.reverse();
        let (read, _) = read(&format!("\u{feff}{trace}")).expect("it is ours");
        assert_eq!(read, runs);
    }
}
