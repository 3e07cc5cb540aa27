//! Runs the real program.

use testing::pictures::{lane_names, record};
use testing::{check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cpu_mp");

testing::tests_of! { sums(PROGRAM);
    the_articles_sums_are_exact
    quiet_prints_the_same
    every_sum_is_recorded
}

#[test]
fn any_number_of_processes_gives_the_same_sums() {
    for processes in ["1", "2", "5"] {
        let ended = run(PROGRAM, &["-c", processes, "--number", "1000", "--count", "30"]).well();
        ended.assert_line("all 30 sums checked; together they are 10,428,183,870");
    }
}

#[test]
fn the_number_of_processes_is_an_option() {
    check_help(PROGRAM, &["-c", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "0"], &["'0'", "--concurrency"]);
}

#[test]
fn a_worker_started_by_hand_leaves_at_the_end_of_its_input() {
    let ended = run(PROGRAM, &["--worker", "x"]).well();
    assert!(!ended.stdout.contains("Duration"), "it has become a program of its own: {ended}");
}

/// Linux tells how long a process has computed: so a test knows that a worker has begun its sum.
#[cfg(target_os = "linux")]
mod with_signals {
    use std::fs;
    use std::os::unix::process::CommandExt;

    use testing::{
        Folder, Running, WorkerProcess, check_interrupt, command, hundredths_computed, signal,
        wait_until, wait_until_gone, workers_of,
    };

    use super::PROGRAM;

    /// The program with both of its workers in the middle of a sum.
    fn in_the_middle(program: &str, number: &str, count: &str) -> (Running, Vec<WorkerProcess>) {
        let arguments = ["-c", "2", "--number", number, "--count", count];
        // In a process group of its own, as a shell would start it.
        let running = Running::start(command(program, &arguments).process_group(0));
        let busy = |worker: &WorkerProcess| hundredths_computed(worker.id) >= 10;
        let mut workers = Vec::new();
        wait_until("both workers compute", || {
            workers = workers_of(running.id());
            workers.len() == 2 && workers.iter().all(busy)
        });
        (running, workers)
    }

    #[test]
    fn a_killed_worker_loses_only_its_sum() {
        // Each sum takes more than half a second.
        let (running, workers) = in_the_middle(PROGRAM, "1_000_000_000", "3");
        signal("KILL", workers[0].id);
        let ended = running.end().with_status(1);
        let begin = format!("{} died (signal: 9 (SIGKILL)); lost with it: ", workers[0].name);
        let told = ended.stderr.lines().next().expect("the death is told");
        let (number, place) = told
            .strip_prefix(&begin)
            .and_then(|told| told.split_once("; "))
            .unwrap_or_else(|| panic!("not told: {ended}"));
        assert!(["1000000000", "1000000001"].contains(&number), "{ended}");
        assert_eq!(place, "SpawnPoolWorker-3 takes its place", "{ended}");
        ended.assert_error(&format!(
            "There is no sum for {number}: lost with {}, which died (signal: 9 (SIGKILL))",
            workers[0].name
        ));
        ended.assert_line("2 of 3 sums checked, 1 failed");
        assert_eq!(ended.stderr.lines().count(), 2, "{ended}");
    }

    /// As when cargo has built it anew meanwhile.
    #[test]
    fn a_program_whose_file_is_gone_replaces_its_workers() {
        let folder = Folder::new("replaced");
        let copy = folder.file("a_copy");
        fs::copy(PROGRAM, &copy).expect("there is room for a copy");
        let (running, workers) = in_the_middle(&copy, "1_000_000_000", "3");
        fs::write(folder.file("new"), "another file").expect("there is room for it");
        fs::rename(folder.file("new"), &copy).expect("it takes the other's place");
        signal("KILL", workers[0].id);
        let ended = running.end().with_status(1);
        ended.assert_error("SpawnPoolWorker-3 takes its place");
        ended.assert_line("2 of 3 sums checked, 1 failed");
    }

    #[test]
    fn no_worker_outlives_a_killed_program() {
        // Each sum takes about ten minutes.
        let (running, workers) = in_the_middle(PROGRAM, "1_000_000_000_000", "2");
        signal("KILL", running.id());
        wait_until_gone(&workers);
        assert_eq!(running.end().stderr, "");
    }

    #[test]
    fn ctrl_c_ends_the_program_and_its_workers() {
        let (running, workers) = in_the_middle(PROGRAM, "1_000_000_000_000", "2");
        // The terminal sends it to the whole process group.
        let group = format!("-{}", running.id());
        check_interrupt(running, &workers, group);
    }

    #[test]
    fn an_interrupt_of_the_program_alone_ends_its_workers() {
        let (running, workers) = in_the_middle(PROGRAM, "1_000_000_000_000", "2");
        let program = running.id();
        check_interrupt(running, &workers, program);
    }
}

/// `ulimit -n`: there is room for the pipes of one worker.
#[cfg(target_os = "linux")]
#[test]
fn what_is_measured_is_about_the_workers_that_there_were() {
    use testing::{Folder, Running, command_with_ulimit};

    let folder = Folder::new("fewer-workers");
    let summary = folder.file("summary");
    let arguments = ["-c", "4", "--number", "5_000_000", "--summary", &summary];
    let ended = Running::start(&mut command_with_ulimit("-n 8", PROGRAM, &arguments)).end();
    ended.assert_error("Going on with 1 worker process, ");
    let summary = std::fs::read_to_string(&summary).expect("the program has written it");
    let value = |name: &str| {
        let mut lines = summary.lines().filter_map(|line| line.strip_prefix(name));
        lines.next().unwrap_or_else(|| panic!("no {name} in {summary}"))
    };
    assert_eq!(value("at_once "), "1", "{summary}");
    // One after the other they cannot take less than all of their CPU time.
    assert_eq!(value("bound_seconds "), value("cpu_seconds "), "{summary}");
}

#[test]
fn the_picture_has_the_workers() {
    // A worker that begins late may find nothing left to do; then there is more the next time.
    let has_both = |count| {
        let run = record(PROGRAM, &["-c", "2", "--count", count], 0);
        lane_names(&run) == ["SpawnPoolWorker-1", "SpawnPoolWorker-2"]
    };
    assert!(["40", "400", "4000"].into_iter().any(has_both));
}
