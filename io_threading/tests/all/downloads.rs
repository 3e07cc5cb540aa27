//! What every program that downloads does in the same way, for the code is the same: tested here with
//! this one.

use std::fs;
use std::time::Duration;

use io_lesson::{Behaviour, PAGES, Site};
use testing::Folder;
use testing::{Running, check_help, check_wrong_usage, command, run};
use testing_downloads::engine::{a_slow_reader_loses_no_page, assert_all_read};
use testing_downloads::{
    NOBODY, server_that_answers, server_that_is_silent, server_that_stalls_halfway,
};

use crate::program::PROGRAM;

testing::tests_of_pictures!(PROGRAM, &["-n", "2", "--latency", "5"]);

/// `--capacity`: a request that waits for its turn is answered, too.
#[test]
fn a_site_of_limited_capacity_answers_everyone() {
    let ended = run(PROGRAM, &["-n", "10", "--latency", "5", "--capacity", "1"]).well();
    assert_all_read(&ended, 10);
    ended.assert_line("20 requests of 5 ms, 1 at a time, cannot take less than 0.100 s");
}

/// Own addresses: they are read instead of the built-in site's, each `-n` times.
#[test]
fn pages_elsewhere_are_read() {
    let behaviour = Behaviour { latency: Duration::from_millis(5), ..Behaviour::default() };
    let site = Site::open(0, behaviour).expect("a port is free");
    let [jython, dice] = PAGES.map(|page| site.url(page));
    let ended = run(PROGRAM, &["-n", "4", &jython, &dice, &dice]).well();
    assert_eq!(ended.times_read("10966 /jython"), 4, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), 8, "{ended}");
    assert_eq!(ended.downloaded(), 12, "{ended}");
    assert!(!ended.stdout.contains("the site saw"), "it is not the program's own: {ended}");
    assert_eq!(site.counts().answered, 12, "what the site itself counted");
}

/// A server that takes the connection and says nothing, and one whose page has begun and does not go
/// on: the time limit ends both, and each is told as what it is.
#[test]
fn a_page_that_stops_does_not_stop_the_others() {
    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let (silent, stalls) = (server_that_is_silent(), server_that_stalls_halfway());
    let good = site.url("/dice");
    let arguments = ["-n", "1", "--timeout", "2", &good, &silent, &stalls, &good];
    let ended = run(PROGRAM, &arguments).with_status(1);
    assert_eq!(ended.times_read("280 /dice"), 2, "{ended}");
    ended.assert_error("2 of 4 failed:");
    ended.assert_error(&format!("{silent}: no answer within 2 s"));
    ended.assert_error(&format!("{stalls}: not finished within 2 s"));
    assert_eq!(ended.stderr.lines().count(), 3, "{ended}");
}

/// A name that no server of names knows: `.invalid` never exists (RFC 2606).
#[test]
fn an_address_that_does_not_resolve_is_named() {
    let ended = run(PROGRAM, &["-n", "2", "http://nowhere.invalid/"]).with_status(1);
    assert_eq!(ended.downloaded(), 0, "{ended}");
    ended.assert_error("2 of 2 failed:\n  http://nowhere.invalid/: ");
    ended.assert_error(" (2 times)");
}

/// What the environment says of proxies.
const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// No proxy can reach the site that lives in the program.
#[test]
fn the_built_in_site_needs_no_proxy() {
    let mut command = command(PROGRAM, &["-n", "2", "--latency", "5"]);
    command.envs(PROXIES.map(|name| (name, NOBODY)));
    assert_all_read(&Running::start(&mut command).end().well(), 2);
}

/// The proxy is left out because the site is on this machine, not because proxies do not work.
#[test]
fn a_page_elsewhere_goes_through_the_proxy() {
    let proxy = server_that_answers(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy",
    );
    let mut command = command(PROGRAM, &["-n", "1", "http://nowhere.invalid/page"]);
    command.env("http_proxy", proxy);
    let ended = Running::start(&mut command).end().well();
    assert_eq!(ended.times_read("5 /page"), 1, "{ended}");
}

/// `--seed`: the jitter of all requests together is the same in every run.
#[test]
fn the_same_seed_gives_the_same_bound() {
    let bound = |seed| {
        let jitter = ["-n", "5", "--latency", "5", "--jitter", "20", "--seed", seed];
        let ended = run(PROGRAM, &jitter).well();
        ended.line_with("cannot take less than").to_string()
    };
    let first = bound("1");
    assert!(first.starts_with("10 requests of 5 to 25 ms, "), "{first}");
    assert_eq!(first, bound("1"));
    assert_ne!(first, bound("2"));
}

/// `--quiet`: the bar needs a terminal, so nothing is left but the result.
#[test]
fn quiet_prints_no_line_per_page() {
    let ended = run(PROGRAM, &["--quiet", "-n", "3", "--latency", "5"]).well();
    assert_eq!(ended.reads(), Vec::<String>::new(), "{ended}");
    assert_eq!(ended.downloaded(), 6, "{ended}");
    assert_eq!(ended.site_counts().answered, 6, "{ended}");
}

