//! Runs the example `many_machines` against real Redis servers, and ends its processes in every
//! wrong way. Without a redis-server here these tests are skipped, and say so.

#![cfg(unix)]

use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use redis::{Client, Connection, cmd};
#[cfg(target_os = "linux")]
use testing::hundredths_computed;
use testing::pictures::{Folder, lane_names, record};
use testing::{
    Ended, Running, check_head, check_help, check_width, check_wrong_usage,
    children_of, command, lives, run, signal, wait_until,
};

const PASSWORD: &str = "a password of the test";
const SUMS: &str = "many_machines:sums";

/// A sum of this number takes half a second or more.
const LONG: &str = "500_000_000";

fn program() -> String {
    env!("CARGO_BIN_EXE_many_machines").into()
}

/// Whether there is a redis-server here. If not, the test that asks is skipped, which is said.
fn has_redis() -> bool {
    let Err(error) = Command::new("redis-server").arg("--version").output() else { return true };
    let name = thread::current().name().unwrap_or("a test").to_string();
    // Written past the capture of the test's output, so that it is seen.
    let line = format!("skipped: {name} needs redis-server ({error})\n");
    let _ = io::stderr().write_all(line.as_bytes());
    false
}

/// A Redis server that keeps all that it is told in a file, in a folder of its own.
struct Redis {
    folder: Folder,
    port: u16,
    process: Child,
}

impl Redis {
    /// A server; nothing if there is none here.
    fn start(test: &str) -> Option<Self> {
        if !has_redis() {
            return None;
        }
        let folder = Folder::new(test);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("a listener has an address").port();
        drop(listener);
        let process = Self::process(folder.path(), port);
        let redis = Self { folder, port, process };
        redis.wait();
        Some(redis)
    }

    fn process(folder: &Path, port: u16) -> Child {
        let port = port.to_string();
        let mut redis = Command::new("redis-server");
        redis.args(["--bind", "127.0.0.1", "--port", &port, "--requirepass", PASSWORD]);
        redis.args(["--save", "", "--appendonly", "yes"]);
        redis.current_dir(folder).stdout(Stdio::null()).spawn().expect("it is installed")
    }

    fn wait(&self) {
        wait_until("Redis is there", || self.connection().is_some());
    }

    fn connection(&self) -> Option<Connection> {
        let mut connection = Client::open(self.url()).ok()?.get_connection().ok()?;
        cmd("PING").exec(&mut connection).ok()?;
        Some(connection)
    }

    fn url(&self) -> String {
        format!("redis://:{}@127.0.0.1:{}", PASSWORD.replace(' ', "%20"), self.port)
    }

