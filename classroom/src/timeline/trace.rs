//! A run as a trace that Perfetto and `chrome://tracing` open, and back.
//!
//! It is the Trace Event Format's JSON object. A program is a process of the trace, a lane is a
//! thread of it, an item is a complete event of the category `item`, and inside it lie the events
//! of the category `work`. Times are microseconds with three digits behind the point.

use std::collections::HashMap;
use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::run::{Item, Lane, Timeline, Work};
use crate::error::{Error, Result};
use crate::words::printable;

/// Says that a trace is one of ours, and how it is to be read.
const FORMAT: &str = "classroom timeline 1";

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
        about.push(json!({ "pid": pid, "program": run.program, "run_us": micros(run.duration) }));
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
#[expect(clippy::cast_precision_loss, reason = "exact up to 52 days")]
fn micros(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e3
}

/// Reads a file that [`write()`] has written: the runs, and the comparison that was saved with them.
///
/// # Errors
///
/// The file cannot be read, or as [`read`].
pub fn read_file(path: &Path) -> Result<(Vec<Timeline>, Value)> {
    let cannot_read =
        |reason: &dyn Display| Error::new(format!("Cannot read {}: {reason}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| cannot_read(&error))?;
    read(&text).map_err(|error| cannot_read(&error))
}

/// Reads what [`write()`] has written.
///
/// # Errors
///
/// It is no JSON, or another trace.
pub fn read(text: &str) -> Result<(Vec<Timeline>, Value)> {
    let mut trace: Value = serde_json::from_str(text)
        .map_err(|error| Error::new(format!("it is not JSON ({error})")))?;
    if trace["otherData"]["format"] != FORMAT {
        return Err(Error::new("no program of this workspace has saved it"));
    }
    let comparison = trace["otherData"]["comparison"].take();
    runs(&trace)
        .map(|runs| (runs, comparison))
        .ok_or_else(|| Error::new("it is damaged: something in it is missing or is no time"))
}

fn runs(trace: &Value) -> Option<Vec<Timeline>> {
    let mut runs = Vec::new();
    // Where the process and the thread of a number are to be found.
    let mut run_of = HashMap::new();
    let mut lane_of = HashMap::new();
    for about in trace["otherData"]["runs"].as_array()? {
        run_of.insert(about["pid"].as_u64()?, runs.len());
        runs.push(Timeline {
            program: printable(about["program"].as_str()?),
            duration: time(&about["run_us"])?,
            lanes: Vec::new(),
        });
    }
    let events = trace["traceEvents"].as_array()?;
    for event in events.iter().filter(|event| event["name"] == "thread_name") {
        let run = &mut runs[*run_of.get(&event["pid"].as_u64()?)?];
        lane_of.insert(event["tid"].as_u64()?, run.lanes.len());
        run.lanes
            .push(Lane { name: printable(event["args"]["name"].as_str()?), items: Vec::new() });
    }
    // Backwards, because the work of an item comes after it.
    let mut work: Vec<Work> = Vec::new();
    for event in events.iter().rev().filter(|event| event["ph"] == "X") {
        let start = time(&event["ts"])?;
        let end = start + time(&event["dur"])?;
        if event["cat"] == "work" {
            work.push(Work { start, end, worked: time(&event["args"]["worked_us"])? });
            continue;
        }
        let run = &mut runs[*run_of.get(&event["pid"].as_u64()?)?];
        let lane = run.lanes.get_mut(*lane_of.get(&event["tid"].as_u64()?)?)?;
        work.reverse();
        lane.items.push(Item {
            label: printable(event["name"].as_str()?),
            ready: time(&event["args"]["ready_us"])?,
            start,
            end,
            work: std::mem::take(&mut work).into(),
            failure: event["args"]["failure"].as_str().map(printable),
        });
    }
    for lane in runs.iter_mut().flat_map(|run| &mut run.lanes) {
        lane.items.reverse();
    }
    Some(runs)
}

/// A time of the trace, to the nanosecond.
fn time(micros: &Value) -> Option<Duration> {
    let nanos = (micros.as_f64()? * 1e3).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (0.0..9e15).contains(&nanos).then(|| Duration::from_nanos(nanos as u64))
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::downloads;
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut runs = [downloads(5, 32), downloads(1, 3), Timeline::default()];
        runs[1].lanes[0].items[1].failure = Some("status 500, \"cut\" off".into());
        runs[1].lanes[0].items[2].work = [].into();
        runs[0].lanes[0].items[0].end += Duration::from_nanos(123_456_789);
        let mut text = Vec::new();
        let comparison = json!({ "machine": "2 cores" });
        write(&runs, &comparison, &mut text).expect("a vector takes everything");
        let text = String::from_utf8(text).expect("JSON is text");
        let (read, kept) = read(&text).expect("it is ours");
        assert_eq!(read, runs);
        assert_eq!(kept, comparison);
    }

    #[test]
    fn what_is_not_ours_is_refused() {
        for (text, reason) in [
            ("", "not JSON"),
            ("[]", "no program of this workspace"),
            (r#"{"traceEvents":[]}"#, "no program of this workspace"),
            (r#"{"otherData":{"format":"classroom timeline 1"}}"#, "damaged"),
        ] {
            let refused = read(text).expect_err(text).to_string();
            assert!(refused.contains(reason), "{refused}");
        }
    }
}
