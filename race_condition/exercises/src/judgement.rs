//! What the judge has to say about an attempt.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::time::Duration;

use lesson::words::{COLUMNS, fill};
use lesson::{Error, Result, plural};

use super::record::Steps;
use super::{Fault, Outcome};

/// The columns of the first thread's steps.
const COLUMN: usize = 34;

/// What happened in each order of the steps that was tried.
pub struct Judgement {
    orders: BTreeMap<Steps, Outcome>,
    /// After how long there were more orders to be tried, if there were.
    unfinished: Option<Duration>,
}

impl Judgement {
    /// What is wrong is for the learner to mend. It is an error if nothing can be said.
    pub(super) fn new(
        orders: BTreeMap<Steps, Outcome>,
        unfinished: Option<Duration>,
    ) -> Result<Self> {
        let is_seen = |steps: &Steps, thread| steps.iter().any(|(other, _)| *other == thread);
        let are_both_seen = |steps: &Steps| [1, 2].iter().all(|thread| is_seen(steps, *thread));
        if orders.iter().any(|(steps, outcome)| outcome.is_ok() && !are_both_seen(steps)) {
            return Err(Error::new(
                "a thread takes no step that the judge can see; let both take part, and share the \
                 types of `judge`, not the standard library's",
            ));
        }
        Ok(Self { orders, unfinished })
    }

    /// Whether all orders go well.
    ///
    /// # Errors
    ///
    /// Those that were tried do, and there are more.
    pub fn is_solved(&self) -> Result<bool> {
        if self.unfinished.is_some() && self.faults().next().is_none() {
            return Err(Error::new("there are too many orders; let the threads take fewer steps"));
        }
        Ok(self.orders.values().all(std::result::Result::is_ok))
    }

    /// The orders that go wrong.
    fn faults(&self) -> impl Iterator<Item = (&Steps, &str)> {
        self.orders.iter().filter_map(|(steps, outcome)| match outcome {
            Err(Fault::InThisOrder(fault)) => Some((steps, fault.as_str())),
            _ => None,
        })
    }

    /// The order that goes wrong with the fewest switches between the threads.
    fn simplest_fault(&self) -> Option<(&Steps, &str)> {
        self.faults().min_by_key(|(steps, _)| {
            let switches = steps.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
            // Of equals the one in which thread 1 begins.
            (switches, steps.first().map(|step| step.0))
        })
    }
}

/// How many orders go wrong, and one of these.
impl Display for Judgement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let orders = plural(self.orders.len() as u64, "order");
        match self.unfinished {
            None => write!(f, "Tried every order of the steps of two threads: {orders}.")?,
            Some(time) => {
                let seconds = time.as_secs();
                write!(f, "Tried {orders} of the steps of two threads; ")?;
                write!(f, "after {seconds} s there were more.")?;
            }
        }
        if let Some((steps, fault)) = self.simplest_fault() {
            match self.faults().count() {
                1 => writeln!(f, "\n1 of them goes wrong:\n")?,
                wrong => writeln!(f, "\n{wrong} of them go wrong. This is one:\n")?,
            }
            writeln!(f, "    {:COLUMN$}thread 2", "thread 1")?;
            for (thread, step) in steps {
                writeln!(f, "    {:1$}{step}", "", if *thread == 2 { COLUMN } else { 0 })?;
            }
            return write!(f, "\n{fault}.");
        }
        if self.unfinished.is_none() {
            write!(f, "\nAll of them go well.")?;
            if let Some(Err(Fault::InEveryOrder(fault))) =
                self.orders.values().find(|outcome| outcome.is_err())
            {
                write!(f, "\n\n{}", fill(&format!("{fault}."), COLUMNS, "But ", ""))?;
            }
        }
        Ok(())
    }
}