    /// Asks the server something.
    fn ask<T: redis::FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = self.connection().expect("the server is there");
        let (name, arguments) = words.split_first().expect("a command has a name");
        let mut command = cmd(name);
        command.arg(arguments);
        command.query(&mut connection).unwrap_or_else(|error| panic!("{words:?}: {error}"))
    }

    /// Kills the server, and starts it again with what its file has.
    fn restart(&mut self) {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it has ended");
        self.process = Self::process(self.folder.path(), self.port);
        self.wait();
    }

    /// A worker that has said that it is ready.
    fn worker(&self) -> Running {
        let worker = Running::start(&mut command(&program(), &["work", "--redis", &self.url()]));
        wait_until("the worker is ready", || worker.stdout().contains("waits for sums"));
        worker
    }

    fn hand_in(&self, number: &str, count: &str) -> Running {
        let arguments = ["ask", "--redis", &self.url(), "--number", number, "--count", count];
        Running::start(&mut command(&program(), &arguments))
    }

    /// How many sums have been taken by a worker and not yet been done.
    fn taken(&self) -> usize {
        let (taken, ..): (usize, redis::Value, redis::Value, redis::Value) =
            self.ask(&["XPENDING", SUMS, "workers"]);
        taken
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The workers that have computed something, and how many sums.
fn shares(ended: &Ended) -> Vec<(String, usize)> {
    let share = |line: &str| {
        let (worker, rest) = line.split_once(" computed ")?;
        Some((worker.to_string(), rest.split(' ').next()?.replace(',', "").parse().ok()?))
    };
    ended.stdout.lines().filter_map(share).collect()
}

/// Checks that all sums are there and right, and that each was counted once.
#[track_caller]
fn check_all(ended: &Ended, count: usize) {
    let checked = ended.line_with(" checked; ");
    assert!(checked.starts_with(&format!("all {count} sums checked; ")), "{ended}");
    assert_eq!(shares(ended).iter().map(|(_, sums)| sums).sum::<usize>(), count, "{ended}");
}

#[test]
fn one_command_shows_it_on_one_machine() {
    if !has_redis() {
        return;
    }
    let ended = run(&program(), &[]).well();
    check_width(&ended.stdout);
    ended.assert_line("all 20 sums checked; together they are 833,337,833,344,750,010,830");
    check_all(&ended, 20);
    assert_eq!(ended.stdout.lines().next().map(|line| line.starts_with("Duration ")), Some(true));
}

#[test]
fn each_worker_has_its_share() {
    if !has_redis() {
        return;
    }
    for workers in [1, 2, 4] {
        // A worker may have had no core meanwhile; then there is more to do the next time.
        let has_all = |count: &str| {
            let arguments = ["-c", &workers.to_string(), "--number", "1000", "--count", count];
            let ended = run(&program(), &arguments).well();
            let counted: usize = shares(&ended).iter().map(|(_, sums)| sums).sum();
            assert_eq!(counted.to_string(), count.replace('_', ""), "{ended}");
            shares(&ended).len() == workers
        };
        assert!(["3_000", "30_000", "100_000"].into_iter().any(has_all));
    }
}

#[test]
fn the_picture_has_a_lane_for_each_worker() {
    if !has_redis() {
        return;
    }
    let run = record(&program(), &["--number", "20_000_000", "--count", "40"], 0);
    assert_eq!(lane_names(&run), ["worker 1", "worker 2"]);
    let mut labels: Vec<String> = run.items().map(|item| item.label.clone()).collect();
    labels.sort_unstable();
    let numbers: Vec<String> = (20_000_000..20_000_040).map(|n: u64| n.to_string()).collect();
    assert_eq!(labels, numbers);
    for lane in &run.lanes {
        for pair in lane.items.windows(2) {
            assert!(pair[0].end <= pair[1].start, "two at the same time: {pair:?}");
        }
    }
    assert!(run.sentence().starts_with("40 sums in 2 workers: "), "{}", run.sentence());
}

#[test]
fn a_killed_workers_sum_is_done_by_another_once() {
    let Some(redis) = Redis::start("killed-worker") else { return };
    let killed = redis.worker();
    let asking = redis.hand_in(LONG, "4");
    wait_until("the first sum is under way", || redis.taken() == 1);
    signal("KILL", killed.id());
    let other = redis.worker();
    let ended = asking.end().well();
    check_all(&ended, 4);
    assert_eq!(shares(&ended), [("worker 2".into(), 4)], "{ended}");
    drop(other);
}

#[test]
fn a_worker_that_was_stopped_for_too_long_is_not_counted_twice() {
    let Some(redis) = Redis::start("stopped-worker") else { return };
    let stopped = redis.worker();
    let asking = redis.hand_in(LONG, "4");
    wait_until("the first sum is under way", || redis.taken() == 1);
    signal("STOP", stopped.id());
    let other = redis.worker();
    wait_until("the other has taken it over", || {
        let held: Vec<(String, String, u64, u64)> =
            redis.ask(&["XPENDING", SUMS, "workers", "-", "+", "10"]);
        held.iter().any(|(_, worker, _, times)| worker == "worker 2" && *times == 2)
    });
    signal("CONT", stopped.id());
    check_all(&asking.end().well(), 4);
    drop(other);
}

#[test]
fn a_worker_that_joins_late_takes_part() {
    let Some(redis) = Redis::start("late-worker") else { return };
    let asking = redis.hand_in(LONG, "16");
    let first = redis.worker();
    wait_until("the first sum is under way", || redis.taken() == 1);
    let late = redis.worker();
    let ended = asking.end().with_status(0);
    check_all(&ended, 16);
    assert_eq!(shares(&ended).len(), 2, "{ended}");
    drop((first, late));
}

#[test]
fn without_a_worker_it_says_so_and_waits() {
    let Some(redis) = Redis::start("no-worker") else { return };
    let asking = redis.hand_in("1000", "3");
    wait_until("the warning", || asking.stderr().contains("No worker takes a sum"));
    let worker = redis.worker();
    check_all(&asking.end().with_status(0), 3);
    drop(worker);
}

#[test]
fn a_server_that_is_killed_and_started_again_has_lost_nothing() {
    let Some(mut redis) = Redis::start("restart") else { return };
    let workers = [redis.worker(), redis.worker()];
    let asking = redis.hand_in("20_000_000", "200");
    let left = |redis: &Redis| redis.ask::<usize>(&["XLEN", SUMS]);
    wait_until("the sums are handed in", || left(&redis) > 150);
    for part in [150, 100, 50] {
        wait_until("some sums are done", || left(&redis) <= part);
        redis.restart();
    }
    let ended = asking.end().well();
    check_all(&ended, 200);
    for worker in &workers {
        assert_eq!(worker.stderr(), "");
        assert!(lives(worker.id()), "a worker has left");
    }
}

#[test]
fn what_the_server_has_lost_is_handed_in_again() {
    let Some(redis) = Redis::start("lost") else { return };
    let asking = redis.hand_in("1000", "5");
    wait_until("the sums are handed in", || redis.ask::<usize>(&["XLEN", SUMS]) == 5);
    redis.ask::<()>(&["XTRIM", SUMS, "MAXLEN", "2"]);
    let worker = redis.worker();
    check_all(&asking.end().well(), 5);
    drop(worker);
}

#[test]
fn a_server_that_forgets_is_found_out() {
    let Some(redis) = Redis::start("forgets") else { return };
    let worker = redis.worker();
    let asking = redis.hand_in(LONG, "3");
    wait_until("a sum is under way", || redis.taken() == 1);
    redis.ask::<()>(&["FLUSHALL"]);
    let ended = asking.end().with_status(1);
    ended.assert_error("Redis has forgotten the sums");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    // The worker goes on, for others.
    check_all(&redis.hand_in("1000", "3").end().well(), 3);
    assert_eq!(worker.stderr(), "");
}

#[test]
fn nothing_stays_in_redis() {
    let Some(redis) = Redis::start("nothing-stays") else { return };
    let worker = redis.worker();
    redis
        .hand_in("1000", "2_500")
        .end()
        .well()
        .assert_line("all 2,500 sums checked; together they are 12,407,921,353,750");
    // Someone who goes away in the middle: a worker does at most the sum that it has begun.
    let gone = redis.hand_in(LONG, "900");
    wait_until("the sums are handed in", || redis.taken() == 1);
    drop(gone);
    let answers: Vec<String> = redis.ask(&["KEYS", "many_machines:answers:*"]);
    assert_eq!(answers.len(), 1, "those of the one who is gone");
    redis.ask::<()>(&["EXPIRE", &answers[0], "0"]); // in place of 20 seconds
    wait_until("all its sums are dropped", || {
        redis.ask::<usize>(&["XLEN", SUMS]) == 0 && redis.taken() == 0
    });
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    assert_eq!(keys.len(), 2, "{keys:?}");
    drop(worker);
    for key in keys {
        // It is gone by then if no worker is there.
        let seconds: i64 = redis.ask(&["TTL", &key]);
        assert!((0..=20).contains(&seconds), "{key} stays for {seconds} s");
    }
}

/// The example on one machine, in the middle of its sums, and the processes that it has started.
fn in_the_middle() -> (Running, Vec<u32>) {
    let arguments = ["--number", "1_000_000_000_000", "--count", "2"];
    // In a process group of its own, as a shell would start it.
    let running = Running::start(command(&program(), &arguments).process_group(0));
    let mut children = Vec::new();
    wait_until("a server and two workers", || {
        children = children_of(running.id());
        children.len() == 3 && children.iter().all(|child| lives(*child))
    });
    (running, children)
}

fn check_nothing_runs(running: Running, children: &[u32]) {
    wait_until("all processes have left", || !children.iter().any(|child| lives(*child)));
    let ended = running.end();
    assert!(!ended.status.success(), "{ended}");
    assert_eq!(ended.stderr, "", "{ended}");
}

#[test]
fn however_it_ends_no_process_stays() {
    if !has_redis() {
        return;
    }
    let folders = || {
        let here = fs::read_dir(".").into_iter().flatten().flatten();
        here.map(|file| file.file_name()).collect::<Vec<_>>()
    };
    let before = folders();
    for name in ["INT", "TERM", "KILL", "HUP"] {
        let (running, children) = in_the_middle();
        signal(name, running.id());
        check_nothing_runs(running, &children);
    }
    let (running, children) = in_the_middle();
    // Ctrl-C: the terminal sends it to the whole process group.
    signal("INT", format!("-{}", running.id()));
    check_nothing_runs(running, &children);
    assert_eq!(folders(), before, "a file was left behind");
}

/// Linux tells how long a process has computed: so the test knows that a worker has begun its sum.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_that_dies_here_is_told_of() {
    if !has_redis() {
        return;
    }
    let running = Running::start(&mut command(&program(), &["--number", LONG, "--count", "6"]));
    let mut worker = None;
    wait_until("a worker computes", || {
        let is_worker = |id: &u32| {
            fs::read_to_string(format!("/proc/{id}/cmdline"))
                .is_ok_and(|words| words.contains("work"))
        };
        let computes = |id: &u32| is_worker(id) && hundredths_computed(*id) >= 10;
        worker = children_of(running.id()).into_iter().find(computes);
        worker.is_some()
    });
    signal("KILL", worker.expect("one was found"));
    let ended = running.end().with_status(1);
    check_all(&ended, 6);
    ended.assert_error("A worker died (signal: 9 (SIGKILL)); others have done its part");
}

