//! A case: so many threads that increment so often.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::iter::repeat_n;

use lesson::plural;

use crate::count::{TooMany, orders};
use crate::machine::Step::{Add, Load, Store, StoreSum};
use crate::machine::{Code, End, Machine};

/// So many threads that increment so often, with or without a step of its own for the addition.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// How many threads there are.
    pub threads: usize,
    /// How many increments each of them makes.
    pub increments: usize,
    /// Whether the addition is a step of its own.
    pub addition: bool,
}

impl Case {
    /// The code of each thread.
    pub fn code(self) -> Code {
        let body: &[_] = if self.addition { &[Load, Add, Store] } else { &[Load, StoreSum] };
        Code { body, times: self.increments }
    }

    /// The machine with these threads.
    pub fn machine(self) -> Machine {
        Machine::of_equals(self.threads, self.code())
    }

    /// The steps of all threads.
    pub fn total_length(self) -> usize {
        self.code().length().saturating_mul(self.threads)
    }

    /// What the counter should be in the end.
    pub fn expected(self) -> u64 {
        self.threads as u64 * self.increments as u64
    }

    /// How many schedules there are.
    pub fn schedules(self) -> Result<u128, TooMany> {
        orders(repeat_n(self.code().length(), self.threads))
    }

    /// How many schedules end at which value of the counter.
    pub fn results(self) -> Result<BTreeMap<u64, u128>, TooMany> {
        self.schedules()?; // before there is code for more threads than fit into memory
        let machine = self.machine();
        let result = |(end, count)| match end {
            End::Counter(result) => Some((result.unsigned_abs(), count)),
            _ => None, // there is no mutex, no reader and no sleep
        };
        Ok(machine.ends(&machine.start())?.into_iter().filter_map(result).collect())
    }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (threads, increments) = (self.threads as u128, self.increments as u128);
        let each = if self.threads == 1 { "" } else { " each" };
        write!(f, "{}, {}{each}", plural(threads, "thread"), plural(increments, "increment"))
    }
}
