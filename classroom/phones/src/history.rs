//! Who read what and who wrote what, and the picture of a lost update.

use std::fmt::Write;

use basics::words::{COLUMNS, fill, plural};

use crate::activity::Phone;

/// How many phones the picture has room for.
const MOST_PHONES: usize = 5;

/// How many steps it has room for.
const MOST_STEPS: usize = 13;

const WIDTH: usize = 15; // of a phone's column: `phone ` and 9 more

/// A step of a phone: what it read from the counter, or wrote into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A load.
    Read(Phone, u64),
    /// A store, or a load and a store in one step.
    Wrote(Phone, u64),
}

impl Event {
    fn phone(self) -> Phone {
        let (Self::Read(phone, _) | Self::Wrote(phone, _)) = self;
        phone
    }

    fn is_write(&self) -> bool {
        matches!(self, Self::Wrote(..))
    }
}

/// A read, its write, and all between them: of the write that overwrites most of what others have
/// written meanwhile, and how much that is.
fn worst(events: &[Event]) -> Option<(&[Event], usize)> {
    let writes = events.iter().enumerate().filter(|(_, event)| event.is_write());
    let overwriting = writes.filter_map(|(end, write)| {
        let begin = events[..end].iter().rposition(|event| event.phone() == write.phone())?;
        let lost = events[begin..end].iter().filter(|event| event.is_write()).count();
        (!events[begin].is_write()).then_some((&events[begin..=end], lost))
    });
    // Of equals the first one, which has the small numbers.
    let worst = overwriting.reduce(|worst, it| if it.1 > worst.1 { it } else { worst });
    worst.filter(|(_, lost)| *lost > 0)
}

/// The worst of the lost updates, as it happened, within 80 columns and 20 lines; nothing if none was
/// lost.
pub fn picture(events: &[Event]) -> Option<String> {
    let (steps, lost) = worst(events)?;
    let (Event::Read(own, read), Event::Wrote(_, wrote)) = (*steps.first()?, *steps.last()?) else {
        return None;
    };
    // The phone whose write it is, and others that have written meanwhile.
    let mut phones = vec![own];
    for writer in steps.iter().filter(|event| event.is_write()).map(|event| event.phone()) {
        if !phones.contains(&writer) && phones.len() < MOST_PHONES {
            phones.push(writer);
        }
    }
    let head: Vec<String> = phones.iter().map(|Phone(it)| format!("phone {it:<9}")).collect();
    let mut picture =
        format!("One of the lost updates, as it happened:\n\n    {}\n", head.concat().trim_end());
    let shown = steps.iter().filter_map(|event| {
        let column = WIDTH * phones.iter().position(|phone| *phone == event.phone())?;
        Some(match event {
            Event::Read(_, value) => format!("    {:column$}reads {value}\n", ""),
            Event::Wrote(_, value) => format!("    {:column$}writes {value}\n", ""),
        })
    });
    let mut shown: Vec<String> = shown.collect();
    // The write at the end is always shown.
    let end = shown.pop()?;
    shown.truncate(MOST_STEPS - 1);
    let left_out = steps.len() - shown.len() - 1;
    picture.extend(shown);
    if left_out > 0 {
        let _ = writeln!(picture, "    ... {} more ...", plural(left_out as u64, "step"));
    }
    let updates = plural(lost as u64, "update");
    let (was, it_is) = if lost == 1 { ("was", "it is") } else { ("were", "they are") };
    let Phone(number) = own;
    let sentence = format!(
        "Phone {number} read {read} and wrote {wrote}. In between {updates} {was} written by others: \
         {it_is} lost."
    );
    Some(format!("{picture}{end}\n{}", fill(&sentence, COLUMNS, "", "")))
}