/// The address of a server that greets everyone in another language.
fn server_of_another_kind() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // The client may have hung up first.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = io::copy(&mut stream, &mut io::sink());
        }
    });
    format!("redis://{address}")
}

#[test]
fn what_is_no_redis_server_is_said_in_one_sentence() {
    let mut cases = vec![
        ("redis://127.0.0.1:1".into(), "Connection refused"),
        (server_of_another_kind(), "is no Redis server"),
        ("rediss://127.0.0.1:6379".into(), "TLS"),
    ];
    let redis = Redis::start("sentences");
    if let Some(redis) = &redis {
        let address = format!("127.0.0.1:{}", redis.port);
        cases.push((format!("redis://:wrong@{address}"), "wants another password"));
        cases.push((format!("redis://{address}"), "wants a password"));
    }
    for (url, reason) in cases {
        for role in ["ask", "work"] {
            let ended = run(&program(), &[role, "--redis", &url]).with_status(1);
            ended.assert_error(reason);
            assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
            assert_eq!(ended.stdout, "", "{ended}");
            assert!(!ended.stderr.contains("wrong"), "the password is shown: {ended}");
        }
    }
}

#[test]
fn without_redis_it_says_what_to_install() {
    let running = Running::start(command(&program(), &[]).env("PATH", ""));
    let ended = running.end().with_status(1);
    ended.assert_error("There is no redis-server on this machine");
    ended.assert_error("apt install redis-server");
}

#[test]
fn wrong_usage_is_one_message() {
    check_help(&program(), &["--redis", "--number", "--count", "-c"]);
    for role in ["ask", "work"] {
        check_wrong_usage(&program(), &[role], &["--redis"]);
        check_wrong_usage(&program(), &[role, "--redis", "localhost"], &["redis://"]);
    }
    check_wrong_usage(&program(), &["play"], &["'play'"]);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    if has_redis() {
        check_head(&program(), &[], 1);
    }
}

#[test]
fn the_sum_is_that_of_cpu_mp_to_the_letter() {
    let function = |file: &str| {
        let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        let source = source.expect("the file is there");
        let start = source.find("fn cpu_bound").expect("it has the function");
        let end = start + source[start..].find("\n}\n").expect("the function ends");
        source[start..end].to_string()
    };
    assert_eq!(function("../src/main.rs"), function("src/main.rs"));
}
