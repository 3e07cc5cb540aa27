//! Who read what and who wrote what, and the picture of a lost update.

use std::fmt::Write;

use basics::words::{fill, plural};

use crate::class::Phone;

/// The columns of a screen.
const COLUMNS: usize = 80;

/// How many phones the picture has room for.
const MOST_PHONES: usize = 5;

/// How many steps it has room for.
const MOST_STEPS: usize = 12;

const WIDTH: usize = 15; // of a phone's column

/// A step of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    phone: Phone,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Read(u64),
    Wrote(u64),
    /// A write that was not done, because this was found.
    Refused(u64),
}

impl Event {
    pub(crate) fn read(phone: Phone, value: u64) -> Self {
        Self { phone, what: What::Read(value) }
    }

    pub(crate) fn write(phone: Phone, value: u64) -> Self {
        Self { phone, what: What::Wrote(value) }
    }

    pub(crate) fn refused(phone: Phone, found: u64) -> Self {
        Self { phone, what: What::Refused(found) }
    }

    fn is_write(&self) -> bool {
        matches!(self.what, What::Wrote(_))
    }
}

/// A read and a write of one phone, and how many writes of others there are between them.
struct Overwriting<'a> {
    steps: &'a [Event],
    lost: usize,
}

/// The write that overwrites most of what others have written since its read.
fn worst(events: &[Event]) -> Option<Overwriting<'_>> {
    let writes = events.iter().enumerate().filter(|(_, event)| event.is_write());
    let overwriting = writes.filter_map(|(end, write)| {
        let before = events[..end].iter().rposition(|event| event.phone == write.phone)?;
        let is_read = matches!(events[before].what, What::Read(_));
        let lost = events[before..end].iter().filter(|event| event.is_write()).count();
        is_read.then_some(Overwriting { steps: &events[before..=end], lost })
    });
    // Of equals the first one, which has the small numbers.
    let worst = overwriting.reduce(|worst, it| if it.lost > worst.lost { it } else { worst });
    worst.filter(|worst| worst.lost > 0)
}

/// The worst of the lost updates, as it happened, within 80 columns and 20 lines; nothing if none was
/// lost.
pub fn picture(events: &[Event]) -> Option<String> {
    let Overwriting { steps, lost } = worst(events)?;
    let (first, last) = (steps.first()?, steps.last()?);
    let phones = shown_phones(steps, first.phone);
    let shown: Vec<&Event> = steps.iter().filter(|it| phones.contains(&it.phone)).collect();
    let mut picture = String::from("One of the lost updates, as it happened:\n\n");
    let head = phones.iter().map(|Phone(number)| format!("{:WIDTH$}", format!("phone {number}")));
    let _ = writeln!(picture, "    {}", head.collect::<String>().trim_end());
    // The write at the end is always shown.
    let (end, others) = shown.split_last()?;
    let begin = &others[..others.len().min(MOST_STEPS)];
    for event in begin {
        write_step(&mut picture, event, &phones);
    }
    let left_out = steps.len() - begin.len() - 1;
    if left_out > 0 {
        let _ = writeln!(picture, "    ... {} more ...", plural(left_out as u64, "step"));
    }
    write_step(&mut picture, end, &phones);
    let (What::Read(read), What::Wrote(wrote)) = (&first.what, &last.what) else { return None };
    let Phone(number) = first.phone;
    let others = plural(lost as u64, "update");
    let (was, it_is) = if lost == 1 { ("was", "it is") } else { ("were", "they are") };
    let sentence = format!(
        "Phone {number} read {read} and wrote {wrote}. In between {others} {was} written by others: \
         {it_is} lost."
    );
    let _ = write!(picture, "\n{}", fill(&sentence, COLUMNS - 1, "", ""));
    Some(picture)
}

/// The phone whose write it is, and others that have written meanwhile.
fn shown_phones(steps: &[Event], own: Phone) -> Vec<Phone> {
    let mut phones = vec![own];
    for event in steps.iter().filter(|event| event.is_write()) {
        if !phones.contains(&event.phone) && phones.len() < MOST_PHONES {
            phones.push(event.phone);
        }
    }
    phones
}

fn write_step(picture: &mut String, event: &Event, phones: &[Phone]) {
    let column = phones.iter().position(|phone| *phone == event.phone).unwrap_or(0);
    let what = match event.what {
        What::Read(value) => format!("reads {value}"),
        What::Wrote(value) => format!("writes {value}"),
        What::Refused(found) => format!("finds {found}"),
    };
    let _ = writeln!(picture, "    {:1$}{what}", "", column * WIDTH);
}
