//! `many_machines`: the sums of `cpu_mp`, shared by workers on any number of machines.
//!
//! - **Run** `cargo run -p many_machines`
//! - **See** the time of `cpu_mp`, the same sums, and how many each of two workers has computed. They
//!   share a Redis server, which this command starts for itself.
//! - **Why** The sums stand in a list on the server, and a worker that is free takes the next one. It
//!   stays on the list until its answer is there. So it is not lost if a worker dies: another one
//!   takes it over after 3 seconds.
//! - **Try** more sums, `-- --number 1_000_000_000 --count 40`, and meanwhile kill a worker.
//! - **Try** more machines, see the page of `cpu_mp`: `-- work --redis redis://:PASSWORD@HOST` on each,
//!   and `-- ask --redis redis://:PASSWORD@HOST` on one.
//! - **Next** `race_condition`, for what threads can do to each other.
//!
//! Begin with `worker`, which takes sums from the list. `ask` puts them on it, and keeps the answers.
//! `queue` is the way to Redis, and `here` starts on one machine what otherwise runs on several, with
//! a `keeper` that ends the server.

mod ask;
mod here;
mod keeper;
mod options;
mod queue;
mod worker;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use lesson::{Concurrency, Result, plural, say};

use crate::here::Here;

const NUMBER: u64 = 5_000_000; // the first number
const COUNT: usize = 20; // how many numbers
const WORKERS: usize = 2; // on this machine, if no other is named

fn cpu_bound(number: u64) -> u128 {
    let _item = lesson::item(number); // for --quiet and --diagram; changes nothing else
    // Without `black_box` the compiler may replace the loop by a formula. The sum needs 128 bits.
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn main() -> Result<ExitCode> {
    // What was started here has to be ended.
    lesson::output::finish_without_reader();
    let how = Concurrency::Workers(WORKERS);
    let lesson = lesson::cpu_with(NUMBER, COUNT, how, options::own())?;
    let mut here = None;
    let url = match (lesson.option(options::ROLE), lesson.option(options::REDIS)) {
        (Some(options::ASK), Some(url)) => url,
        (Some(options::KEEP), _) => return keeper::keep(),
        (Some(role), Some(url)) => return worker::work(url, role == options::WORK_HERE, cpu_bound),
        _ => &here.insert(Here::start(lesson.concurrency())?).url.clone(),
    };

    let start_time = Instant::now();
    let (sums, logs) = ask::find_sums(url, lesson.number(), lesson.count())?;
    let duration = start_time.elapsed();

    say!("Duration {:.3} seconds", duration.as_secs_f64());
    for share in logs.shares() {
        let (sums, seconds) = (plural(share.items as u64, "sum"), share.worked.as_secs_f64());
        say!("{} computed {sums} in {seconds:.3} s", share.worker);
    }
    logs.into_picture();
    let code = lesson.report(&sums, duration)?;
    let all_live = here.as_mut().is_none_or(Here::all_live);
    Ok(if all_live { code } else { ExitCode::FAILURE })
}
