use lesson::Summary;

use super::*;
use crate::compare::table::{LESSONS, Run};

type Figures<'a> = &'a [(&'a str, f64)];

fn said(job: Job, rows: &[(&str, Figures)]) -> Option<String> {
    let row = |(name, figures): &(&str, Figures)| {
        let program = LESSONS.iter().find(|lesson| lesson.name == *name);
        let figures = figures
            .iter()
            .fold(Summary::default(), |summary, (name, value)| summary.with(name, value));
        let runs = vec![Run { figures, timeline: None }];
        Row { program: program.expect("there is one of this name"), runs }
    };
    let rows = rows.iter().map(row).collect();
    Comparison { machine: String::new(), rows }.sentence(job)
}

/// The program, the time, the CPU time, and how many at once.
type Measured<'a> = (&'a str, f64, f64, f64);

fn verdict_on<const N: usize>(
    job: Job,
    rows: &[Measured],
    figures: impl Fn(&Measured) -> [(&'static str, f64); N],
) -> String {
    let figures: Vec<_> = rows.iter().map(|row| (row.0, figures(row))).collect();
    let rows: Vec<_> = figures.iter().map(|(name, figures)| (*name, &figures[..])).collect();
    said(job, &rows).expect("there is a verdict")
}

/// Sums on 16 cores.
fn sums(rows: &[Measured]) -> String {
    verdict_on(Job::Sum, rows, |&(_, seconds, cpu, at_once)| {
        [
            ("seconds", seconds),
            ("cpu_seconds", cpu),
            ("cores", 16.0),
            ("at_once", at_once),
            ("items", 20.0),
        ]
    })
}

/// Downloads of 90 ms.
fn downloads(rows: &[Measured]) -> String {
    verdict_on(Job::Download, rows, |&(_, seconds, cpu, at_once)| {
        [
            ("seconds", seconds),
            ("cpu_seconds", cpu),
            ("bound_seconds", 160.0 * 0.09 / at_once),
            ("at_once", at_once),
            ("most_at_once", at_once),
            ("answered", 160.0),
        ]
    })
}

const ALONE: Measured = ("cpu_non_concurrent", 0.5, 0.5, 1.0);

#[test]
fn busy_cores_explain_a_gain() {
    assert_eq!(
        sums(&[ALONE, ("cpu_threading", 0.25, 0.5, 2.0), ("cpu_mp", 0.26, 0.5, 2.0)]),
        "Sums: cpu_threading was fastest, 2.0 times as fast as cpu_non_concurrent: 2.0 cores \
         were busy instead of 1.0. Compared with cpu_non_concurrent, cpu_threading took 0.50 times as \
         long (in the article 1.33 times), cpu_mp 0.52 times (0.32)."
    );
    // Two threads on one core: both are busy and each is slower.
    let shared = sums(&[ALONE, ("cpu_mp", 0.4, 0.8, 2.0)]);
    assert!(shared.contains("2.0 cores were busy instead of 1.0, each at 0.6 of"), "{shared}");
    // One core: nothing is gained.
    let same = sums(&[ALONE, ("cpu_mp", 0.51, 0.505, 1.0)]);
    assert!(same.contains("took the same time, within a twentieth."), "{same}");
}

#[test]
fn sums_that_did_not_have_their_cores_are_not_compared() {
    for (rows, found) in [
        // Real runs, with other programs running.
        ([("cpu_non_concurrent", 0.075, 0.060, 1.0), ("cpu_mp", 0.4, 0.24, 2.0)], "0.6 of 2.0"),
        ([("cpu_non_concurrent", 1.3, 0.52, 1.0), ("cpu_mp", 0.5, 0.95, 2.0)], "0.4 of 1.0"),
    ] {
        let said = sums(&rows);
        assert!(said.contains(&format!("{found} cores busy, so other programs")), "{said}");
        assert!(said.ends_with(AGAIN) && !said.contains("fastest"), "{said}");
    }
    // All of its cores were busy, and yet it was slower.
    let slowed = sums(&[("cpu_non_concurrent", 1.0, 1.0, 1.0), ("cpu_mp", 0.26, 0.5, 2.0)]);
    assert!(slowed.contains("busy cores (1.9 and 1.0) do not explain. Run it again:"), "{slowed}");
}

#[test]
fn cores_that_have_no_sum_left_are_no_disturbance() {
    // 20 sums of 25 ms on 16 cores take two rounds.
    let said = sums(&[ALONE, ("cpu_mp", 0.06, 0.5, 16.0)]);
    assert!(said.contains("8.3 cores were busy instead of 1.0."), "{said}");
}

#[test]
fn short_sums_are_not_compared() {
    assert_eq!(
        sums(&[("cpu_non_concurrent", 0.060, 0.060, 1.0), ("cpu_mp", 0.075, 0.064, 2.0)]),
        "Sums: none took longer than 0.075 s, which is too short to compare; take a larger \
         --number."
    );
}

#[test]
fn waiting_at_the_same_time_explains_a_gain() {
    assert_eq!(
        downloads(&[
            ("io_non_concurrent", 14.65, 0.09, 1.0),
            ("io_threading", 2.93, 0.06, 5.0),
            ("io_asyncio", 0.115, 0.03, 160.0)
        ]),
        "Downloads: io_asyncio was fastest, 127.4 times as fast as io_non_concurrent: 160 of \
         them waited at the same time instead of 1."
    );
    let same = [("io_threading", 2.934, 0.05, 5.0), ("io_asyncio", 2.937, 0.04, 5.0)];
    assert!(downloads(&same).ends_with("took the same time, within a twentieth."));
    let other = [("io_threading", 3.3, 0.05, 5.0), ("io_asyncio", 2.937, 0.04, 5.0)];
    let other = downloads(&other);
    assert!(other.contains("at the same time (5 and 5) nor by the CPU time. Run"), "{other}");
}

#[test]
fn what_a_program_computes_for_explains_its_time() {
    let rows = [("io_threading", 0.172, 0.139, 160.0), ("io_asyncio", 0.113, 0.018, 160.0)];
    assert_eq!(
        downloads(&rows),
        "Downloads: io_asyncio was fastest, 1.5 times as fast as io_threading: it used 0.018 s \
         of CPU time, and io_threading used 0.139 s. To start 160 threads costs that."
    );
    let rows = [("io_mp", 0.303, 0.211, 80.0), ("io_asyncio", 0.19, 0.014, 80.0)];
    assert!(downloads(&rows).ends_with("0.211 s. To start 80 processes costs that."));
}

#[test]
fn short_downloads_are_compared_only_if_the_figures_are_clear() {
    let doubtful = [("io_threading", 0.18, 0.02, 160.0), ("io_asyncio", 0.11, 0.02, 160.0)];
    assert_eq!(
        downloads(&doubtful),
        "Downloads: none took longer than 0.180 s, which is too short to compare; take a larger \
         -n."
    );
    let clear = [("io_non_concurrent", 0.19, 0.02, 1.0), ("io_threading", 0.04, 0.02, 5.0)];
    assert!(downloads(&clear).contains("5 of them waited"), "{}", downloads(&clear));
}

#[test]
fn downloads_far_above_their_bound_are_not_compared() {
    let slow = [("io_threading", 4.6, 0.09, 5.0), ("io_asyncio", 0.115, 0.03, 160.0)];
    assert_eq!(
        downloads(&slow),
        format!(
            "Downloads: io_threading took 1.6 times its bound, so other programs had the \
             cores, and these times cannot be compared. {AGAIN}"
        )
    );
    // Its own work, and not another program's.
    let busy = [("io_threading", 4.6, 2.0, 5.0), ("io_asyncio", 0.115, 0.03, 160.0)];
    assert!(downloads(&busy).contains("io_asyncio was fastest"));
}
