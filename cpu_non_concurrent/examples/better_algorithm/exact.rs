//! What the function sums exactly, and how many bits that needs.

use experiment::{Verdict, claim};
use lesson::{say, thousands};

use crate::{NUMBER, looped};

/// Looks for the first sum that 64 bits cannot hold, and for the last number that is squared.
pub fn look() {
    // The first number below which the squares add up to more than a `u64` holds.
    let fits = (0..).try_fold(0_u64, |sum, i: u64| sum.checked_add(i * i).ok_or(i + 1));
    let too_large = fits.unwrap_or_else(|number| number);
    say!("\nFrom {} on a sum does not fit into 64 bits, so all have 128.\n", thousands(too_large));
    let (sum, with_the_number) = (looped(NUMBER), looped(NUMBER + 1));
    let more = thousands(with_the_number - sum);
    let numbers = format!("with the square of {} it is {more} more", thousands(NUMBER));
    claim("C82", Verdict::old_counted(sum == with_the_number), numbers);
}
