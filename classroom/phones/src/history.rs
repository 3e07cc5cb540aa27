//! The picture of a lost update: who read what, and who wrote what.

use std::time::Instant;

use basics::words::{COLUMNS, fill, plural};

use crate::activity::Phone;

/// How many phones the picture has room for.
const MOST_PHONES: usize = 5;

/// How many steps it has room for.
const MOST_STEPS: usize = 13;

const WIDTH: usize = 15; // of a phone's column: `phone ` and 9 more

/// A step of a phone: a load from the counter, or a store into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    pub(crate) phone: Phone,
    /// What was read or written.
    pub(crate) value: u64,
    pub(crate) is_write: bool,
    pub(crate) at: Instant,
}

/// A read, its write, and all between them, where most of what others have written was overwritten; and
/// how much that was.
fn worst(events: &[Event]) -> Option<(&[Event], usize)> {
    let writes = (0..events.len()).filter(|end| events[*end].is_write);
    let overwriting = writes.filter_map(|end| {
        let begin = events[..end].iter().rposition(|event| event.phone == events[end].phone)?;
        let lost = events[begin..end].iter().filter(|event| event.is_write).count();
        (lost > 0 && !events[begin].is_write).then_some((&events[begin..=end], lost))
    });
    // Of equals the first one, which has the small numbers.
    overwriting.reduce(|worst, it| if it.1 > worst.1 { it } else { worst })
}

/// The worst of the lost updates, as it happened, within 80 columns and 20 lines; nothing if none was
/// lost.
pub fn picture(events: &[Event]) -> Option<String> {
    let (steps, lost) = worst(events)?;
    let [read, .., wrote] = steps else { return None };
    // The phone whose write it is, and others that have written meanwhile.
    let mut phones = vec![read.phone];
    for writer in steps.iter().filter(|event| event.is_write) {
        if !phones.contains(&writer.phone) && phones.len() < MOST_PHONES {
            phones.push(writer.phone);
        }
    }
    let head: Vec<String> =
        phones.iter().map(|Phone(number)| format!("phone {number:<9}")).collect();
    let line = |event: &Event| {
        let column = WIDTH * phones.iter().position(|phone| *phone == event.phone)?;
        let verb = if event.is_write { "writes" } else { "reads" };
        Some(format!("    {:column$}{verb} {}", "", event.value))
    };
    let mut lines = vec![
        "One of the lost updates, as it happened:".to_string(),
        String::new(),
        format!("    {}", head.concat().trim_end()),
    ];
    let head = lines.len();
    lines.extend(steps[..steps.len() - 1].iter().filter_map(line).take(MOST_STEPS - 1));
    let left_out = head + steps.len() - 1 - lines.len();
    if left_out > 0 {
        lines.push(format!("    ... {} more ...", plural(left_out as u64, "step")));
    }
    lines.extend(line(wrote));
    let times = plural(lost as u64, "time");
    let sentence = format!(
        "Phone {} read {} and wrote {}. In between others wrote {times}, and all of that is lost.",
        read.phone.0, read.value, wrote.value
    );
    Some(format!("{}\n\n{}", lines.join("\n"), fill(&sentence, COLUMNS, "", "")))
}
