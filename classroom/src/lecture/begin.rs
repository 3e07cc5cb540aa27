//! The screen before a lesson begins.

use basics::error::{Error, Result};
use basics::say;
use basics::words::{fill, plural};
use console::Term;
use phones::Network;

use super::class::Room;
use super::plan::Plan;
use super::record::now;
use super::terminal::{self, Event, Terminal};
use super::{Lecture, Options, draw, prepare};

impl Options {
    /// The network of the phones, if they are to come in.
    pub fn network(&self, plan: &Plan) -> Result<Option<Network>> {
        if !self.phones {
            return Ok(None);
        }
        if !plan.is_for_a_class() {
            return Err(Error::new("Phones are for a class, and this lesson is for one learner"));
        }
        phones::choose(self.address).map(Some)
    }
}

impl Lecture<'_> {
    /// Waits for Enter, or asks whether phones may come in; returns whether the lesson is to begin.
    pub fn begin(&mut self, goes_on: bool, network: Option<&Network>) -> Result<bool> {
        terminal::clear();
        say!("{}\n", self.lesson.plan.title);
        if goes_on {
            let record = &self.lesson.record;
            let minute = record.minute(now());
            let answers = plural(record.answered() as u64, "answer");
            say!("  It goes on in minute {minute}, with {answers} kept.\n");
        }
        if let Some(small) = prepare::too_small(Term::stdout().size_checked()) {
            say!("{}\n", fill(&small, 40, "  ", "  "));
        }
        terminal::forget_typed();
        if let Some(network) = network {
            self.room = self.let_phones_in(network)?;
        }
        if self.room.is_none() && !self.is_to_begin()? {
            return Ok(false);
        }
        if !goes_on {
            self.lesson.record.begin(now());
        }
        let record = &mut self.lesson.record;
        if let Some(target) =
            self.notes.as_ref().filter(|it| record.notes != Some(it.to_string().into()))
        {
            target.reserve()?;
            record.notes = Some(target.to_string().into());
        }
        if self.room.is_some() {
            self.lesson.obey("phones");
        }
        Terminal::begin();
        Ok(true)
    }

    /// Asks whether phones may come in. Until then nothing listens.
    fn let_phones_in(&mut self, network: &Network) -> Result<Option<Room>> {
        say!("  Phones in the network of {network} could vote. Let them in? [y/N]");
        while let Event::Line(line) = self.terminal.next(|| ())? {
            match line.trim().to_lowercase().as_str() {
                "y" | "yes" => {
                    let mut room = Room::open(network)?;
                    room.look(&mut self.lesson);
                    return Ok(Some(room));
                }
                "" | "n" | "no" | "q" | "quit" => break,
                _ => say!("  Type y or n."),
            }
        }
        say!("  No phone can come in. To let them in, quit and begin again.\n");
        Ok(None)
    }

    fn is_to_begin(&mut self) -> Result<bool> {
        say!("{}", draw::keys(&["Enter: begin", "quit"]));
        loop {
            match self.terminal.next(|| ())? {
                Event::Line(line) if line.trim().is_empty() => return Ok(true),
                Event::Line(line) if !["q", "quit", "exit"].contains(&line.trim()) => {
                    say!("  Here are only Enter and quit.");
                }
                _ => return Ok(false),
            }
        }
    }
}
