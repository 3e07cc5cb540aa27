//! Runs the real command-line program.

use testing::{
    Connection, Running, check_width, check_wrong_usage, command, options_in, run, wait_until,
};

use super::workspace::PROGRAM;

/// Starts `serve` on a free port and returns the addresses of its pages.
fn serve(options: &[&str]) -> (Running, Vec<String>) {
    let arguments = [&["serve", "--port", "0"], options].concat();
    let running = Running::start(&mut command(PROGRAM, &arguments));
    wait_until("the site is open", || running.stdout().contains("stop with Ctrl-C."));
    let stdout = running.stdout();
    let pages = stdout.lines().filter_map(|line| line.strip_prefix("Serving ")).map(String::from);
    let pages: Vec<String> = pages.collect();
    assert_eq!(pages.len(), 2, "{stdout}");
    (running, pages)
}

#[test]
fn serve_answers_as_the_programs_site_does() {
    let (_running, pages) = serve(&["--latency", "5", "--fail", "3"]);
    let mut connection = Connection::to(&pages[0]);
    for (page, status, size) in [
        ("/jython", "HTTP/1.1 200 OK", 10_966),
        ("/dice", "HTTP/1.1 200 OK", 280),
        ("/dice", "HTTP/1.1 500 Internal Server Error", 26),
    ] {
        assert!(pages.iter().any(|address| address.ends_with(page)), "{page} in {pages:?}");
        connection.ask(&format!("GET {page}"));
        let answer = connection.answer(true);
        assert_eq!((answer.status.as_str(), answer.body.len()), (status, size));
    }
}

#[cfg(unix)]
#[test]
fn serve_says_what_it_saw_when_it_is_stopped() {
    for signal in ["INT", "TERM"] {
        let (running, pages) = serve(&["--latency", "5"]);
        let mut first = Connection::to(&pages[0]);
        let mut second = Connection::to(&pages[0]);
        for connection in [&mut first, &mut second] {
            for _ in 0..2 {
                connection.ask("GET /dice");
                assert_eq!(connection.answer(true).body.len(), 280);
            }
        }
        testing::signal(signal, running.id());
        let ended = running.end().well();
        ended.assert_line("the site saw 2 connections, at most 1 request at once, 4 answered");
    }
}

#[test]
fn a_port_that_is_taken_is_a_sentence() {
    let (_running, pages) = serve(&[]);
    let host = pages[0].trim_start_matches("http://").split('/').next();
    let port = host.and_then(|host| host.split(':').nth(1)).expect("the address has a port");
    let ended = run(PROGRAM, &["serve", "--port", port]).with_status(1);
    assert_eq!(ended.stdout, "", "{ended}");
    ended.assert_error(&format!("Error: Cannot serve on port {port} of 127.0.0.1: "));
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
}

#[test]
fn wrong_usage_is_one_message() {
    check_wrong_usage(PROGRAM, &["serve", "--port", "70000"], &["'70000'", "--port"]);
    check_wrong_usage(PROGRAM, &["serve", "--capacity", "0"], &["'0'", "--capacity"]);
    check_wrong_usage(PROGRAM, &["compare", "io_thread"], &["'io_thread'", "io_threading"]);
    for runs in ["0", "1001"] {
        check_wrong_usage(PROGRAM, &["compare", "--runs", runs], &[runs, "--runs", "1..=1000"]);
    }
    for name in ["x.svg", "x.png"] {
        let named = [name, "--save", ".html or .json"];
        check_wrong_usage(PROGRAM, &["compare", "--save", name], &named);
    }
    check_wrong_usage(PROGRAM, &["compare", "--at", "many"], &["'many'", "--at"]);
    check_wrong_usage(PROGRAM, &["replay", "run.json", "--save", "x.png"], &["x.png", ".svg"]);
    check_wrong_usage(PROGRAM, &["dance"], &["'dance'"]);
}

#[test]
fn help_names_every_option() {
    let help = run(PROGRAM, &["--help"]).well();
    check_width(&help.stdout);
    for subcommand in ["serve", "compare", "claims", "replay", "lesson", "exercises"] {
        assert!(help.stdout.contains(&format!("\n  {subcommand} ")), "{help}");
    }
    let site = ["--latency", "--jitter", "--seed", "--capacity", "--fail", "--hang", "--port"];
    let compare =
        ["--runs", "--at", "--times", "-n", "--latency", "--number", "--timeout", "--save"];
    let claims = ["--only", "--text", "--list", "--timeout", "--json", "--save"];
    let lesson = ["--step", "--save"];
    for (subcommand, options) in [
        ("serve", &site[..]),
        ("compare", &compare),
        ("claims", &claims),
        ("replay", &["--save"]),
        ("lesson", &lesson),
    ] {
        let help = run(PROGRAM, &[subcommand, "--help"]).well();
        check_width(&help.stdout);
        let named = options_in(&help.stdout);
        for option in options {
            assert!(named.iter().any(|name| name == option), "no {option} in {help}");
        }
    }
}

#[test]
fn serve_says_what_it_saw_of_each_client() {
    let (running, pages) = serve(&["--latency", "5"]);
    for requests in [3, 2] {
        let mut connection = Connection::to(&pages[0]);
        for _ in 0..requests {
            connection.ask("GET /dice");
            assert_eq!(connection.answer(true).body.len(), 280);
        }
        drop(connection);
        let saw =
            format!("the site saw 1 connection, at most 1 request at once, {requests} answered");
        wait_until("the client is reported", || running.stdout().contains(&saw));
    }
}
