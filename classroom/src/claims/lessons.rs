//! Claims that the lessons themselves show: run with options, and judged by their own figures.

use std::process::Command;
use std::time::Duration;

use basics::error::{Error, Result};
use experiment::Judged;
use experiment::Verdict;
use lesson::Summary;

use super::built::{Built, own};
use crate::children::run_to_end;
use crate::compare::run::{Told, run};

/// How often each of the two pages is downloaded: half as often as in the article.
const TIMES: u64 = 40;

/// How long the site takes to answer, in milliseconds. In the article it is 90, but only the ratios
/// of the times matter here.
const LATENCY: u64 = 20;

/// Times that differ by less are the same.
const SAME: f64 = 1.1;

/// The figures of one run of a program.
fn figures(
    built: &Built,
    limit: Duration,
    package: &'static str,
    told: &[(&'static str, u64)],
) -> Result<Summary> {
    let told: Told = told.iter().map(|&(option, value)| (option, option, value)).collect();
    Ok(run(built.path(own(package))?, &told, false, Some(limit))?.figures)
}

/// A figure that a program of this kind always has.
fn figure(figures: &Summary, name: &str) -> Result<f64> {
    figures.number(name).ok_or_else(|| Error::new(format!("a program gave no figure {name}")))
}

/// The article's order of the four download programs, and what makes it.
pub fn widths(built: &Built, limit: Duration) -> Result<Vec<Judged>> {
    let time = |package, at_once: Option<u64>| -> Result<(f64, f64)> {
        let mut told = vec![("--times", TIMES), ("--latency", LATENCY)];
        told.extend(at_once.map(|at_once| ("--concurrency", at_once)));
        let run = figures(built, limit, package, &told)?;
        Ok((figure(&run, "seconds")?, figure(&run, "most_at_once")?))
    };
    let (alone, _) = time("io_non_concurrent", None)?;
    let (processes, how_many) = time("io_mp", None)?;
    let (threads, five) = time("io_threading", None)?;
    let (tasks, all) = time("io_asyncio", None)?;
    let (five_tasks, _) = time("io_asyncio", Some(5))?;
    let verdict = order([tasks, threads, processes, alone], five_tasks / threads);
    let numbers = format!(
        "1 at once {alone:.2} s, {how_many} processes {processes:.2} s, {five} threads \
         {threads:.2} s, {all} tasks {tasks:.2} s, but 5 tasks {five_tasks:.2} s"
    );
    Ok(vec![Judged::new("C21", verdict.old_timed(), numbers)])
}

/// Whether times are in the article's order, and whether that is due to how many wait at once: five
/// tasks take so many times as long as five threads.
fn order(times: [f64; 4], tasks_to_threads: f64) -> Verdict {
    let are_equal = (1.0 / SAME..SAME).contains(&tasks_to_threads);
    match times.is_sorted() {
        true if are_equal => Verdict::HoldsDifferently,
        true => Verdict::Holds,
        false => Verdict::DoesNotHoldHere,
    }
}

/// What a site whose answers take their time, or up to twice as long, does to the article's script.
pub fn jitter(built: &Built, limit: Duration) -> Result<Vec<Judged>> {
    let time = |jitter: u64, seed: u64| -> Result<(f64, f64)> {
        let site = [("--latency", LATENCY), ("--jitter", jitter), ("--seed", seed)];
        let told = [&[("--times", TIMES / 2)], &site[..]].concat();
        let run = figures(built, limit, "io_non_concurrent", &told)?;
        Ok((figure(&run, "seconds")?, figure(&run, "most_at_once")?))
    };
    let (even, mut at_once) = time(0, 1)?;
    let (mut fastest, mut slowest) = (f64::INFINITY, 0.0_f64);
    for seed in 1..=3 {
        let (seconds, most) = time(LATENCY, seed)?;
        fastest = fastest.min(seconds);
        slowest = slowest.max(seconds);
        at_once = at_once.max(most);
    }
    let (by_chance, by_slowness) = (slowest / fastest, slowest / even);
    let doubles = doubling(by_chance, by_slowness);
    let chance = format!(
        "three runs with other delays by chance differ by {:.0} %, a slow site makes them all \
         {by_slowness:.1} times as long",
        100.0 * (by_chance - 1.0)
    );
    let article = 21.9 / 14.2;
    let is_the_articles = (article / 1.2..article * 1.2).contains(&by_slowness) && at_once <= 1.0;
    let range = format!(
        "{even:.2} to {slowest:.2} s, 1 : {by_slowness:.2} (the article's 1 : {article:.2}), \
         {at_once} request at once"
    );
    Ok(vec![
        Judged::new("C22", doubles.old_timed(), chance),
        Judged::new("C99", Verdict::old_counted(is_the_articles).old_timed(), range),
    ])
}

/// Whether times double by chance, or else grow only if every answer is slow.
fn doubling(by_chance: f64, by_slowness: f64) -> Verdict {
    if by_chance >= 2.0 {
        Verdict::Holds
    } else if by_slowness > 1.25 {
        Verdict::HoldsDifferently
    } else {
        Verdict::DoesNotHoldHere
    }
}

/// The same program, and a site that is slow in one way after the other.
pub fn weather(built: &Built, limit: Duration) -> Result<Vec<Judged>> {
    let time = |site: &[(&'static str, u64)]| -> Result<f64> {
        let told = [&[("--times", TIMES), ("--latency", LATENCY)], site].concat();
        figure(&figures(built, limit, "io_threading", &told)?, "seconds")
    };
    let fair = time(&[])?;
    let delays = time(&[("--jitter", 4 * LATENCY), ("--seed", 1)])?;
    let connections = time(&[("--handshake", 20 * LATENCY)])?;
    let crowd = time(&[("--capacity", 2)])?;
    let holds = [delays, connections, crowd].into_iter().all(|slow| slow > SAME * fair);
    let numbers = format!(
        "{fair:.2} s; with irregular delays {delays:.2} s, slow new connections {connections:.2} s, \
         a site that serves 2 at once {crowd:.2} s"
    );
    Ok(vec![Judged::new("C34", Verdict::old_counted(holds).old_timed(), numbers)])
}

/// The article's sums, one after the other.
pub fn one_core(built: &Built, limit: Duration) -> Result<Vec<Judged>> {
    let run = figures(built, limit, "cpu_non_concurrent", &[])?;
    let (seconds, busy) = (figure(&run, "seconds")?, figure(&run, "cpu_seconds")?);
    let verdict = if seconds >= 1.0 { Verdict::Holds } else { Verdict::HoldsDifferently };
    let numbers = format!("{seconds:.3} s, {busy:.3} s of CPU time");
    Ok(vec![Judged::new("C75", verdict.old_timed(), numbers)])
}

/// A job that panics in a worker process.
pub fn trouble(built: &Built, limit: Duration) -> Result<Vec<Judged>> {
    const JOBS: usize = 9;
    let mut command = Command::new(built.path(("classroom", Some("pool_trouble")))?);
    let ended = run_to_end(command.arg("panic"), Some(limit))?;
    let done = ended.stdout.lines().filter(|line| line.ends_with(" is done")).count();
    let lost = ended.stdout.lines().filter(|line| line.contains("panicked")).count();
    if done + lost != JOBS {
        return Err(Error::new(format!("{done} jobs were done and {lost} lost, of {JOBS}")));
    }
    let is_missed = lost == 0 || ended.status.success();
    let status = ended.status.code().map_or("none".into(), |status| status.to_string());
    let numbers = format!("{done} of {JOBS} jobs done, {lost} named as lost, exit status {status}");
    Ok(vec![Judged::new("C54", Verdict::old_counted(is_missed), numbers)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdicts_follow_the_figures() {
        let times = [0.03, 0.35, 0.88, 1.72];
        assert_eq!(order(times, 1.0), Verdict::HoldsDifferently);
        assert_eq!(order(times, 0.5), Verdict::Holds);
        assert_eq!(order([0.03, 0.35, 0.22, 1.72], 1.0), Verdict::DoesNotHoldHere);
        assert_eq!(doubling(1.02, 1.5), Verdict::HoldsDifferently);
        assert_eq!(doubling(2.1, 2.2), Verdict::Holds);
        assert_eq!(doubling(1.02, 1.03), Verdict::DoesNotHoldHere);
    }
}
