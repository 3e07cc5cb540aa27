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
    let mut trace: Value = serde_json::from_str(text).unwrap_or_default();
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
    for event in trace["traceEvents"].as_array()? {
        let run = runs.get_mut(&event["pid"].as_u64()?)?;
        if event["name"] == "thread_name" {
            // What follows is the lane's, up to the next name.
            run.lanes.push(Lane { name: text(&event["args"]["name"])?, items: Vec::new() });
        } else if event["ph"] == "X" {
            let items = &mut run.lanes.last_mut()?.items;
            let start = time(&event["ts"])?;
            let end = start + time(&event["dur"])?;
            if event["cat"] == "item" {
                items.push(item(event, start, end)?);
            } else {
                let worked = time(&event["args"]["worked_us"])?;
                items.last_mut()?.work.push(Work { start, end, worked });
            }
        }
    }
    Some(runs.into_values().collect())
}

fn item(event: &Value, start: Duration, end: Duration) -> Option<Item> {
    let about = &event["args"];
    let ready = time(&about["ready_us"])?;
    let label = text(&event["name"])?;
    Some(Item { label, ready, start, end, work: Vec::new(), failure: text(&about["failure"]) })
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
