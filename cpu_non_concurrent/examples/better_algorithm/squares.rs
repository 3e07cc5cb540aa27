//! The loop of the sums in a program of its own, which is compiled twice: see `judged.rs`.

use std::hint::black_box;
use std::time::Instant;

const NUMBER: u64 = 5_000_000;

fn main() {
    let start_time = Instant::now();
    let squares = (0..NUMBER).map(black_box).map(|i| u128::from(i) * u128::from(i));
    black_box(squares.sum::<u128>());
    println!("{}", start_time.elapsed().as_secs_f64());
}
