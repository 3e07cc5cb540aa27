//! Tests that every program that downloads must pass; see [`tests_of_downloads!`].
//!
//! [`tests_of_downloads!`]: crate::tests_of_downloads

use std::time::Duration;

use super::servers::{
    address_without_server, server_that_answers, server_that_is_silent,
    server_that_redirects_to_itself, server_that_stops_halfway,
};
use site::{Behaviour, PAGES, Site};
use testing::ProcessOutput;
use testing::pictures;
use testing::{Running, command, run};
use testing::{check_head, check_help, check_wrong_usage};

/// Makes tests of the functions in `testing::downloads`, for the program at this path.
#[macro_export]
macro_rules! tests_of_downloads {
    ($program:expr) => {
        $crate::tests_of_pictures!($program, &$crate::downloads::SHORT);
        $crate::tests_of! { downloads($program);
            every_page_is_read_as_often_as_asked
            every_seventh_page_fails
            a_page_that_never_comes_fails_in_time
            a_site_of_limited_capacity_answers_everyone
            pages_elsewhere_are_read
            a_bad_page_does_not_stop_the_others
            a_silent_server_does_not_stop_the_others
            an_address_that_does_not_resolve_is_named
            the_built_in_site_needs_no_proxy
            a_page_elsewhere_goes_through_the_proxy
            the_same_seed_gives_the_same_bound
            quiet_prints_no_line_per_page
            wrong_usage_is_one_message
            help_names_every_option
            every_page_is_recorded
            a_failed_page_is_recorded_with_its_reason
            a_reader_that_goes_away_ends_it_quietly
            #[cfg(unix)] few_open_files_are_enough
            #[cfg(unix)] a_soft_limit_on_open_files_is_raised
            #[cfg(target_os = "linux")] a_full_disk_is_a_sentence
        }
        $crate::tests_of! { readers($program);
            a_slow_reader_loses_no_page
            a_page_that_stalls_is_not_finished
            after_its_reader_has_gone_it_finishes_its_work
        }
        $crate::tests_of! { tls($program);
            a_password_is_not_printed
            #[cfg(target_os = "linux")] https_on_this_machine_is_read
            #[cfg(target_os = "linux")] a_certificate_that_is_not_trusted_is_a_sentence
        }
    };
}

/// Both pages, so often, and nothing else, were read and counted.
#[track_caller]
fn assert_all_read(ended: &ProcessOutput, times: usize) {
    assert_eq!(ended.times_read("10966 /jython"), times, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), times, "{ended}");
    assert_eq!(ended.reads().len(), 2 * times, "{ended}");
    assert_eq!(ended.downloaded(), 2 * times, "{ended}");
    assert_eq!(ended.site_counts().answered, 2 * times, "{ended}");
}

/// `-n`: the lines and the referee agree.
pub fn every_page_is_read_as_often_as_asked(program: &str) {
    let ended = run(program, &["-n", "3", "--latency", "5"]).well();
    assert_all_read(&ended, 3);
    let bound = ended.line_with("cannot take less than");
    assert!(bound.starts_with("6 requests of 5 ms, "), "{ended}");
}

/// `--fail`: a page with an error status is named, counted and not counted as downloaded.
pub fn every_seventh_page_fails(program: &str) {
    let ended = run(program, &["--latency", "5", "--fail", "7"]).with_status(1);
    assert_eq!(ended.downloaded(), 138, "{ended}");
    assert_eq!(ended.reads().len(), 138, "{ended}");
    assert_eq!(ended.site_counts().answered, 160, "{ended}");
    ended.assert_error("22 of 160 failed:");
    // Both pages, or the one page that happened to fail every time.
    let named = ended.stderr.lines().skip(1);
    let times: usize = named
        .map(|line| {
            let (address, reason) = line.trim().split_once(": ").expect("an address, a reason");
            assert!(address.starts_with("http://127.0.0.1:"), "{ended}");
            let times = reason.strip_prefix("500 Internal Server Error").expect("this status");
            let times = times.trim_start_matches(" (").trim_end_matches(" times)");
            if times.is_empty() { 1 } else { times.parse().expect("a number") }
        })
        .sum();
    assert_eq!(times, 22, "{ended}");
}

/// `--hang` and `--timeout`: the time limit ends the wait, and the others are read.
pub fn a_page_that_never_comes_fails_in_time(program: &str) {
    let arguments = ["-n", "3", "--latency", "5", "--hang", "3", "--timeout", "2"];
    let ended = run(program, &arguments).with_status(1);
    assert_eq!(ended.downloaded(), 4, "{ended}");
    assert_eq!(ended.site_counts().answered, 4, "{ended}");
    ended.assert_error("2 of 6 failed:");
    ended.assert_error(": no answer within 2 s");
}

