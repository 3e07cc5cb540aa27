//! Runs the real examples.

use experiment::Verdict::{DoesNotHoldHere, Holds, HoldsDifferently, Undecided};
use testing::{example, run, run_example};

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
    // The last depends on the limits of the machine that this runs on.
    ended.assert_claims(&[("C32", Undecided), ("C33", Undecided), ("C68", Undecided)]);
    let cpus = format!("{} of ", num_cpus::get());
    assert!(ended.claim("C68").numbers.starts_with(&cpus), "{ended}");
}

/// `ulimit -n`: each worker takes two pipes. The row has the number of processes that there were, and
/// the verdict is not about others.
#[cfg(target_os = "linux")]
#[test]
fn processes_that_could_not_start_are_judged_by_nobody() {
    use testing::{Running, command_with_ulimit};

    let mut command = command_with_ulimit("-n 15", &example("how_many_processes"), &[]);
    let ended = Running::start(&mut command).end();
    ended.assert_error("Too many open files");
    if ended.status.success() {
        let said = ended.claim("C32");
        assert_eq!(said.verdict, Undecided, "{ended}");
        let number = said.numbers.strip_prefix("only ").and_then(|said| said.split(' ').next());
        let mut rows = ended.stdout.lines().filter(|line| line.contains(" s, start "));
        let last = rows.next_back().and_then(|row| row.split_whitespace().next());
        assert_eq!(last, number, "{ended}");
    }
}

#[test]
fn a_process_shares_no_memory() {
    let ended = run_example("own_memory");
    let columns = |what: &str| -> [String; 2] {
        let words = ended.line_with(what).split_whitespace().rev().take(2).map(String::from);
        words.collect::<Vec<_>>().try_into().expect("a row has two columns")
    };
    // The worker's column comes first here, the thread's second.
    assert_eq!(columns("after it was made 2 here"), ["1", "2"], "{ended}");
    assert_eq!(columns("after it was made 100 there"), ["2", "100"], "{ended}");
    assert_eq!(columns("what the initializer"), ["true", "false"], "{ended}");
    let [worker, thread] = columns("variables of the environment");
    assert_eq!(worker, thread, "{ended}");
    let mut claims = vec![
        ("C40", Holds),
        ("C50", HoldsDifferently),
        ("C60", Holds),
        ("C61", HoldsDifferently),
        ("C62", HoldsDifferently),
        ("C70", Holds),
    ];
    if cfg!(target_os = "linux") {
        assert_eq!(columns("a file that is open here"), ["false", "true"], "{ended}");
        claims.push(("C96", Holds));
    }
    ended.assert_claims(&claims);
}

#[test]
fn workers_that_get_past_the_guard_start_no_workers() {
    let ended = run(&example("own_memory"), &["--without-guard"]).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    let refused = ended.stderr.matches("A worker process cannot start a pool of its own").count();
    assert_eq!(refused, 2, "{ended}");
}

#[test]
fn a_dead_child_is_a_zombie_and_a_left_one_is_not() {
    let ended = run_example("zombies_and_orphans");
    if cfg!(target_os = "linux") {
        assert!(ended.line_with("a child that has ended ").ends_with("  Z (zombie)"), "{ended}");
        assert!(ended.line_with("after its parent has waited ").ends_with("  gone"), "{ended}");
        let orphan = ended.line_with("a child whose parent has ended ");
        assert!(["  S (", "  R ("].iter().any(|state| orphan.contains(state)), "{ended}");
        ended.assert_claims(&[("C63", DoesNotHoldHere), ("C64", DoesNotHoldHere)]);
    }
    // The child that is waited for first fills its pipe, and gets no further. (On Windows nothing may
    // be left in the pipe when the watchdog has ended the child.)
    let bytes = |how: &str| {
        let line = ended.line_with(how).trim_end_matches(" bytes");
        let bytes = line.rsplit(' ').next().map(|bytes| bytes.replace(',', "").parse::<u32>());
        bytes.expect("the line has words").expect("a number of bytes")
    };
    assert!(bytes("waits, then reads") < 1_048_576, "{ended}");
    assert_eq!(bytes("reads, then waits"), 1_048_576, "{ended}");
}

/// A child that writes when nobody reads any more says nothing of that.
#[cfg(target_os = "linux")]
#[test]
fn children_are_silent_after_the_end_of_their_parent() {
    use testing::{Running, children_of, command, signal, wait_until};

    let running = Running::start(&mut command(&example("zombies_and_orphans"), &[]));
    wait_until("the first part", || running.stdout().contains("a child whose parent has ended"));
    wait_until("a child that writes", || !children_of(running.id()).is_empty());
    signal("KILL", running.id());
    let ended = running.end();
    assert_eq!(ended.stderr, "", "{ended}");
}

#[test]
fn a_part_that_does_not_exist_is_refused() {
    let ended = run(&example("zombies_and_orphans"), &["--jump"]).with_status(1);
    ended.assert_error("There is no part --jump");
}
