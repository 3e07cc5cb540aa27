//! A case: so many threads that increment so often, and how many schedules it has.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use lesson::plural;

use every_interleaving::Step::{Add, Load, Store, StoreSum};
use every_interleaving::count::TooMany;
use every_interleaving::{Code, End, Machine};

/// So many threads that increment so often, with or without a step of its own for the addition.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub threads: usize,
    pub increments: usize,
    pub addition: bool,
}

impl Case {
    /// The code of each thread.
    pub fn code(self) -> Code {
        let body: &[_] = if self.addition { &[Load, Add, Store] } else { &[Load, StoreSum] };
        Code { body, times: self.increments }
    }

    /// The steps of all threads.
    pub fn total_length(self) -> usize {
        self.code().length().saturating_mul(self.threads)
    }

    /// What the counter should be in the end.
    pub fn expected(self) -> u64 {
        self.threads as u64 * self.increments as u64
    }

    /// How many schedules there are: (all steps)! / (steps of a thread)! for each thread.
    pub fn schedules(self) -> Result<u128, TooMany> {
        let length = self.code().length() as u128;
        let factors = (1..self.threads as u128)
            .flat_map(|others| (1..=length).map(move |step| (others * length + step, step)));
        let product = { factors }.try_fold(1_u128, |schedules, (factor, divisor)| {
            // Divided first, so that it overflows only if there are too many schedules indeed.
            let common = greatest_common_divisor(schedules, divisor);
            (schedules / common).checked_mul(factor / (divisor / common))
        });
        product.ok_or(TooMany::Schedules)
    }

    /// How many schedules end at which value of the counter.
    pub fn results(self) -> Result<BTreeMap<u64, u128>, TooMany> {
        self.schedules()?; // before there is code for more threads than fit into memory
        let code = vec![self.code(); self.threads];
        let machine = Machine::new(&code);
        let result = |(end, count)| match end {
            End::Counter(result) => Some((result.try_into().ok()?, count)),
            End::Deadlock => None, // there is no mutex
        };
        Ok(machine.ends(&machine.start())?.into_iter().filter_map(result).collect())
    }
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl Display for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (threads, increments) = (self.threads as u128, self.increments as u128);
        let each = if self.threads == 1 { "" } else { " each" };
        write!(f, "{}, {}{each}", plural(threads, "thread"), plural(increments, "increment"))
    }
}
