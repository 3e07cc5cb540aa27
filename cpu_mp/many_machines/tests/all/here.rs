//! One command starts a server and workers on this machine, and ends them with itself.

use std::fs;
use std::os::unix::process::CommandExt;

use testing::pictures::{lane_names, record};
use testing::{Running, check_width, children_of, command, lives, run, signal, wait_until};

use super::server::has_redis;
use super::{PROGRAM, check_all, shares};

#[test]
fn it_prints_what_cpu_mp_prints_and_the_share_of_each_worker() {
    if !has_redis() {
        return;
    }
    let ended = run(PROGRAM, &[]).well();
    check_width(&ended.stdout);
    ended.assert_line("all 20 sums checked; together they are 833,337,833,344,750,010,830");
    check_all(&ended.stdout, 20);
    assert!(ended.stdout.starts_with("Duration "), "{ended}");
    for workers in [1, 4] {
        let arguments = ["-c", &workers.to_string(), "--number", "1000", "--count", "3_000"];
        let ended = run(PROGRAM, &arguments).well();
        assert!(shares(&ended.stdout).len() <= workers, "{ended}");
        assert_eq!(shares(&ended.stdout).iter().map(|(_, sums)| sums).sum::<usize>(), 3_000);
    }
}

#[test]
fn the_picture_has_a_lane_for_each_worker() {
    if !has_redis() {
        return;
    }
    let run = record(PROGRAM, &["--number", "20_000_000", "--count", "40"], 0);
    assert_eq!(lane_names(&run), ["worker 1", "worker 2"]);
    let mut labels: Vec<String> = run.items().map(|item| item.label.clone()).collect();
    labels.sort_unstable();
    let numbers: Vec<String> = (20_000_000..20_000_040).map(|n: u64| n.to_string()).collect();
    assert_eq!(labels, numbers);
    assert!(run.sentence().starts_with("40 sums in 2 workers: "), "{}", run.sentence());
}

#[test]
fn however_it_ends_no_process_and_no_file_stays() {
    if !has_redis() {
        return;
    }
    let files = || fs::read_dir(".").expect("the test has a folder").count();
    let before = files();
    // Ctrl-C goes to the whole process group, as the minus says.
    for (name, to) in [("INT", ""), ("TERM", ""), ("KILL", ""), ("HUP", ""), ("INT", "-")] {
        let arguments = ["--number", "1_000_000_000_000", "--count", "2"];
        // In a process group of its own, as a shell would start it.
        let running = Running::start(command(PROGRAM, &arguments).process_group(0));
        let mut children = Vec::new();
        wait_until("a server and two workers", || {
            children = children_of(running.id());
            children.len() == 3 && children.iter().all(|child| lives(*child))
        });
        signal(name, format!("{to}{}", running.id()));
        wait_until("all processes have left", || !children.iter().any(|child| lives(*child)));
        let ended = running.end();
        assert!(!ended.status.success(), "{ended}");
        assert_eq!(ended.stderr, "", "{ended}");
    }
    assert_eq!(files(), before, "a file was left behind");
}

/// Linux tells how long a process has computed: so the test knows that a worker has begun its sum.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_dies_is_told_of() {
    use testing::hundredths_computed;

    if !has_redis() {
        return;
    }
    let running = Running::start(&mut command(PROGRAM, &["--number", super::LONG, "--count", "6"]));
    let mut worker = None;
    wait_until("a worker computes", || {
        let computes = |id: &u32| {
            let arguments = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            arguments.contains("work") && hundredths_computed(*id) >= 10
        };
        worker = children_of(running.id()).into_iter().find(computes);
        worker.is_some()
    });
    signal("KILL", worker.expect("one was found"));
    let ended = running.end().with_status(1);
    check_all(&ended.stdout, 6);
    ended.assert_error("A worker died (signal: 9 (SIGKILL)); others have done its part");
}
