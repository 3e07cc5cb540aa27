//! Reads a trace, event by event: a large file never lies in memory as a whole.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::super::run::{Item, Lane, Timeline, Work};
use crate::error::{Error, Result};
use crate::words::printable;

/// Says that a trace is one of ours, and how it is to be read.
pub(super) const FORMAT: &str = "classroom timeline 1";

/// The mark that some editors put at the beginning of a text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Reads a file that [`write()`](super::write()) has written: the runs, and the comparison that was
/// saved with them.
///
/// # Errors
///
/// The file cannot be read, or as [`read`].
pub fn read_file(path: &Path) -> Result<(Vec<Timeline>, Value)> {
    let cannot_read = |reason: &dyn Display| {
        let name = printable(&path.to_string_lossy());
        Error::new(format!("Cannot read {name}: {reason}"))
    };
    let open = || {
        let mut file = BufReader::new(File::open(path)?);
        if file.fill_buf()?.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            file.consume(BYTE_ORDER_MARK.len());
        }
        Ok(file)
    };
    let file = open().map_err(|error: std::io::Error| cannot_read(&error))?;
    read_from(&mut serde_json::Deserializer::from_reader(file)).map_err(|error| cannot_read(&error))
}

/// Reads what [`write()`](super::write()) has written.
///
/// # Errors
///
/// It is no JSON, another trace, or damaged.
pub fn read(text: &str) -> Result<(Vec<Timeline>, Value)> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    read_from(&mut serde_json::Deserializer::from_str(text))
}

fn read_from<'de, R: serde_json::de::Read<'de>>(
    json: &mut serde_json::Deserializer<R>,
) -> Result<(Vec<Timeline>, Value)> {
    let not_ours = || Error::new("no program of this workspace has saved it");
    let trace = Trace::deserialize(&mut *json).and_then(|trace| json.end().map(|()| trace));
    let mut trace = trace.map_err(|error| match error.classify() {
        Category::Io => Error::new(error),
        Category::Syntax | Category::Eof => Error::new(format!("it is not JSON ({error})")),
        Category::Data => not_ours(),
    })?;
    if trace.about["format"] != FORMAT {
        return Err(not_ours());
    }
    let comparison = trace.about["comparison"].take();
    let runs = trace
        .runs()
        .ok_or_else(|| Error::new("it is damaged: something in it is missing or is no time"))?;
    runs.iter().try_for_each(check)?;
    Ok((runs, comparison))
}

/// The JSON object of a trace.
#[derive(Default)]
struct Trace {
    events: Events,
    about: Value,
}

/// The events of a trace, put together to lanes.
#[derive(Default)]
struct Events {
    lanes: Vec<NumberedLane>,
    /// The place of the lane that has these numbers, of its process and of its thread.
    places: HashMap<(u64, u64), usize>,
    /// The lane of the last item, and the work of that item so far.
    last: Option<usize>,
    work: Vec<Work>,
    is_damaged: bool,
}

/// A lane, and the number of the run that it belongs to.
struct NumberedLane {
    pid: u64,
    name: Option<String>,
    items: Vec<Item>,
}

impl Events {
    /// Adds an event; `None` if something in it is missing.
    fn add(&mut self, event: &Value) -> Option<()> {
        let kind = event["ph"].as_str()?;
        let names_lane = kind == "M" && event["name"] == "thread_name";
        if !names_lane && kind != "X" {
            return Some(());
        }
        let numbers = (event["pid"].as_u64()?, event["tid"].as_u64()?);
        let place = *self.places.entry(numbers).or_insert(self.lanes.len());
        if place == self.lanes.len() {
            self.lanes.push(NumberedLane { pid: numbers.0, name: None, items: Vec::new() });
        }
        if names_lane {
            self.lanes[place].name = Some(printable(event["args"]["name"].as_str()?));
            return Some(());
        }
        let start = time(&event["ts"])?;
        let end = start + time(&event["dur"])?;
        if event["cat"] == "work" {
            // The work of an item comes after it.
            let worked = time(&event["args"]["worked_us"])?;
            self.work.push(Work { start, end, worked });
            return (self.last == Some(place)).then_some(());
        }
        self.end_item();
        self.last = Some(place);
        self.lanes[place].items.push(Item {
            label: printable(event["name"].as_str()?),
            ready: time(&event["args"]["ready_us"])?,
            start,
            end,
            work: [].into(),
            failure: event["args"]["failure"].as_str().map(printable),
        });
        Some(())
    }

