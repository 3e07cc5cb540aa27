//! Workers, servers and askers that go away: each sum is done all the same, and counted once.

use std::thread;
use std::time::Duration;

use testing::{lives, signal, wait_until};

use super::server::{Redis, SUMS};
use super::{LONG, check_all, shares};

#[test]
fn the_sums_of_a_killed_and_of_a_stopped_worker_are_done_by_another_and_counted_once() {
    let Some(redis) = Redis::start("killed") else { return };
    let (killed, stopped) = (redis.worker(), redis.worker());
    let asking = redis.hand_in(LONG, "4");
    wait_until("two sums are under way", || redis.taken() == 2);
    signal("KILL", killed.id());
    signal("STOP", stopped.id());
    let other = redis.worker();
    wait_until("the other has taken over", || redis.listed() <= 1);
    signal("CONT", stopped.id());
    let ended = asking.end().well();
    check_all(&ended.stdout, 4);
    assert!(shares(&ended.stdout).iter().all(|(worker, _)| *worker != "worker 1"), "{ended}");
    drop(other);
}

#[test]
fn a_worker_that_joins_late_takes_part() {
    let Some(redis) = Redis::start("late") else { return };
    let asking = redis.hand_in("100_000_000", "30");
    let first = redis.worker();
    wait_until("the first sum is under way", || redis.taken() == 1);
    let late = redis.worker();
    let ended = asking.end().with_status(0);
    check_all(&ended.stdout, 30);
    assert_eq!(shares(&ended.stdout).len(), 2, "{ended}");
    drop((first, late));
}

#[test]
fn without_a_worker_it_says_so_and_waits() {
    let Some(redis) = Redis::start("no-worker") else { return };
    let asking = redis.hand_in("1000", "3");
    wait_until("the warning", || asking.stderr().contains("No worker takes a sum"));
    let worker = redis.worker();
    check_all(&asking.end().with_status(0).stdout, 3);
    drop(worker);
}

#[test]
fn a_server_that_is_killed_and_started_again_has_lost_nothing() {
    let Some(mut redis) = Redis::start("restart") else { return };
    let workers = [redis.worker(), redis.worker()];
    let asking = redis.hand_in("20_000_000", "120");
    wait_until("the sums are handed in", || redis.listed() > 100);
    for part in [100, 50] {
        wait_until("some sums are done", || redis.listed() <= part);
        redis.restart();
    }
    check_all(&asking.end().well().stdout, 120);
    for worker in &workers {
        assert_eq!(worker.stderr(), "");
        assert!(lives(worker.id()), "a worker has left");
    }
}

#[test]
fn what_the_server_has_lost_is_handed_in_again() {
    let Some(redis) = Redis::start("lost") else { return };
    let asking = redis.hand_in("1000", "5");
    wait_until("the sums are handed in", || redis.listed() == 5);
    redis.ask::<()>(&["XTRIM", SUMS, "MAXLEN", "2"]);
    let worker = redis.worker();
    check_all(&asking.end().well().stdout, 5);
    drop(worker);
}

#[test]
fn what_the_server_has_forgotten_is_handed_in_again() {
    let Some(redis) = Redis::start("forgets") else { return };
    let worker = redis.worker();
    let asking = redis.hand_in(LONG, "3");
    wait_until("a sum is under way", || redis.taken() == 1);
    redis.ask::<()>(&["FLUSHALL"]);
    check_all(&asking.end().well().stdout, 3);
    drop(worker);
}

/// Ctrl-Z and `fg`.
fn stop_and_continue(processes: &[u32]) {
    for name in ["STOP", "CONT"] {
        for process in processes {
            signal(name, process);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_stop_ends_nobody() {
    let Some(redis) = Redis::start("stop") else { return };
    // Its waiting for a sum is interrupted as well as that for an answer.
    let workers = [redis.worker(), redis.worker()];
    let asking = redis.hand_in("100_000_000", "20");
    let all = [workers[0].id(), workers[1].id(), asking.id()];
    for _ in 0..3 {
        wait_until("it has gone on", || redis.taken() > 0);
        stop_and_continue(&all);
    }
    check_all(&asking.end().well().stdout, 20);
    stop_and_continue(&all[..2]);
    check_all(&redis.hand_in("1000", "20").end().well().stdout, 20);
    assert!(workers.iter().all(|worker| worker.stderr().is_empty()));
}

#[test]
fn a_worker_leaves_a_sum_for_which_nobody_waits() {
    let Some(redis) = Redis::start("nobody-waits") else { return };
    let worker = redis.worker();
    // Each sum takes more than a minute.
    let gone = redis.hand_in("120_000_000_000", "4");
    wait_until("a sum is under way", || redis.taken() == 1);
    drop(gone);
    let asking = redis.hand_in("1000", "3");
    wait_until("the warning", || {
        asking.stderr().contains("All workers compute sums of another run; waiting for one")
    });
    let answers: Vec<String> = redis.ask(&["KEYS", "many_machines:answers:*"]);
    for answers in answers {
        // In place of 20 seconds; that of the one who waits is made anew.
        redis.ask::<()>(&["EXPIRE", &answers, "0"]);
    }
    check_all(&asking.end().with_status(0).stdout, 3);
    assert!(worker.stderr().contains("leaves a sum for which nobody waits any more"));
    assert!(lives(worker.id()), "the worker has gone");
    wait_until("nothing is left", || redis.listed() == 0);
}

#[test]
fn nothing_stays_in_redis() {
    let Some(redis) = Redis::start("nothing-stays") else { return };
    let worker = redis.worker();
    check_all(&redis.hand_in("1000", "2_500").end().well().stdout, 2_500);
    // Someone who goes away in the middle: a worker does at most the sum that it has begun.
    let gone = redis.hand_in(LONG, "900");
    wait_until("the sums are handed in", || redis.taken() == 1);
    drop(gone);
    let answers: Vec<String> = redis.ask(&["KEYS", "many_machines:answers:*"]);
    assert_eq!(answers.len(), 1, "those of the one who is gone");
    redis.ask::<()>(&["EXPIRE", &answers[0], "0"]); // in place of 20 seconds
    wait_until("all its sums are dropped", || redis.listed() == 0 && redis.taken() == 0);
    drop(worker);
    let keys: Vec<String> = redis.ask(&["KEYS", "*"]);
    assert_eq!(keys.len(), 2, "{keys:?}");
    for key in keys {
        // It is gone by then if no worker is there.
        let seconds: i64 = redis.ask(&["TTL", &key]);
        assert!((0..=20).contains(&seconds), "{key} stays for {seconds} s");
    }
}
