//! Readers of a program's output that are slow, or go away; and a page that is.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use super::servers::server_that_stalls_halfway;
use testing::pictures::Folder;
use testing::{Running, command};

/// A reader that does nothing for longer than the time limit of a page: no page is lost to that, and
/// no worker.
pub fn a_slow_reader_loses_no_page(program: &str) {
    let mut command = command(program, &["-n", "800", "--latency", "0", "--timeout", "1"]);
    // More lines than a pipe holds, so that the program would have to wait for its reader.
    let running = Running::start_paused(command.stdout(Stdio::piped()), Duration::from_secs(4));
    let ended = running.end().well();
    assert_eq!(ended.downloaded(), 1600, "{}", ended.stderr);
    assert_eq!(ended.reads().len(), 1600);
}

/// A page that has begun and does not go on: the time limit ends it, and says so.
pub fn a_page_that_stalls_is_not_finished(program: &str) {
    let page = server_that_stalls_halfway();
    let arguments = ["-n", "1", "--timeout", "1", &page];
    let ended = Running::start(&mut command(program, &arguments)).end().with_status(1);
    ended.assert_error(&format!("{page}: not finished within 1 s"));
}

/// `| head -1`: the work is finished, what failed is named, the file is saved, the status is true.
pub fn after_its_reader_has_gone_it_finishes_its_work(program: &str) {
    let folder = Folder::new(&format!("head-{:?}", thread::current().id()));
    let file = folder.file("run.json");
    let arguments = ["-n", "40", "--latency", "5", "--fail", "7", "--save", &file];
    let (running, _) = Running::start_and_read(&mut command(program, &arguments), 1);
    let ended = running.end().with_status(1);
    ended.assert_error("11 of 80 failed:");
    let saved = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}: {ended}"));
    assert!(saved.starts_with("{\"traceEvents\":"), "{ended}");
}
