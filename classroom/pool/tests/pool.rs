//! What the pool does when its jobs misbehave: runs the example `pool_trouble`.

use testing::{ProcessOutput, example, run};

/// Runs the example with this trouble: 9 jobs on 2 workers, the fifth is in trouble.
#[track_caller]
fn in_trouble(trouble: &str) -> ProcessOutput {
    run(&example("pool_trouble"), &[trouble])
}

/// All jobs but the fifth are done, in the order of the items, and the fifth is told of.
#[track_caller]
fn assert_only_the_fifth_is_lost(ended: &ProcessOutput, told: &str) {
    let mut lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 9, "{ended}");
    let fifth = lines.remove(4);
    assert!(fifth.starts_with(told), "{ended}");
    assert_eq!(lines[0], "slow is done", "{ended}");
    assert_eq!(lines[1..], ["a job is done"; 7], "{ended}");
}

#[test]
fn answers_come_in_the_order_of_the_items() {
    let ended = in_trouble("none").well();
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines[0], "slow is done", "{ended}");
    assert_eq!(lines[1..], ["a job is done"; 8], "{ended}");
}

#[test]
fn a_job_that_panics_is_lost_with_what_the_panic_said() {
    let ended = in_trouble("panic").with_status(1);
    assert_only_the_fifth_is_lost(&ended, "panic: panicked: this job always panics (");
    ended.assert_error(" panicked: this job always panics (");
    ended.assert_error("pool_trouble.rs:");
    ended.assert_error("; lost with it: panic\n");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
}

#[test]
fn a_job_that_ends_its_process_is_lost_and_the_worker_replaced() {
    let ended = in_trouble("exit").with_status(1);
    assert_only_the_fifth_is_lost(&ended, "exit: lost with SpawnPoolWorker-");
    // "exit status: 7" or, on Windows, "exit code: 7".
    ended.assert_error(": 7); lost with it: exit; SpawnPoolWorker-3 takes its place\n");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
}

#[test]
fn a_job_that_hangs_is_stopped_at_the_time_limit() {
    let ended = in_trouble("hang").with_status(1);
    assert_only_the_fifth_is_lost(&ended, "hang: lost with SpawnPoolWorker-");
    ended.assert_error(
        " gave no answer within 2 s and was stopped; lost with it: hang; \
         SpawnPoolWorker-3 takes its place\n",
    );
}

#[test]
fn a_death_is_noticed_though_somebody_holds_the_pipe_open() {
    let ended = in_trouble("child").with_status(1);
    assert_only_the_fifth_is_lost(&ended, "child: lost with SpawnPoolWorker-");
    // And not that it gave no answer in time.
    ended.assert_error(": 7); lost with it: child; SpawnPoolWorker-3 takes its place\n");
}

#[test]
fn what_a_job_prints_reaches_the_terminal_in_whole_lines() {
    let ended = in_trouble("print").well();
    let (printed, answers): (Vec<&str>, Vec<&str>) =
        ended.stdout.lines().partition(|line| line.contains("line of the job"));
    assert_eq!(
        printed,
        ["a line of the job", "\u{fffd}, a line of the job", "half a line of the job"],
        "{ended}"
    );
    assert_eq!(answers.len(), 9, "{ended}");
    assert_eq!(answers[4], "print is done", "{ended}");
}

/// A console on Windows takes nothing else.
#[test]
fn what_a_job_prints_is_utf8_when_it_is_printed() {
    let mut command = std::process::Command::new(example("pool_trouble"));
    let ended = command.arg("print").output().expect("it starts");
    assert!(str::from_utf8(&ended.stdout).is_ok(), "{ended:?}");
}

/// Both workers could not begin, for this reason; no others were started, and no job was done.
#[track_caller]
fn assert_nobody_began(ended: &ProcessOutput, reason: &str) {
    for name in ["SpawnPoolWorker-1", "SpawnPoolWorker-2"] {
        ended.assert_error(&format!("{name} could not begin: {reason}"));
    }
    assert!(!ended.stderr.contains("SpawnPoolWorker-3"), "{ended}");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines[0], "slow: no worker was left", "{ended}");
    assert_eq!(lines[1..], ["a job: no worker was left"; 8], "{ended}");
}

