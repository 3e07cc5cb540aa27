//! Runs the real examples.

use experiment::Verdict::{Holds, HoldsDifferently, Undecided};
use testing::Folder;
use testing::{ProcessOutput, Running, SiteCounts, check_width, command, example, run_example};

/// A command that runs `download_files` with this folder for temporary files.
fn download_files(folder: &str) -> std::process::Command {
    let mut command = command(&example("download_files"), &[]);
    command.envs(["TMPDIR", "TMP", "TEMP"].map(|name| (name, folder)));
    command
}

/// The words of the line that begins so.
#[track_caller]
fn words<'a>(ended: &'a ProcessOutput, begin: &str) -> Vec<&'a str> {
    let mut lines = ended.stdout.lines().filter_map(|line| line.strip_prefix(begin));
    let line = lines.next().unwrap_or_else(|| panic!("no line begins with {begin:?}: {ended}"));
    line.split_whitespace().collect()
}

#[test]
fn a_kept_session_keeps_its_connection() {
    let ended = run_example("sessions");
    assert_eq!(words(&ended, "  each page  ")[..2], ["160", "160"], "{ended}");
    assert_eq!(words(&ended, "  each thread  ")[..2], ["5", "5"], "{ended}");
    // A thread that wants a connection opens one, even if another comes free at that moment.
    let [sessions, connections] = words(&ended, "  all threads  ")[..2] else { unreachable!() };
    assert_eq!(sessions, "1", "{ended}");
    assert!((5..20).contains(&connections.parse::<u32>().expect("a number")), "{ended}");
    let claims =
        [("C20", Undecided), ("C28", HoldsDifferently), ("C29", Holds), ("C30", HoldsDifferently)];
    ended.assert_claims(&claims);
}

#[test]
fn a_site_with_a_capacity_makes_the_curve_flat() {
    let ended = run_example("how_many_threads");
    // Two curves: the number of threads at the left, and the seconds behind the bar and its bound.
    let point = |line: &str| {
        let threads: u32 = line.split_whitespace().next()?.parse().ok()?;
        let seconds: f64 = line.split_once("| ")?.1.split(' ').next()?.parse().ok()?;
        Some((threads, seconds))
    };
    let points: Vec<(u32, f64)> = ended.stdout.lines().filter_map(point).collect();
    let counts: Vec<u32> = points.iter().map(|(threads, _)| *threads).collect();
    let all = [1, 5, 10, 20, 40, 80, 160, 320];
    assert_eq!(counts, [&all[..], &all[1..]].concat(), "{ended}");
    // No run is faster than its bound, on any machine: 10 ms for each round.
    let (free, limited) = points.split_at(all.len());
    for (at_once, seconds) in free {
        assert!(*seconds >= 0.010 * f64::from(160_u32.div_ceil(*at_once)), "{ended}");
    }
    for (at_once, seconds) in limited {
        assert!(*seconds >= 0.010 * f64::from(160_u32.div_ceil(*at_once.min(&8))), "{ended}");
    }
    ended.assert_claims(&[("C23", Undecided), ("C24", Undecided), ("C25", Undecided)]);
}

