//! The engine of `cpu_mp` alone: this program starts itself again for each part of the numbers, and
//! reads the sums from what the others print.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

fn sum_of_squares(number: u64) -> u128 {
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<u64> = env::args().skip(1).map(|text| text.parse()).collect::<Result<_, _>>()?;
    if !given.is_empty() {
        for number in given {
            println!("{}", sum_of_squares(number));
        }
        return Ok(());
    }

    let numbers: Vec<String> = (0..20).map(|x| (5_000_000 + x).to_string()).collect();
    let start = Instant::now();
    let parts = numbers.chunks(numbers.len().div_ceil(num_cpus::get()));
    let start_one = |part: &[String]| {
        Command::new(env::current_exe()?).args(part).stdout(Stdio::piped()).spawn()
    };
    let mut sums: Vec<u128> = Vec::new();
    for child in parts.map(start_one).collect::<Result<Vec<_>, _>>()? {
        let printed = String::from_utf8(child.wait_with_output()?.stdout)?;
        for line in printed.lines() {
            sums.push(line.parse()?);
        }
    }
    println!("{} sums in {:.3} seconds", sums.len(), start.elapsed().as_secs_f64());
    println!("together {}", sums.iter().sum::<u128>());
    Ok(())
}
