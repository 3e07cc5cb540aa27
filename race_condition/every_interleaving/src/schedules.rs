//! Schedules of a case: in turns, by chance, and one with the smallest result.

use std::iter::repeat_n;
use std::ops::Range;

use crate::case::Case;
use crate::machine::Thread;

/// Some threads, by position, and how many steps each of them takes, one thread after the other.
pub type Turn = (Range<usize>, usize);

impl Case {
    /// The schedule in which the threads take turns, and each takes so many steps at a time.
    ///
    /// The last turn of a thread is shorter if it has fewer steps left.
    pub fn in_turns(self, steps: usize) -> Vec<Thread> {
        let mut left = vec![self.code().length(); self.threads];
        let mut schedule = Vec::new();
        while left.iter().any(|left| *left > 0) {
            for (thread, left) in left.iter_mut().enumerate() {
                let turn = steps.min(*left);
                *left -= turn;
                schedule.extend(repeat_n(Thread(thread), turn));
            }
        }
        schedule
    }

    /// A schedule that only the seed decides. Every schedule has the same chance.
    pub fn random(self, seed: u64) -> Vec<Thread> {
        // All steps, in an order that is drawn like cards.
        let mut cards = self.in_turns(self.code().length());
        let mut state = seed;
        for last in (1..cards.len()).rev() {
            let drawn = split_mix(&mut state) % (last as u64 + 1);
            cards.swap(last, usize::try_from(drawn).expect("it is at most `last`"));
        }
        cards
    }

    /// A schedule that ends as low as any.
    pub fn smallest(self) -> Vec<Turn> {
        let (first, second, others) = (0..1, 1..2, 2..self.threads);
        let increment = self.code().body.len();
        let all = self.code().length();
        let one_step_each = |thread: &Range<usize>| vec![(thread.clone(), 1); increment - 1];
        if self.threads == 1 {
            return vec![(first, all)];
        }
        // While thread 1 holds the 0 that it has read, the others work in vain.
        let mut turns = vec![(first.clone(), 1)];
        if self.threads > 2 {
            turns.push((others, all));
        }
        if self.increments == 1 {
            turns.push((second, all));
            turns.extend(one_step_each(&first));
            return turns;
        }
        turns.push((second.clone(), all - increment));
        turns.extend(one_step_each(&first));
        // And now thread 1 works in vain, while thread 2 holds the 1 that thread 1 has written.
        turns.push((second.clone(), 1));
        turns.push((first, all - increment));
        turns.extend(one_step_each(&second));
        turns
    }
}

/// The next random number: the generator `SplitMix64`, which gives the same on every machine.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