/// Status 2 and what is wrong, before anything is downloaded.
#[test]
fn wrong_usage_is_one_message() {
    let wrong: [(&[&str], &[&str]); 15] = [
        (&["-n", "0"], &["'0'", "--times"]),
        (&["-n", "abc"], &["'abc'", "--times"]),
        (&["--times", "-1"], &["-1"]),
        (&["--times", "999_999_999"], &["downloads", "--times"]),
        (&["--timeout", "0"], &["'0'", "--timeout"]),
        (&["--timeout", "soon"], &["'soon'", "--timeout"]),
        (&["--latency", "90ms"], &["'90ms'", "--latency"]),
        (&["--capacity", "0"], &["'0'", "--capacity"]),
        (&["--fail", "0"], &["'0'", "--fail"]),
        (&["--hang", "0"], &["'0'", "--hang"]),
        (&["example.com"], &["'example.com'", "http://example.com"]),
        (&["ftp://example.com/"], &["'ftp://example.com/'"]),
        (&[NOBODY, "--latency", "5"], &["URL", "--latency"]),
        (&["--live", "--fail", "7"], &["--live", "--fail"]),
        (&["--live", NOBODY], &["--live", "URL"]),
    ];
    for (arguments, named) in wrong {
        check_wrong_usage(PROGRAM, arguments, named);
    }
}

/// The options that all programs that download have.
#[test]
fn help_names_every_option() {
    let common = ["-n", "--times", "--timeout", "--live", "-c", "--concurrency"];
    let site = ["--latency", "--jitter", "--seed", "--capacity", "--fail", "--hang"];
    let options = [common, site].concat();
    check_help(PROGRAM, &options);
}

/// `ulimit -n 64`: no page is lost, though fewer are under way at once. A soft limit is raised.
#[cfg(unix)]
#[test]
fn few_open_files_are_enough() {
    let end = |ulimit| {
        let arguments = ["-c", "20", "-n", "40", "--latency", "5"];
        Running::start(&mut testing::command_with_ulimit(ulimit, PROGRAM, &arguments)).end()
    };
    let hard = end("-n 64").with_status(0);
    hard.assert_error("Keeping at most 8 downloads under way at once (open files: at most 64)");
    assert_eq!(hard.site_counts().at_once, 8, "{hard}");
    for ended in [hard, end("-S -n 64").well()] {
        assert_all_read(&ended, 40);
    }
}

/// `ulimit -v`: fewer threads, and not an end in the middle when one of them finds no memory.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_memory_is_told() {
    let mut command = testing::command_with_ulimit("-v 250000", PROGRAM, &["-q", "-c", "10"]);
    let running = Running::start(&mut command);
    let told = "Going on with 5 threads: the limit on memory has no room for more (ulimit -v)";
    testing::wait_until("the limit is told", || running.stderr().contains(told));
}

/// `> /dev/full`.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_sentence() {
    testing::check_full_disk(PROGRAM, &["-n", "1", "--latency", "5"]);
}

/// A reader that does nothing for longer than the time limit of a page.
#[test]
fn a_slow_reader_loses_nothing() {
    a_slow_reader_loses_no_page(PROGRAM);
}

/// Another program has left the pipe so that it does not block.
#[cfg(unix)]
#[test]
fn a_pipe_that_does_not_block_loses_nothing() {
    use std::io::Read;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::thread;

    let (mut reader, writer) = UnixStream::pair().expect("the system has sockets");
    writer.set_nonblocking(true).expect("a socket can be set so");
    // More than the socket takes while nobody reads.
    let mut command = command(PROGRAM, &["-n", "5000", "--latency", "0"]);
    let running = Running::start_with_stdout(command.stdout(OwnedFd::from(writer)));
    drop(command);
    thread::sleep(Duration::from_millis(500));
    let mut read = String::new();
    reader.read_to_string(&mut read).expect("the program writes text");
    assert_eq!(running.end().well().stdout, "");
    assert_eq!(read.matches("Read ").count(), 10_000);
    assert!(read.contains("Downloaded 10000 in "), "{read}");
}

/// `| head -1`, with a file to save: the work is finished, what failed is named, the status is true.
#[test]
fn after_its_reader_has_gone_it_finishes_its_work() {
    let folder = Folder::new("head");
    let file = folder.file("run.json");
    let arguments = ["-n", "40", "--latency", "5", "--fail", "7", "--save", &file];
    let (running, _) = Running::start_and_read(&mut command(PROGRAM, &arguments), 1);
    let ended = running.end().with_status(1);
    ended.assert_error("11 of 80 failed:");
    let saved = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}: {ended}"));
    assert!(saved.starts_with("{\"traceEvents\":"), "{ended}");
}

/// A password in an address is printed nowhere.
#[test]
fn a_password_is_not_printed() {
    let page = server_that_answers(
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\npage",
    );
    let page = page.replace("http://", "http://name:secret@");
    let refused = &NOBODY.replace("http://", "http://name:secret@");
    let ended =
        Running::start(&mut command(PROGRAM, &["-n", "1", &page, refused])).end().with_status(1);
    assert_eq!(ended.stdout.matches("Read 4 from http://***@127.0.0.1").count(), 1, "{ended}");
    assert!(!format!("{ended}").contains("secret"), "{ended}");
}
