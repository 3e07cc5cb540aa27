//! The engine of `cpu_non_concurrent` alone: one sum after the other.

use std::hint::black_box;
use std::time::Instant;

fn sum_of_squares(number: u64) -> u128 {
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn main() {
    let numbers: Vec<u64> = (0..20).map(|x| 5_000_000 + x).collect();

    let start = Instant::now();
    let sums: Vec<u128> = numbers.iter().copied().map(sum_of_squares).collect();
    println!("{} sums in {:.3} seconds", sums.len(), start.elapsed().as_secs_f64());
    println!("together {}", sums.iter().sum::<u128>());
}