#[test]
fn an_initializer_that_panics_starts_no_processes_without_end() {
    let ended = in_trouble("initializer-panics").with_status(1);
    assert_nobody_began(&ended, "panicked: this initializer always panics (");
}

#[test]
fn an_initializer_that_fails_starts_no_processes_without_end() {
    let ended = in_trouble("initializer-fails").with_status(1);
    assert_nobody_began(&ended, "this initializer always fails\n");
}

#[test]
fn an_initializer_that_hangs_is_stopped_at_the_time_limit() {
    let ended = in_trouble("initializer-hangs").with_status(1);
    assert_nobody_began(&ended, "gave no answer within 2 s and was stopped\n");
}

#[test]
fn a_forgotten_guard_is_no_fork_bomb() {
    let ended = in_trouble("no-guard").with_status(1);
    assert_nobody_began(&ended, "died (exit");
    let told = ended.stderr.matches("A worker process cannot start a pool of its own").count();
    assert_eq!(told, 2, "{ended}");
}

/// Tests that do something to the workers between two rounds of jobs.
#[cfg(unix)]
mod between_two_rounds {
    use std::process::Stdio;

    use testing::{
        Running, WorkerProcess, command, example, signal, wait_until, wait_until_gone, workers_of,
    };

    /// The example after its first round, and its two workers.
    fn after_the_first_round(trouble: &str) -> (Running, Vec<WorkerProcess>) {
        let mut command = command(&example("pool_trouble"), &[trouble]);
        let running = Running::start(command.stdin(Stdio::piped()));
        wait_until("the first round is over", || running.stdout().contains("press Enter"));
        let workers = workers_of(running.id());
        assert_eq!(workers.len(), 2, "the workers live on between two rounds");
        (running, workers)
    }

    fn count_done(stdout: &str) -> usize {
        stdout.lines().filter(|line| line.ends_with(" is done")).count()
    }

    #[test]
    fn a_worker_killed_while_idle_costs_nothing() {
        let (mut running, workers) = after_the_first_round("idle");
        for worker in &workers {
            signal("KILL", worker.id);
        }
        wait_until_gone(&workers);
        running.type_line("");
        let ended = running.end().with_status(1);
        assert_eq!(count_done(&ended.stdout), 18, "{ended}");
        for worker in &workers {
            let told = format!(
                "{} died (signal: 9 (SIGKILL)) while it had nothing to do; SpawnPoolWorker-",
                worker.name
            );
            ended.assert_error(&told);
        }
        assert_eq!(ended.stderr.lines().count(), 2, "{ended}");
    }

    #[test]
    fn a_job_and_its_answer_may_be_larger_than_a_pipe() {
        let (mut running, _) = after_the_first_round("large");
        running.type_line("");
        let ended = running.end().well();
        let answer = "x".repeat(160_000) + " is done";
        assert_eq!(ended.stdout.lines().filter(|line| *line == answer).count(), 9);
        assert_eq!(count_done(&ended.stdout), 18);
    }

    #[test]
    fn a_worker_that_does_not_read_a_large_job_is_stopped_at_the_time_limit() {
        let (mut running, workers) = after_the_first_round("large");
        for worker in &workers {
            signal("STOP", worker.id);
        }
        running.type_line("");
        let ended = running.end().with_status(1);
        assert_eq!(count_done(&ended.stdout), 16);
        for worker in &workers {
            let told = format!(
                "{} gave no answer within 2 s and was stopped; lost with it: xxx",
                worker.name
            );
            ended.assert_error(&told);
        }
        let messages = ended.stderr.lines().chain(ended.stdout.lines());
        let longest = messages.filter(|line| !line.ends_with(" is done")).map(str::len).max();
        assert!(longest.is_some_and(|longest| longest < 240), "the item is not cut");
    }
}
