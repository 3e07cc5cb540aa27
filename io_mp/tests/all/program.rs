//! Runs the real program.

use std::time::Duration;

use testing::pictures::{lane_names, record};
use testing::{SiteCounts, check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_mp");

testing_downloads::tests_of_engine!(PROGRAM);
testing::tests_of_pictures!(PROGRAM, &["-n", "2", "--latency", "5"]);

/// A reader that does nothing for longer than a worker may be silent.
#[test]
fn a_slow_reader_loses_no_worker() {
    testing_downloads::engine::a_slow_reader_loses_no_page(PROGRAM);
}

#[test]
fn each_process_has_its_session_and_one_request_under_way() {
    // Ten rounds take a second: time enough for the last process to begin.
    for (processes, latency) in [("1", "5"), ("6", "100")] {
        let number: usize = processes.parse().expect("a number");
        let times = (5 * number).to_string();
        let ended = run(PROGRAM, &["-c", processes, "-n", &times, "--latency", latency]).well();
        let counts = SiteCounts { connections: number, at_once: number, answered: 10 * number };
        assert_eq!(ended.site_counts(), counts, "{ended}");
    }
}

#[test]
fn each_page_is_told_with_the_name_of_its_process() {
    let ended = run(PROGRAM, &["-c", "3", "-n", "12", "--latency", "100"]).well();
    let reads = ended.reads();
    assert_eq!(reads.len(), 24, "{ended}");
    let mut names: Vec<&str> =
        reads.iter().filter_map(|read| Some(read.split_once(':')?.0)).collect();
    assert_eq!(names.len(), 24, "{ended}");
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["SpawnPoolWorker-1", "SpawnPoolWorker-2", "SpawnPoolWorker-3"], "{ended}");
}

#[test]
fn more_processes_than_pages_do_no_harm() {
    let ended = run(PROGRAM, &["-c", "8", "-n", "1", "--latency", "5"]).well();
    assert_eq!(ended.downloaded(), 2, "{ended}");
    assert_eq!(ended.site_counts().answered, 2, "{ended}");
}

#[test]
fn who_waits_for_a_turn_is_under_way() {
    let arguments = ["-c", "3", "-n", "20", "--latency", "30", "--capacity", "1"];
    let ended = run(PROGRAM, &arguments).well();
    let counts = SiteCounts { connections: 3, at_once: 3, answered: 40 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    ended.assert_line("40 requests of 30 ms, 1 at a time, cannot take less than 1.200 s");
}

#[test]
fn the_number_of_processes_is_an_option() {
    check_help(PROGRAM, &["-c", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "0"], &["'0'", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "all"], &["'all'", "--concurrency"]);
}

#[test]
fn a_worker_started_by_hand_leaves_at_the_end_of_its_input() {
    let ended = run(PROGRAM, &["--worker", "x"]).well();
    assert_eq!(ended.reads(), Vec::<String>::new(), "{ended}");
    assert!(!ended.stdout.contains("Downloaded"), "it has become a program of its own: {ended}");
}

#[cfg(unix)]
mod with_signals {
    use std::os::unix::process::CommandExt;

    use testing::{
        Running, WorkerProcess, check_interrupt, command, signal, wait_until, wait_until_gone,
        workers_of,
    };
    use testing_downloads::Gate;

    use super::PROGRAM;

    /// The program in the middle of 10 downloads: both workers wait for an answer.
    fn in_the_middle(gate: &Gate, timeout: &str) -> (Running, Vec<WorkerProcess>) {
        let arguments = ["-c", "2", "-n", "10", "--timeout", timeout, &gate.url];
        // In a process group of its own, as a shell would start it.
        let running = Running::start(command(PROGRAM, &arguments).process_group(0));
        gate.wait_for(2);
        let workers = workers_of(running.id());
        let names: Vec<&str> = workers.iter().map(|worker| worker.name.as_str()).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["SpawnPoolWorker-1", "SpawnPoolWorker-2"]);
        (running, workers)
    }

    #[test]
    fn a_killed_worker_loses_only_its_page() {
        let gate = Gate::closed();
        let (running, workers) = in_the_middle(&gate, "600");
        signal("KILL", workers[0].id);
        // At once, and not when all is over: the other worker still waits.
        let told = format!(
            "{} died (signal: 9 (SIGKILL)); lost with it: {}; SpawnPoolWorker-3 takes its place\n",
            workers[0].name, gate.url
        );
        wait_until("the death is told", || running.stderr() == told);
        gate.open();
        let ended = running.end().with_status(1);
        assert_eq!(ended.downloaded(), 9, "{ended}");
        assert_eq!(ended.reads().len(), 9, "{ended}");
        assert_eq!(gate.requests(), 10, "the lost page was asked for once");
        ended.assert_error(&format!(
            "1 of 10 failed:\n  {}: lost with {}, which died (signal: 9 (SIGKILL))\n",
            gate.url, workers[0].name
        ));
        assert_eq!(ended.stderr.lines().count(), 3, "{ended}");
    }

    #[test]
    fn a_stopped_worker_is_given_up_in_time() {
        let gate = Gate::closed();
        let (running, workers) = in_the_middle(&gate, "3");
        signal("STOP", workers[1].id);
        gate.open();
        let ended = running.end().with_status(1);
        // The time limit of the page, and a second.
        ended.assert_error(&format!(
            "{} gave no answer within 4 s and was stopped; lost with it: {}",
            workers[1].name, gate.url
        ));
        assert_eq!(ended.downloaded(), 9, "{ended}");
        wait_until_gone(&workers);
    }

    #[test]
    fn no_worker_outlives_a_killed_program() {
        let gate = Gate::closed();
        let (running, workers) = in_the_middle(&gate, "600");
        signal("KILL", running.id());
        wait_until_gone(&workers);
        assert_eq!(running.end().stderr, "");
    }

    #[test]
    fn ctrl_c_ends_the_program_and_its_workers() {
        let gate = Gate::closed();
        let (running, workers) = in_the_middle(&gate, "600");
        // The terminal sends it to the whole process group.
        let group = format!("-{}", running.id());
        check_interrupt(running, &workers, group);
    }
}

#[test]
fn the_picture_has_the_workers_by_one_clock() {
    let run = record(PROGRAM, &["-c", "2", "-n", "3", "--latency", "500"], 0);
    assert_eq!(lane_names(&run), ["SpawnPoolWorker-1", "SpawnPoolWorker-2"]);
    // The workers start one after the other, each with a clock of its own. Both had their first pages
    // under way at the same time, and in the picture it is so.
    let [one, other] = [0, 1].map(|lane| &run.lanes[lane].items[0]);
    assert!(one.start < other.end && other.start < one.end, "{one:?} {other:?}");
    for lane in &run.lanes {
        assert_eq!(lane.items.len(), 3, "{lane:?}");
        assert!(lane.items[0].start > Duration::ZERO, "a process takes time to start: {lane:?}");
        let (first, last) = (&lane.items[0], &lane.items[2]);
        // Three answers of 500 ms, one after the other.
        assert!(last.end.saturating_sub(first.start) >= Duration::from_millis(1_500), "{lane:?}");
    }
}