#[test]
fn the_pool_by_hand_does_what_the_lesson_does() {
    let ended = run_example("pool_by_hand");
    let counts = SiteCounts { connections: 5, at_once: 5, answered: 160 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    let steps = ended.stdout.lines().filter_map(|line| line.split_whitespace().next());
    let steps: Vec<&str> = steps.filter(|word| ["start", "queue", "join"].contains(word)).collect();
    assert_eq!(steps, ["start", "queue", "join"], "{ended}");
    let pages = ended.line_with("pages of each thread: ").split_once('[').expect("a list").1;
    let pages = pages.trim_end_matches(']').split(", ").map(str::parse::<u32>);
    assert_eq!(pages.map(|pages| pages.expect("a number")).sum::<u32>(), 160, "{ended}");
    ended.assert_claims(&[("C31", Holds)]);
}

#[test]
fn three_files_are_saved_by_a_thread_each_and_what_fails_leaves_none() {
    // It saves its files in a folder of its own, in this one.
    let folder = Folder::new("download-files");
    let ended = Running::start(&mut download_files(&folder.file(""))).end().well();
    check_width(&ended.stdout);
    assert_eq!(folder.files(), [""; 0], "it has left something behind");

    let (sequential, rest) = ended.stdout.split_once("Sequential download took").expect("a time");
    let (concurrent, rest) = rest.split_once("Concurrent download took").expect("a time");
    let (trouble, _) = rest.split_once("\nClaim ").expect("verdicts");
    let begins = |text: &str| -> Vec<String> {
        let words = text.lines().filter_map(|line| line.split_once(" download"));
        words.map(|(begin, _)| begin.to_string()).collect()
    };
    assert_eq!(begins(sequential), ["Starting", "Finished"].repeat(3), "{ended}");
    let mut order = begins(concurrent);
    assert_eq!(order.len(), 6, "{ended}");
    order.sort();
    assert_eq!(order, ["Finished", "Finished", "Finished", "Starting", "Starting", "Starting"]);
    assert!(concurrent.contains("at most 1 request at once, 3 answered"), "{ended}");
    assert!(trouble.contains("at most 3 requests at once, 3 answered"), "{ended}");

    assert_eq!(begins(trouble), ["Starting", "Error"].repeat(4), "{ended}");
    let trouble = trouble.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(trouble.contains("/not-there: 404 Not Found "), "{ended}");
    assert_eq!(trouble.matches("/cut-off: cut off: ").count(), 2, "{ended}");
    assert!(trouble.contains("\"../file_0.html\" would not be a file"), "{ended}");
    let files = "In the folder: file_0.html (10,966 bytes), file_1.html (280 bytes), file_2.html \
                 (10,966 bytes)";
    assert!(trouble.ends_with(files), "{ended}");
    ended.assert_claims(&[("C37", Undecided), ("C38", HoldsDifferently)]);
}

/// Its folder goes with it, whatever ends it.
#[cfg(unix)]
#[test]
fn downloaded_files_are_left_nowhere() {
    use testing::{signal, wait_until};

    for end in ["INT", "TERM", "KILL"] {
        let folder = Folder::new("download-files");
        let running = Running::start(&mut download_files(&folder.file("")));
        wait_until("a file is saved", || running.stdout().contains("Finished"));
        assert_eq!(folder.files().len(), 1, "{:?}", folder.files());
        signal(end, running.id());
        let ended = running.end();
        assert_eq!(ended.status.code(), None, "{ended}");
        wait_until("the folder is removed", || folder.files().is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn downloaded_files_need_room_and_a_folder() {
    let folder = Folder::new("download-files");
    let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
    let running = Running::start_with_stdout(download_files(&folder.file("")).stdout(full));
    running.end().with_status(1).assert_error("Cannot write to standard output: No space left on");
    assert_eq!(folder.files(), [""; 0]);

    let ended = Running::start(&mut download_files(&folder.file("missing"))).end().with_status(1);
    ended.assert_error(&format!("Cannot make the folder {}/", folder.file("missing")));

    if let Some(mut command) = testing_downloads::without_network(&example("download_files")) {
        let ended = Running::start(command.env("TMPDIR", folder.path())).end().well();
        ended.assert_claims(&[("C37", Undecided), ("C38", Undecided)]);
        assert_eq!(ended.claim("C38").verdict, Undecided, "{ended}");
    }
}

/// `ulimit -n 32`: what its clients wait for in vain is said at once, and again when their time is over.
#[cfg(target_os = "linux")]
#[test]
fn a_site_without_files_says_why_its_clients_wait() {
    let mut command = testing::command_with_ulimit("-n 32", &example("how_many_threads"), &[]);
    let running = Running::start(&mut command);
    let told = "The built-in site can open no more connections for now: Too many open files";
    testing::wait_until("the limit is told", || running.stderr().contains(told));
    let ended = running.end().with_status(1);
    let error = ended.stderr.lines().last().unwrap_or_default();
    assert!(error.starts_with("Error: ") && error.contains("Too many open files"), "{ended}");
}