/// `--capacity`: a request that waits for its turn is answered, too.
pub fn a_site_of_limited_capacity_answers_everyone(program: &str) {
    let ended = run(program, &["-n", "10", "--latency", "5", "--capacity", "1"]).well();
    assert_all_read(&ended, 10);
    ended.assert_line("20 requests of 5 ms, 1 at a time, cannot take less than 0.100 s");
}

/// Own addresses: they are read instead of the built-in site's, each `-n` times.
pub fn pages_elsewhere_are_read(program: &str) {
    let behaviour = Behaviour { latency: Duration::from_millis(5), ..Behaviour::default() };
    let site = Site::open(0, behaviour).expect("a port is free");
    let [jython, dice] = PAGES.map(|page| site.url(page));
    let ended = run(program, &["-n", "4", &jython, &dice, &dice]).well();
    assert_eq!(ended.times_read("10966 /jython"), 4, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), 8, "{ended}");
    assert_eq!(ended.downloaded(), 12, "{ended}");
    assert!(!ended.stdout.contains("the site saw"), "it is not the program's own: {ended}");
    assert_eq!(site.counts().answered, 12, "what the site itself counted");
}

/// Each bad page is named with what is wrong with it, once, and the good ones are read.
pub fn a_bad_page_does_not_stop_the_others(program: &str) {
    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let good = site.url("/dice");
    let missing = site.url("/nothing");
    let refused = address_without_server();
    let halfway = server_that_stops_halfway();
    let circle = server_that_redirects_to_itself();
    let pages = [&*good, &missing, &refused, &halfway, &circle, &good];
    // Windows knocks at a closed port for two seconds before it calls the connection refused.
    let arguments = [&["-n", "1", "--timeout", "30"], &pages[..]].concat();
    let ended = run(program, &arguments).with_status(1);
    assert_eq!(ended.times_read("280 /dice"), 2, "{ended}");
    assert_eq!(ended.downloaded(), 2, "{ended}");
    ended.assert_error("4 of 6 failed:");
    ended.assert_error(&format!("{missing}: 404 Not Found"));
    for (page, reason) in
        [(&refused, "refused"), (&halfway, "cut off"), (&circle, "redirected too often")]
    {
        let mut lines = ended.stderr.lines();
        let named = |line: &str| line.contains(&format!("{page}: ")) && line.contains(reason);
        assert!(lines.any(named), "not named: {page} ({reason}) by {ended}");
    }
    assert_eq!(ended.stderr.lines().count(), 5, "{ended}");
}

/// A server that takes the connection and says nothing.
pub fn a_silent_server_does_not_stop_the_others(program: &str) {
    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let (good, silent) = (site.url("/dice"), server_that_is_silent());
    let arguments = ["-n", "1", "--timeout", "3", &good, &silent, &good];
    let ended = run(program, &arguments).with_status(1);
    assert_eq!(ended.times_read("280 /dice"), 2, "{ended}");
    assert_eq!(ended.stderr, format!("1 of 3 failed:\n  {silent}: no answer within 3 s\n"));
}

/// A name that no server of names knows: `.invalid` never exists (RFC 2606).
pub fn an_address_that_does_not_resolve_is_named(program: &str) {
    let ended = run(program, &["-n", "2", "http://nowhere.invalid/"]).with_status(1);
    assert_eq!(ended.downloaded(), 0, "{ended}");
    ended.assert_error("2 of 2 failed:\n  http://nowhere.invalid/: ");
    ended.assert_error(" (2 times)");
}

/// What the environment says of proxies.
const PROXIES: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/// No proxy can reach the site that lives in the program.
pub fn the_built_in_site_needs_no_proxy(program: &str) {
    let nobody = address_without_server();
    let mut command = command(program, &["-n", "2", "--latency", "5"]);
    command.envs(PROXIES.map(|name| (name, &nobody)));
    assert_all_read(&Running::start(&mut command).end().well(), 2);
}

/// The proxy is left out because the site is on this machine, not because proxies do not work.
pub fn a_page_elsewhere_goes_through_the_proxy(program: &str) {
    let proxy = server_that_answers(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy",
    );
    let mut command = command(program, &["-n", "1", "http://nowhere.invalid/page"]);
    command.env("http_proxy", proxy);
    let ended = Running::start(&mut command).end().well();
    assert_eq!(ended.times_read("5 /page"), 1, "{ended}");
}

