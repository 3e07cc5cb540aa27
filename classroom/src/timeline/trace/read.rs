//! Reads a trace, event by event: a large file never lies in memory as a whole.
//!
//! A file may be damaged in any way, by accident or on purpose. Either it is read, or a sentence says
//! what is wrong with it; and it takes no more memory than a run of its size would.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use super::super::run::{Item, Lane, Timeline, Work};
use crate::error::{Error, Result};
use crate::words::{printable, thousands};

mod node;

use node::{Bounded, Node};

/// Says that a trace is one of ours, and how it is to be read.
pub(super) const FORMAT: &str = "classroom timeline 1";

/// The mark that some editors put at the beginning of a text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The largest file that is read, in bytes, 1 GiB: about two million downloads.
const LARGEST: u64 = 1 << 30;

/// The most items that are read, and the most lanes: as many as that file has.
const MOST: usize = 2_000_000;

/// The most values around the events: the figures of thousands of runs.
const MOST_VALUES: usize = 1_000_000;

/// The most letters of a name that are kept.
const MOST_LETTERS: usize = 200;

/// The most cores that a computer has.
const MOST_CORES: u64 = 1 << 16;

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
        let mut file = BufReader::new(File::open(path)?.take(LARGEST));
        if file.fill_buf()?.starts_with(BYTE_ORDER_MARK.as_bytes()) {
            file.consume(BYTE_ORDER_MARK.len());
        }
        let is_empty = file.fill_buf()?.is_empty();
        Ok((file, is_empty))
    };
    let (mut file, is_empty) = open().map_err(|error: std::io::Error| cannot_read(&error))?;
    if is_empty {
        return Err(cannot_read(&"it is empty"));
    }
    read_from(&mut serde_json::Deserializer::from_reader(&mut file)).map_err(|error| {
        if file.get_ref().limit() == 0 {
            return cannot_read(&"it is larger than 1 GiB");
        }
        cannot_read(&error)
    })
}

/// Reads what [`write()`](super::write()) has written.
///
/// # Errors
///
/// It is no JSON, another trace, or damaged.
pub fn read(text: impl AsRef<[u8]>) -> Result<(Vec<Timeline>, Value)> {
    let text = text.as_ref();
    let text = text.strip_prefix(BYTE_ORDER_MARK.as_bytes()).unwrap_or(text);
    read_from(&mut serde_json::Deserializer::from_slice(text))
}

fn read_from<'de, R: serde_json::de::Read<'de>>(
    json: &mut serde_json::Deserializer<R>,
) -> Result<(Vec<Timeline>, Value)> {
    let not_ours = || Error::new("no program of this workspace has saved it");
    let trace = Trace::deserialize(&mut *json).and_then(|trace| json.end().map(|()| trace));
    let mut trace = trace.map_err(|error| match error.classify() {
        Category::Io => Error::new(error),
        Category::Eof => Error::new(format!("it breaks off ({error})")),
        Category::Syntax => Error::new(format!("it is not JSON ({error})")),
        Category::Data => not_ours(),
    })?;
    if trace.about["format"] != FORMAT {
        return Err(not_ours());
    }
    if let Some(too_many) = trace.events.too_many {
        return Err(Error::new(format!("it has more than {} {too_many}", thousands(MOST as u64))));
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
    items: usize,
    /// The lane of the last item, and the work of that item so far.
    last: Option<usize>,
    work: Vec<Work>,
    is_damaged: bool,
    too_many: Option<&'static str>,
}

/// A lane, and the number of the run that it belongs to.
struct NumberedLane {
    pid: u64,
    name: Option<String>,
    items: Vec<Item>,
}

impl Events {
    /// Adds an event; `None` if something in it is missing.
    fn add(&mut self, event: &Node) -> Option<()> {
        let event = event.members()?;
        let kind = event.ph.text()?;
        let names_lane = kind == "M" && event.name.text() == Some("thread_name");
        if !names_lane && kind != "X" {
            return Some(());
        }
        let about = event.args.members()?;
        let numbers = (event.pid.number()?, event.tid.number()?);
        let place = *self.places.entry(numbers).or_insert(self.lanes.len());
        if place == self.lanes.len() {
            self.lanes.push(NumberedLane { pid: numbers.0, name: None, items: Vec::new() });
        }
        if names_lane {
            self.lanes[place].name = Some(name(about.name.text()?));
            return Some(());
        }
        let start = time(event.ts.value()?)?;
        let end = start + time(event.dur.value()?)?;
        if event.cat.text() == Some("work") {
            // The work of an item comes after it.
            let worked = time(about.worked_us.value()?)?;
            self.work.push(Work { start, end, worked });
            return (self.last == Some(place)).then_some(());
        }
        self.end_item();
        self.last = Some(place);
        self.items += 1;
        let items = &mut self.lanes[place].items;
        // Most lanes of a run with many of them have one.
        items.reserve_exact(usize::from(items.is_empty()));
        items.push(Item {
            label: name(event.name.text()?),
            ready: time(about.ready_us.value()?)?,
            start,
            end,
            work: [].into(),
            failure: about.failure.text().map(name),
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
            if run_of.insert(about["pid"].as_u64()?, runs.len()).is_some() {
                return None;
            }
            runs.push(Timeline {
                program: name(about["program"].as_str()?),
                duration: time(about["run_us"].as_f64()?)?,
                cores: match &about["cores"] {
                    Value::Null => None,
                    cores => Some(number_of_cores(cores)?),
                },
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
            if item.ready > item.start {
                return damaged(lane, "begins an item before it is ready");
            }
            free = item.start;
            for work in &item.work {
                if work.start < item.start {
                    return damaged(lane, "works for an item before it begins");
                }
                if work.start < free {
                    return damaged(lane, "does two pieces of work at the same time");
                }
                free = work.end;
            }
            if item.end.max(free) > latest {
                return damaged(lane, "does something after the end of the run");
            }
            if free > item.end {
                return damaged(lane, "works for an item after it has ended");
            }
            free = item.end;
        }
    }
    Ok(())
}

/// A time of the trace, from microseconds, to the nanosecond.
fn time(micros: f64) -> Option<Duration> {
    let nanos = (micros * 1e3).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
    (0.0..9e15).contains(&nanos).then(|| Duration::from_nanos(nanos as u64))
}

/// A text of the trace, as it can be shown.
fn name(text: &str) -> String {
    let mut letters = text.char_indices();
    match letters.nth(MOST_LETTERS) {
        Some((end, _)) => printable(&text[..end]) + "…",
        None => printable(text),
    }
}

fn number_of_cores(cores: &Value) -> Option<usize> {
    let cores = cores.as_u64().filter(|cores| (1..=MOST_CORES).contains(cores))?;
    usize::try_from(cores).ok()
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
                "otherData" => {
                    let mut room = MOST_VALUES;
                    trace.about = map.next_value_seed(Bounded(&mut room))?;
                }
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
        while let Some(event) = events.next_element::<Node>()? {
            // The rest is read, too: the end says whether the trace is one of ours.
            if all.is_damaged || all.too_many.is_some() {
                continue;
            }
            all.is_damaged = all.add(&event).is_none();
            if all.items > MOST {
                all.too_many = Some("items");
            } else if all.lanes.len() > MOST {
                all.too_many = Some("threads, tasks or processes");
            }
        }
        Ok(all)
    }
}
