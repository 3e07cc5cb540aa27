//! Runs the real examples.

use classroom::lesson::Verdict;
use classroom::testing::{Ended, check_head, check_width, example, run};

/// Runs an example, which must end well and fit on the screen.
#[track_caller]
fn run_example(name: &str) -> Ended {
    let ended = run(&example(name), &[]).well();
    check_width(&ended.stdout);
    ended
}

#[test]
fn as_many_processes_ask_at_once() {
    let ended = run_example("how_many_processes");
    let row = |line: &str| {
        let processes: usize = line.split_whitespace().next()?.parse().ok()?;
        let (seconds, saw) = line.split_once("| ")?.1.split_once(" s, start ")?;
        let saw: usize = saw.rsplit(' ').next()?.parse().ok()?;
        Some((processes, (seconds.parse::<f64>().ok()?, saw)))
    };
    let rows: Vec<_> = ended.stdout.lines().filter_map(row).collect();
    for wanted in [1, 2, 5, 10, 20, 40, 80, 160] {
        let found = rows.iter().find(|(processes, _)| *processes == wanted);
        let (processes, (seconds, saw)) = found.expect("each number has its row");
        // No run is faster than its bound: 10 ms for each round.
        let bound = 0.010 * f64::from(u32::try_from(160_usize.div_ceil(*processes)).expect("few"));
        assert!(*seconds >= bound, "{ended}");
        // Of many processes, the first may have done all the work before the last has started.
        assert!(saw <= processes && (*processes > 5 || saw == processes), "{ended}");
    }
    let cpus = ended.claim("C68");
    assert!([Verdict::Holds, Verdict::HoldsDifferently].contains(&cpus.verdict), "{ended}");
    for claim in ["C32", "C33"] {
        let _ = ended.claim(claim);
    }
}

#[test]
fn a_reader_that_goes_away_ends_them_quietly() {
    check_head(&example("how_many_processes"), &[], 1);
}
