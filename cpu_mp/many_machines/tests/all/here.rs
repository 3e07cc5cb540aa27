//! One command starts a server and workers on this machine, and ends them with itself.

use testing::pictures::{lane_names, record};
use testing::{check_width, run};

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

/// Linux tells how long a process has computed: so a test knows that a worker has begun its sum.
#[cfg(target_os = "linux")]
mod with_signals {
    use std::fs;
    use std::os::unix::process::CommandExt;
    use std::process;
    use std::thread;
    use std::time::Duration;

    use testing::{Running, children_of, command, hundredths_computed, lives, signal, wait_until};

    use super::super::{LONG, PROGRAM, check_all};
    use super::has_redis;

    /// The program when both workers compute; the numbers of all processes that it has started, its
    /// server's included, and those of the workers.
    fn in_the_middle(number: &str, count: &str) -> (Running, Vec<u32>, Vec<u32>) {
        let arguments = ["--number", number, "--count", count];
        // In a process group of its own, as a shell would start it.
        let running = Running::start(command(PROGRAM, &arguments).process_group(0));
        let computes = |id: &u32| {
            let arguments = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            arguments.contains("work-here") && hundredths_computed(*id) >= 5
        };
        let (mut children, mut workers) = (Vec::new(), Vec::new());
        wait_until("two workers compute", || {
            children = children_of(running.id());
            children.extend(children.clone().into_iter().flat_map(children_of));
            workers = children.iter().copied().filter(computes).collect();
            workers.len() == 2
        });
        (running, children, workers)
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
            let (running, children, _) = in_the_middle("1_000_000_000_000", "2");
            assert_eq!(children.len(), 4, "a server, its keeper, and two workers");
            signal(name, format!("{to}{}", running.id()));
            wait_until("all have left", || !children.iter().any(|child| lives(*child)));
            let ended = running.end();
            assert!(!ended.status.success(), "{ended}");
            assert_eq!(ended.stderr, "", "{ended}");
        }
        assert_eq!(files(), before, "a file was left behind");
    }

    /// The processes that have this variable in their environment.
    fn processes_with(variable: &str) -> usize {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let has_it = |environment: Vec<u8>| {
            environment.split(|&byte| byte == 0).any(|one| one == variable.as_bytes())
        };
        let environments =
            processes.filter_map(|process| fs::read(process.path().join("environ")).ok());
        environments.filter(|environment| has_it(environment.clone())).count()
    }

    #[test]
    fn however_early_it_ends_no_process_stays() {
        if !has_redis() {
            return;
        }
        let (name, value) = ("EARLY_END", process::id().to_string());
        for milliseconds in 0..20 {
            let running = Running::start(command(PROGRAM, &[]).env(name, &value));
            thread::sleep(Duration::from_millis(2 * milliseconds));
            signal(if milliseconds % 2 == 0 { "KILL" } else { "TERM" }, running.id());
            // It waits for all that hold its standard error open, too.
            running.end();
        }
        wait_until("all have left", || processes_with(&format!("{name}={value}")) == 0);
    }

    #[test]
    fn a_server_that_ends_ends_the_run_at_once() {
        let (running, children, _) = in_the_middle("1_000_000_000_000", "2");
        let is_server = |id: &&u32| {
            fs::read_to_string(format!("/proc/{id}/comm"))
                .is_ok_and(|name| name == "redis-server\n")
        };
        let server = children.iter().find(is_server).expect("there is a server");
        signal("KILL", server);
        let ended = running.end().with_status(1);
        ended.assert_error("redis-server has ended (signal: 9 (SIGKILL))");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    }

    #[test]
    fn a_worker_that_dies_is_told_of() {
        if !has_redis() {
            return;
        }
        let (running, _, workers) = in_the_middle(LONG, "4");
        signal("KILL", workers[0]);
        let ended = running.end().with_status(1);
        check_all(&ended.stdout, 4);
        ended.assert_error("A worker died (signal: 9 (SIGKILL)); others have done its part");
    }
}
