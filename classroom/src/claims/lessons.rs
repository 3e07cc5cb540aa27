//! Claims that the lessons themselves show: run with options, and judged by their own figures.

use std::process::Command;
use std::time::Duration;

use basics::error::{Error, Result};
use experiment::{Finding, Verdict};
use lesson::Summary;

use super::trial::POOL_TROUBLE;
use crate::cargo::{Executables, Program};
use crate::children::run_to_end;
use crate::compare::run::{Setting, run};

/// How often each of the two pages is downloaded: half as often as in the article.
const TIMES: u64 = 40;

/// How long the site takes to answer, in milliseconds. In the article it is 90, but only the ratios
/// of the times matter here.
const LATENCY: u64 = 20;

/// Times that differ by less are the same.
const SAME: f64 = 1.1;

/// The figures of one run of a program with these options.
fn figures(
    executables: &Executables,
    limit: Duration,
    package: &str,
    options: &[(&'static str, u64)],
) -> Result<Summary> {
    let setting = |&(option, value)| Setting { figure: option, option, value };
    let settings: Vec<Setting> = options.iter().map(setting).collect();
    let executable = executables.path(Program::of(package))?;
    Ok(run(executable, &settings, false, limit)?.figures)
}

/// A figure that a program of this kind always has.
fn figure(figures: &Summary, name: &str) -> Result<f64> {
    figures.number(name).ok_or_else(|| Error::new(format!("a program gave no figure {name}")))
}

/// The article's order of the four download programs, and what makes it.
pub fn widths(executables: &Executables, limit: Duration) -> Result<Vec<Finding>> {
    let time = |package, at_once: Option<u64>| -> Result<(f64, f64)> {
        let mut options = vec![("--times", TIMES), ("--latency", LATENCY)];
        options.extend(at_once.map(|at_once| ("--concurrency", at_once)));
        let run = figures(executables, limit, package, &options)?;
        Ok((figure(&run, "seconds")?, figure(&run, "most_at_once")?))
    };
    let (alone, _) = time("io_non_concurrent", None)?;
    let (processes, how_many) = time("io_mp", None)?;
    let (threads, five) = time("io_threading", None)?;
    let (tasks, all) = time("io_asyncio", None)?;
    let (five_tasks, _) = time("io_asyncio", Some(5))?;
    let in_order = f64::min(threads / tasks, processes / threads).min(alone / processes);
    let ratio = five_tasks / threads;
    let due_to_width = f64::min(SAME / ratio, SAME * ratio);
    let verdict = if due_to_width > 1.0 {
        Verdict::HoldsDifferently.timed(in_order.min(due_to_width))
    } else {
        Verdict::Holds.timed(in_order.min(1.0 / due_to_width))
    };
    let numbers = format!(
        "1 at once {alone:.2} s, {how_many} processes {processes:.2} s, {five} threads \
         {threads:.2} s, {all} tasks {tasks:.2} s, but 5 tasks {five_tasks:.2} s"
    );
    Ok(vec![Finding::new("C21", verdict, numbers)])
}

/// What a site whose answers take their time, or up to twice as long, does to the article's script.
pub fn jitter(executables: &Executables, limit: Duration) -> Result<Vec<Finding>> {
    let time = |jitter: u64, seed: u64| -> Result<(f64, f64)> {
        let site = [("--latency", LATENCY), ("--jitter", jitter), ("--seed", seed)];
        let options = [&[("--times", TIMES / 2)], &site[..]].concat();
        let run = figures(executables, limit, "io_non_concurrent", &options)?;
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
    let doubles = if by_chance >= 2.0 {
        Verdict::Holds.timed(by_chance / 2.0)
    } else {
        Verdict::HoldsDifferently.timed(f64::min(by_slowness / 1.25, 2.0 / by_chance))
    };
    let chance = format!(
        "three runs with other delays by chance differ by {:.0} %, a slow site makes them all \
         {by_slowness:.1} times as long",
        100.0 * (by_chance - 1.0)
    );
    let article = 21.9 / 14.2;
    let is_the_articles = 1.2 * f64::min(by_slowness / article, article / by_slowness);
    let is_the_articles = Verdict::Holds.timed(is_the_articles).counted(at_once <= 1.0);
    let range = format!(
        "{even:.2} to {slowest:.2} s, 1 : {by_slowness:.2} (the article's 1 : {article:.2}), \
         {at_once} request at once"
    );
    Ok(vec![Finding::new("C22", doubles, chance), Finding::new("C99", is_the_articles, range)])
}

/// The same program, and a site that is slow in one way after the other.
pub fn weather(executables: &Executables, limit: Duration) -> Result<Vec<Finding>> {
    let time = |site: &[(&'static str, u64)]| -> Result<f64> {
        let options = [&[("--times", TIMES), ("--latency", LATENCY)], site].concat();
        figure(&figures(executables, limit, "io_threading", &options)?, "seconds")
    };
    let fair = time(&[])?;
    let delays = time(&[("--jitter", 4 * LATENCY), ("--seed", 1)])?;
    let connections = time(&[("--handshake", 20 * LATENCY)])?;
    let crowd = time(&[("--capacity", 2)])?;
    let slower = delays.min(connections).min(crowd) / (SAME * fair);
    let numbers = format!(
        "{fair:.2} s; with irregular delays {delays:.2} s, slow new connections {connections:.2} s, \
         a site that serves 2 at once {crowd:.2} s"
    );
    Ok(vec![Finding::new("C34", Verdict::Holds.timed(slower), numbers)])
}

/// The article's sums, one after the other.
pub fn one_core(executables: &Executables, limit: Duration) -> Result<Vec<Finding>> {
    let run = figures(executables, limit, "cpu_non_concurrent", &[])?;
    let (seconds, busy) = (figure(&run, "seconds")?, figure(&run, "cpu_seconds")?);
    let verdict = if seconds > 1.0 {
        Verdict::Holds.timed(seconds)
    } else {
        Verdict::HoldsDifferently.timed(1.0 / seconds)
    };
    let numbers = format!("{seconds:.3} s, {busy:.3} s of CPU time");
    Ok(vec![Finding::new("C75", verdict, numbers)])
}

/// A job that panics in a worker process.
pub fn trouble(executables: &Executables, limit: Duration) -> Result<Vec<Finding>> {
    const JOBS: usize = 9;
    let mut command = Command::new(executables.path(POOL_TROUBLE)?);
    let output = run_to_end(command.arg("panic"), Some(limit))?;
    let done = output.stdout.lines().filter(|line| line.ends_with(" is done")).count();
    let lost = output.stdout.lines().filter(|line| line.contains("panicked")).count();
    if done + lost != JOBS {
        return Err(Error::new(format!("{done} jobs were done and {lost} lost, of {JOBS}")));
    }
    let is_missed = lost == 0 || output.status.success();
    let status = output.status.code().map_or("none".into(), |status| status.to_string());
    let numbers = format!("{done} of {JOBS} jobs done, {lost} named as lost, exit status {status}");
    Ok(vec![Finding::new("C54", Verdict::Holds.counted(is_missed), numbers)])
}
