//! Reads a trace that was saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::job::{Engine, Job};
use crate::run::{Item, Lane, Timeline, Work};
use basics::error::{Error, Result};
use basics::words::printable;

/// Says that a trace is one of ours, and how it is to be read.
pub(super) const FORMAT: &str = "classroom timeline 1";

/// Reads a file that [`write()`](super::write()) has written: the runs, and the comparison that was
/// saved with them.
///
/// # Errors
///
/// There is no such file, or as [`read`].
pub fn read_file(path: &Path) -> Result<(Vec<Timeline>, Value)> {
    let text = fs::read_to_string(path).map_err(Error::from);
    text.and_then(|text| read(&text)).map_err(|error| {
        Error::new(format!("Cannot read {}: {error}", printable(&path.to_string_lossy())))
    })
}

/// Reads what [`write()`](super::write()) has written.
///
/// # Errors
///
/// It is something else, or it is damaged.
pub fn read(text: &str) -> Result<(Vec<Timeline>, Value)> {
    // An editor may have put a byte order mark before it.
    let mut trace: Value =
        serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap_or_default();
    let comparison = trace.pointer_mut("/otherData/comparison").map(Value::take);
    let runs = runs(&trace)
        .ok_or_else(|| Error::new("it is nothing that this version of the programs has saved"))?;
    Ok((runs, comparison.unwrap_or_default()))
}

/// The runs of a trace; `None` if something in it is missing.
fn runs(trace: &Value) -> Option<Vec<Timeline>> {
    let about = &trace["otherData"];
    if about["format"] != FORMAT {
        return None;
    }
    let mut runs = BTreeMap::new();
    for run in about["runs"].as_array()? {
        let pid = run["pid"].as_u64()?;
        let run = Timeline {
            program: text(&run["program"])?,
            job: Job::ALL.into_iter().find(|job| run["item"] == job.noun())?,
            engine: Engine::ALL.into_iter().find(|engine| run["lane"] == engine.noun())?,
            duration: time(&run["run_us"])?,
            cores: usize::try_from(run["cores"].as_u64()?).ok()?,
            lanes: Vec::new(),
        };
        runs.insert(pid, run);
    }
    for (pid, lane) in lanes(trace["traceEvents"].as_array()?)? {
        runs.get_mut(&pid)?.lanes.push(lane);
    }
    Some(runs.into_values().collect())
}

/// The lanes in the order of their numbers, each with the number of its run. The events may stand in
/// any order: other programs sort them by time.
fn lanes(events: &[Value]) -> Option<Vec<(u64, Lane)>> {
    let mut lanes = BTreeMap::new();
    for event in events.iter().filter(|event| event["name"] == "thread_name") {
        let lane = Lane { name: text(&event["args"]["name"])?, items: Vec::new() };
        lanes.insert(event["tid"].as_u64()?, (event["pid"].as_u64()?, lane));
    }
    for event in events.iter().filter(|event| event["cat"] == "item") {
        lanes.get_mut(&event["tid"].as_u64()?)?.1.items.push(item(event)?);
    }
    for (_, lane) in lanes.values_mut() {
        lane.items.sort_by_key(|item| item.start);
    }
    for event in events.iter().filter(|event| event["cat"] == "work") {
        let (start, end) = stretch(event)?;
        let items = &mut lanes.get_mut(&event["tid"].as_u64()?)?.1.items;
        // A lane does one item at a time.
        let begun = items.partition_point(|item| item.start <= start);
        let work = Work { start, end, worked: time(&event["args"]["worked_us"])? };
        items[..begun].last_mut()?.work.push(work);
    }
    for item in lanes.values_mut().flat_map(|(_, lane)| &mut lane.items) {
        item.work.sort_by_key(|work| work.start);
    }
    Some(lanes.into_values().collect())
}

fn item(event: &Value) -> Option<Item> {
    let (start, end) = stretch(event)?;
    let about = &event["args"];
    let ready = time(&about["ready_us"])?;
    let label = text(&event["name"])?;
    Some(Item { label, ready, start, end, work: Vec::new(), failure: text(&about["failure"]) })
}

/// When an event began and ended.
fn stretch(event: &Value) -> Option<(Duration, Duration)> {
    let start = time(&event["ts"])?;
    Some((start, start + time(&event["dur"])?))
}

/// A time of the trace, from microseconds, to the nanosecond.
fn time(micros: &Value) -> Option<Duration> {
    let nanos = (micros.as_f64()? * 1e3).round();
    (0.0..9e15).contains(&nanos).then(|| Duration::from_nanos(nanos as u64))
}

/// A text of the trace, as it can be shown.
fn text(text: &Value) -> Option<String> {
    text.as_str().map(printable)
}
