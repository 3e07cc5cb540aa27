//! What is wrong with the command line or with the server is said in one sentence.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::thread;

use testing::{Running, check_help, check_wrong_usage, command};

use super::PROGRAM;
use super::server::Redis;

/// The address of a server that greets everyone with these bytes, and says nothing more.
fn server_that_says(greeting: &'static [u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                // The client may have hung up first.
                let _ = stream.write_all(greeting);
                let _ = io::copy(&mut stream, &mut io::sink());
            });
        }
    });
    format!("redis://{address}")
}

#[test]
fn what_is_no_redis_server_is_said_in_one_sentence() {
    let mut cases = vec![
        ("redis://127.0.0.1:1".into(), "Connection refused"),
        (server_that_says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "is no Redis server"),
        (server_that_says(b""), "gives no answer"),
        ("rediss://127.0.0.1:6379".into(), "TLS"),
    ];
    let redis = Redis::start("sentences");
    if let Some(redis) = &redis {
        let address = format!("127.0.0.1:{}", redis.port);
        cases.push((format!("redis://:wrong@{address}"), "wants another password"));
        cases.push((format!("redis://{address}"), "wants a password"));
    }
    let start = |role, url: &str| Running::start(&mut command(PROGRAM, &[role, "--redis", url]));
    // All at the same time, because the silent server is waited for.
    let started = cases
        .iter()
        .flat_map(|(url, reason)| [(start("ask", url), *reason), (start("work", url), *reason)]);
    for (running, reason) in started.collect::<Vec<_>>() {
        let ended = running.end().with_status(1);
        ended.assert_error(reason);
        assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
        assert_eq!(ended.stdout, "", "{ended}");
        assert!(!ended.stderr.contains("wrong"), "the password is shown: {ended}");
    }
}

#[test]
fn without_redis_it_says_what_to_install() {
    let running = Running::start(command(PROGRAM, &[]).env("PATH", ""));
    let ended = running.end().with_status(1);
    ended.assert_error("There is no redis-server on this machine");
    ended.assert_error("apt install redis-server");
}

#[test]
fn wrong_usage_is_one_message() {
    check_help(PROGRAM, &["--redis", "--number", "--count", "-c"]);
    for role in ["ask", "work"] {
        check_wrong_usage(PROGRAM, &[role], &["--redis"]);
        check_wrong_usage(PROGRAM, &[role, "--redis", "localhost"], &["redis://"]);
    }
    check_wrong_usage(PROGRAM, &["play"], &["'play'", "[possible values: ask, work]"]);
}
