//! `how_many_processes`: 160 pages on 1 to 160 processes, and where more of them stop paying.
//!
//! - **Run** `cargo run -p io_mp --example how_many_processes`
//! - **See** a chart: the time falls with the number of processes, far beyond the number of CPUs, and
//!   then rises again. `|` is the bound.
//! - **Why** A process that waits needs no CPU, so there may be many more than CPUs. Starting one
//!   takes about a millisecond of computing, and all of them share the CPUs for that. So at some
//!   number the start takes as long as the waiting that it saves.
//! - **Diff** `how_many_threads` of `io_threading`, with the same pages: a thread starts about ten
//!   times as fast.
//! - **Next** `own_memory`, for what a process does not share.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use experiment::{Curve, Verdict, claim};
use io_lesson::{Behaviour, Error, Failure, Result, plural, say};
use pool::{Pool, Worker};
use reqwest::blocking::Client as Session;

const PAGES: u32 = 160;
const LATENCY: Duration = Duration::from_millis(10); // short, so that the cost of processes shows
const PROCESSES: [u32; 8] = [1, 2, 5, 10, 20, 40, 80, 160];

static WORKER: Worker<String, Result<(), Failure>> =
    Worker::new(download_site).initializer(set_global_session);

static SESSION: OnceLock<Session> = OnceLock::new();

fn set_global_session() -> Result<()> {
    io_lesson::session().map(|session| SESSION.set(session).expect("a process calls this once"))
}

fn download_site(url: String) -> Result<(), Failure> {
    let session = SESSION.get().expect("the initializer has set it");
    session.get(&url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

/// From the start of the first process to the end of the last; and how many have begun.
fn measure(processes: u32, sites: &[&str]) -> Result<(Duration, u32)> {
    let start = Instant::now();
    // The line that matters: it starts this program again, so many times.
    let mut pool = Pool::start(&WORKER, processes as usize, io_lesson::time_limit())?;
    let downloads = pool.try_map(sites);
    let begun = u32::try_from(pool.size())?;
    drop(pool); // when the last process has ended
    let time = start.elapsed();
    let failures: Vec<Failure> = downloads.into_iter().filter_map(Result::err).collect();
    match failures.first() {
        Some(reason) => {
            let (failed, all) = (failures.len(), plural(sites.len() as u64, "page"));
            Err(Error::new(format!("{failed} of {all} could not be read: {reason}")))
        }
        None => Ok((time, begun)),
    }
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    WORKER.run_if_worker();
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    let url = site.url("/dice");
    let sites = vec![&*url; PAGES as usize];
    let cpus = u32::try_from(num_cpus::get())?;
    let mut counts = PROCESSES.to_vec();
    counts.extend((!counts.contains(&cpus)).then_some(cpus));
    counts.sort_unstable();

    say!("{PAGES} pages of {} ms, on so many processes. start: how long", LATENCY.as_millis());
    say!("they take to start and end; saw: requests that the site saw at once. Each");
    say!("doubling of the speed makes a bar longer by the same length; | is the bound.\n");
    let (mut curve, mut lacking) = (Curve::new(LATENCY * PAGES), None);
    for processes in counts {
        let (time, begun) = measure(processes, &sites)?;
        let (start, _) = measure(begun, &[])?;
        let (seconds, start) = (time.as_secs_f64(), start.as_secs_f64());
        let saw = site.take_counts().most_at_once;
        let words = format!("{seconds:.3} s, start {start:.3} s, saw {saw}");
        curve.add(begun, time, LATENCY * PAGES.div_ceil(begun), words);
        if begun < processes {
            let all = plural(processes, "process");
            lacking = Some(format!("only {begun} of {all} could begin (ulimit -u, ulimit -n)"));
            break;
        }
    }
    say!("{curve}\n");
    match lacking {
        None => judge(&curve, cpus),
        Some(lacking) => {
            claim("C32", Verdict::Undecided, &lacking);
            claim("C33", Verdict::Undecided, &lacking);
        }
    }
    // Only Linux tells of CPUs that this process may not use.
    let cpu_info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let all = num_cpus::get().max(cpu_info.matches("processor\t").count());
    let counted = if all > num_cpus::get() { Verdict::HoldsDifferently } else { Verdict::Holds };
    claim("C68", counted, format!("{cpus} of {all} CPUs"));
    Ok(())
}

/// What the whole curve says.
fn judge(curve: &Curve, cpus: u32) {
    let (best, most, five) = (curve.fastest(), curve.seconds(PAGES), curve.seconds(5));
    let (fastest, default) = (curve.seconds(best), curve.seconds(cpus));
    // More than one for each CPU help, up to a point.
    let up_to_a_point = Verdict::HoldsDifferently.timed(f64::min(default, most) / fastest);
    let numbers =
        format!("{cpus} processes {default:.3} s, {best}: {fastest:.3} s, {PAGES}: {most:.3} s");
    claim("C32", up_to_a_point, numbers);
    // No five threads can be faster than this. Fewer processes are slower; five are not.
    let threads = (LATENCY * PAGES.div_ceil(5)).as_secs_f64();
    let too_few =
        Verdict::HoldsDifferently.timed(f64::min(default / (1.2 * threads), default / five));
    let numbers =
        format!("{cpus} processes {default:.3} s, 5: {five:.3} s, 5 threads: over {threads:.3} s");
    claim("C33", too_few, numbers);
}