/// `--seed`: the jitter of all requests together is the same in every run.
pub fn the_same_seed_gives_the_same_bound(program: &str) {
    let bound = |seed| {
        let jitter = ["-n", "5", "--latency", "5", "--jitter", "20", "--seed", seed];
        let ended = run(program, &jitter).well();
        ended.line_with("cannot take less than").to_string()
    };
    let first = bound("1");
    assert!(first.starts_with("10 requests of 5 to 25 ms, "), "{first}");
    assert_eq!(first, bound("1"));
    assert_ne!(first, bound("2"));
}

/// `--quiet`: the bar needs a terminal, so nothing is left but the result.
pub fn quiet_prints_no_line_per_page(program: &str) {
    let ended = run(program, &["--quiet", "-n", "3", "--latency", "5"]).well();
    assert_eq!(ended.reads(), Vec::<String>::new(), "{ended}");
    assert_eq!(ended.downloaded(), 6, "{ended}");
    assert_eq!(ended.site_counts().answered, 6, "{ended}");
}

/// Status 2 and what is wrong, before anything is downloaded.
pub fn wrong_usage_is_one_message(program: &str) {
    let page = address_without_server();
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
        (&[&page, "--latency", "5"], &["URL", "--latency"]),
        (&["--live", "--fail", "7"], &["--live", "--fail"]),
        (&["--live", &page], &["--live", "URL"]),
    ];
    for (arguments, named) in wrong {
        check_wrong_usage(program, arguments, named);
    }
}

/// The options that all programs that download have.
pub fn help_names_every_option(program: &str) {
    let options = [
        "-n",
        "--times",
        "--timeout",
        "--live",
        "--latency",
        "--jitter",
        "--seed",
        "--capacity",
        "--fail",
        "--hang",
    ];
    check_help(program, &options);
}

/// `| head -3`.
pub fn a_reader_that_goes_away_ends_it_quietly(program: &str) {
    check_head(program, &["--latency", "5"], 3);
}

/// `ulimit -n 64`: no page is lost, even if fewer can be under way at once.
#[cfg(unix)]
pub fn few_open_files_are_enough(program: &str) {
    let arguments = ["-n", "40", "--latency", "5"];
    let mut command = testing::command_with_ulimit("-n 64", program, &arguments);
    assert_all_read(&Running::start(&mut command).end().with_status(0), 40);
}

/// `ulimit -S -n 64`: a limit that the program may raise is none.
#[cfg(unix)]
pub fn a_soft_limit_on_open_files_is_raised(program: &str) {
    let arguments = ["-n", "40", "--latency", "5"];
    let mut command = testing::command_with_ulimit("-S -n 64", program, &arguments);
    assert_all_read(&Running::start(&mut command).end().well(), 40);
}

/// `> /dev/full`.
#[cfg(target_os = "linux")]
pub fn a_full_disk_is_a_sentence(program: &str) {
    testing::check_full_disk(program, &["-n", "1", "--latency", "5"]);
}

/// A short run.
pub const SHORT: [&str; 4] = ["-n", "2", "--latency", "5"];

/// The recording has every page once, and the waiting that the site made sure of.
pub fn every_page_is_recorded(program: &str) {
    let run = pictures::record(program, &["-n", "20", "--latency", "30"], 0);
    for page in PAGES {
        assert_eq!(run.items().filter(|item| item.label.ends_with(page)).count(), 20, "{page}");
    }
    for item in run.items() {
        assert!(item.length() >= Duration::from_millis(30), "{item:?}");
        assert_eq!(item.failure, None, "{item:?}");
    }
    let totals = run.totals();
    assert_eq!((totals.items, totals.failed), (40, 0));
    assert!(totals.waited > totals.worked, "{totals:?}");
    // The clock of a thread moves in steps of 16 ms on Windows: too long for what a page needs.
    assert!(cfg!(windows) || totals.worked > Duration::ZERO, "{totals:?}");
}

/// `--fail 7`: five of 40 pages are recorded as failed.
pub fn a_failed_page_is_recorded_with_its_reason(program: &str) {
    let arguments = ["-n", "20", "--latency", "5", "--fail", "7"];
    let run = pictures::record(program, &arguments, 1);
    let failures: Vec<&String> = run.items().filter_map(|item| item.failure.as_ref()).collect();
    assert_eq!(failures, ["500 Internal Server Error"; 5]);
    assert_eq!(run.totals().items, 40);
}