    /// Gives the last item its work.
    fn end_item(&mut self) {
        if let Some(item) = self.last.and_then(|lane| self.lanes[lane].items.last_mut()) {
            item.work = std::mem::take(&mut self.work).into();
        }
    }
}

impl Trace {
    /// The runs of the trace; `None` if something is missing.
    fn runs(mut self) -> Option<Vec<Timeline>> {
        let mut runs = Vec::new();
        let mut run_of = HashMap::new();
        for about in self.about["runs"].as_array()? {
            run_of.insert(about["pid"].as_u64()?, runs.len());
            runs.push(Timeline {
                program: printable(about["program"].as_str()?),
                duration: time(&about["run_us"])?,
                cores: about["cores"].as_u64().and_then(|cores| usize::try_from(cores).ok()),
                lanes: Vec::new(),
            });
        }
        self.events.end_item();
        for NumberedLane { pid, name, items } in self.events.lanes {
            runs[*run_of.get(&pid)?].lanes.push(Lane { name: name?, items });
        }
        (!self.events.is_damaged).then_some(runs)
    }
}

/// Refuses times that no run can have had: the sums over them would make no sense.
fn check(run: &Timeline) -> Result<()> {
    let damaged =
        |lane: &Lane, does: &str| Err(Error::new(format!("it is damaged: {} {does}", lane.name)));
    // Clocks may differ a little.
    let latest = run.duration + run.duration / 10;
    for lane in &run.lanes {
        let mut free = Duration::ZERO;
        for item in &lane.items {
            if item.start < free {
                return damaged(lane, "does two items at the same time");
            }
            free = item.end;
            if item.end > latest || item.work.iter().any(|work| work.end > latest) {
                return damaged(lane, "does something after the end of the run");
            }
            if item.work.iter().any(|work| work.start < item.start) {
                return damaged(lane, "works for an item before it begins");
            }
        }
    }
    Ok(())
}

/// A time of the trace, to the nanosecond.
fn time(micros: &Value) -> Option<Duration> {
    let nanos = (micros.as_f64()? * 1e3).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (0.0..9e15).contains(&nanos).then(|| Duration::from_nanos(nanos as u64))
}

impl<'de> Deserialize<'de> for Trace {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(TraceVisitor)
    }
}

struct TraceVisitor;

impl<'de> Visitor<'de> for TraceVisitor {
    type Value = Trace;

    fn expecting(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("a trace")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Trace, A::Error> {
        let mut trace = Trace::default();
        let mut has_events = false;
        while let Some(key) = map.next_key::<String>()? {
            match &*key {
                "traceEvents" => {
                    trace.events = map.next_value()?;
                    has_events = true;
                }
                "otherData" => trace.about = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        trace.events.is_damaged |= !has_events;
        Ok(trace)
    }
}

impl<'de> Deserialize<'de> for Events {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(EventsVisitor)
    }
}

struct EventsVisitor;

impl<'de> Visitor<'de> for EventsVisitor {
    type Value = Events;

    fn expecting(&self, f: &mut Formatter) -> fmt::Result {
        f.write_str("the events of a trace")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<Events, A::Error> {
        let mut all = Events::default();
        while let Some(event) = events.next_element::<Value>()? {
            // The rest is read, too: the end says whether the trace is one of ours.
            all.is_damaged = all.is_damaged || all.add(&event).is_none();
        }
        Ok(all)
    }
}
