//! Runs the real examples.

use experiment::Verdict::{DoesNotHoldHere, Holds, HoldsDifferently, PythonOnly, Undecided};
use testing::{check_head, example, run_example};

#[test]
fn an_await_between_read_and_write_loses_all_updates_but_one() {
    let ended = run_example("lost_update_async");
    for (how, numbers) in [
        ("  read, await, write ", ["100", "1", "99"]),
        ("  read, write, await ", ["100", "100", "0"]),
        ("  lock, read, await, write, unlock ", ["100", "100", "0"]),
    ] {
        let row = ended.line_with(how).trim_start_matches(how);
        assert_eq!(row.split_whitespace().collect::<Vec<_>>(), numbers, "{ended}");
    }
    ended.assert_claims(&[("C07", DoesNotHoldHere)]);
}

#[test]
fn the_event_loop_gives_the_next_turn_to_the_task_that_has_waited_longest() {
    let ended = run_example("event_loop");
    let turns: Vec<Vec<&str>> = ended
        .stdout
        .lines()
        .filter_map(|line| Some(line.split_once(" ms   ")?.1.split("  ")))
        .map(|columns| columns.map(str::trim).filter(|column| !column.is_empty()).collect())
        .collect();
    let idle = "sleeps, looks, sleeps, looks …";
    let expected = [
        ["1 2 3 4", "none", "1", "gives way"],
        ["2 3 4 1", "none", "2", "waits for its page"],
        ["3 4 1", "2", "3", "waits for its page"],
        ["4 1", "2 3", "4", "waits for its page"],
        ["1", "2 3 4", "1", "ends: 41,666,654,166,667,500,000"],
        ["none", "2 3 4", "none", idle],
        ["3", "2 4", "3", "ends: Read 280 from /dice"],
        ["none", "2 4", "none", idle],
        ["4", "2", "4", "ends: Read 10966 from /jython"],
        ["none", "2", "none", idle],
        ["2", "none", "2", "ends: Read 10966 from /jython"],
    ];
    assert_eq!(turns, expected, "{ended}");
    assert!(ended.stdout.starts_with("4 futures are made; 0 have begun."), "{ended}");
    ended.assert_claims(&[
        ("C05", Holds),
        ("C06", Holds),
        ("C09", HoldsDifferently),
        ("C11", Holds),
        ("C18", Holds),
        ("C95", Holds),
    ]);
}

#[test]
fn a_task_that_keeps_the_thread_starves_the_others() {
    let ended = run_example("starving");
    let beats = |how: &str| -> usize {
        let row = ended.line_with(&format!("  {how}  "));
        let column = row.split_whitespace().rev().nth(2);
        column.and_then(|beats| beats.parse().ok()).unwrap_or_else(|| panic!("{row:?}"))
    };
    for keeps in ["the thread's sleep", "a client that blocks", "a sum"] {
        // One can fall due before the first job has begun.
        assert!(beats(keeps) <= 1, "{keeps}: {ended}");
    }
    for gives_way in [
        "tokio's sleep",
        "a sum that gives way 20 times",
        "the thread's sleep, in spawn_blocking",
        "a sum, in spawn_blocking",
    ] {
        assert!(beats(gives_way) > 1, "{gives_way}: {ended}");
    }
    // Twenty jobs keep the thread for 50 ms each, and the heart has a beat every 5 ms.
    let delay = ended.line_with("  the thread's sleep   ").split_whitespace().rev().nth(1);
    let delay: u64 = delay.and_then(|delay| delay.parse().ok()).expect("the last column");
    assert!(delay >= 990, "{ended}");
    let counts = "the site saw 1 connection, at most 1 request at once, 20 answered";
    assert_eq!(ended.claim("C13").numbers, counts, "{ended}");
    // With a core for each job nothing had to be taken away.
    let cores = num_cpus::get();
    ended.assert_claims(&[
        ("C03", if cores < 20 { Holds } else { Undecided }),
        ("C12", Holds),
        ("C13", Holds),
        ("C14", HoldsDifferently),
        ("C16", Undecided),
    ]);
}

#[test]
fn sums_as_tasks_are_on_the_threads_of_their_event_loop() {
    // Its exit status says that the sums are right.
    let ended = run_example("sums_as_tasks");
    let threads = |how: &str| -> usize {
        let row = ended.line_with(how);
        let column = row.split_whitespace().rev().nth(1);
        column.and_then(|threads| threads.parse().ok()).unwrap_or_else(|| panic!("{row:?}"))
    };
    assert_eq!(threads("one after the other"), 1, "{ended}");
    assert_eq!(threads("tasks, in io_asyncio's loop"), 1, "{ended}");
    assert!(threads("tasks, in tokio's usual loop") > 1, "{ended}");
    ended.assert_claims(&[("C10", PythonOnly), ("C17", HoldsDifferently), ("C77", Undecided)]);
}

#[test]
fn a_mixed_job_computes_as_much_in_each_way() {
    let ended = run_example("mixed_job");
    let cpu_seconds = |how: &str| -> f64 {
        let row = ended.line_with(&format!("  {how}  "));
        let words: Vec<&str> = row.split_whitespace().rev().collect();
        // From the end: `waiting`, the cores, `s`, the CPU time.
        words[3].parse().unwrap_or_else(|_| panic!("{row:?}"))
    };
    // CPU time, which other programs do not change much. (Windows counts it in steps of 16 ms.)
    let waiting = cpu_seconds("only wait, in turn");
    for computes in [
        "only compute, in turn",
        "both, in turn",
        "both, a thread for each",
        "both, tasks on one thread",
        "both, tasks and a pool",
    ] {
        assert!(cpu_seconds(computes) > waiting, "{computes}: {ended}");
    }
    ended.assert_claims(&[
        ("C02", Undecided),
        ("C15", Undecided),
        ("C35", Holds),
        ("C36", Undecided),
        ("C88", Undecided),
        ("C89", Undecided),
    ]);
}

#[test]
fn a_price_is_that_of_one_of_many() {
    let ended = run_example("price_list");
    let numbers = |kind: &str| -> (usize, usize) {
        let row = ended.stdout.lines().find(|line| line.starts_with(kind)).expect("it has a row");
        let words: Vec<String> = row.split_whitespace().map(|word| word.replace(',', "")).collect();
        (words[1].parse().expect("how many were alive"), words[5].parse().unwrap_or(0))
    };
    let [(processes, process), (threads, thread), (tasks, task)] =
        ["process ", "thread ", "task "].map(numbers);
    assert_eq!((processes, tasks), (50, 100_000), "{ended}");
    // The system may have room for fewer.
    assert!((1..=10_000).contains(&threads), "{ended}");
    let told = cfg!(target_os = "linux");
    assert!(!told || (process > thread && thread > task && task > 100), "{ended}");
    let all_alive = if threads < 10_000 { Holds } else { HoldsDifferently };
    let lighter = if told { Holds } else { Undecided };
    ended.assert_claims(&[
        ("C26", Holds),
        ("C27", Undecided),
        ("C39", all_alive),
        ("C65", Undecided),
        ("C66", lighter),
    ]);
}

#[test]
fn three_pages_wait_together_and_each_has_its_own_end() {
    let ended = run_example("fetch_pages");
    let (one_by_one, together) = ended.stdout.split_once("Results: ").expect("two results");
    let begins = |text: &str| -> Vec<String> {
        let words = text.lines().filter_map(|line| line.split_once(" fetch"));
        let begins = words.map(|(begin, _)| begin.to_string());
        begins.filter(|begin| ["Starting", "Finished", "Error"].contains(&&**begin)).collect()
    };
    let in_turn = ["Starting", "Finished", "Starting", "Finished", "Starting", "Error"];
    assert_eq!(begins(one_by_one), in_turn, "{ended}");
    let all = begins(together);
    assert_eq!(all[..3], ["Starting"; 3], "{ended}");
    assert_eq!(all[3..].iter().filter(|end| *end == "Finished").count(), 2, "{ended}");
    assert_eq!(all.len(), 6, "{ended}");
    for part in [one_by_one, together] {
        assert!(part.contains("/jython, status: 200\n"), "{ended}");
        assert!(part.contains("/not-there, status: 404\n"), "{ended}");
        assert!(part.contains("/cut-off: cut off: "), "{ended}");
    }
    assert_eq!(ended.stdout.matches("Results: 2 successful fetches.").count(), 2, "{ended}");
    assert!(one_by_one.contains("at most 1 request at once, 3 answered"), "{ended}");
    assert!(together.contains("at most 3 requests at once, 3 answered"), "{ended}");
    ended.assert_claims(&[("C97", Holds)]);
}

/// A verdict is about pages that were there.
#[cfg(target_os = "linux")]
#[test]
fn without_a_network_nothing_is_said_of_pages() {
    use testing::Running;
    use testing_downloads::without_network;

    for (name, claim) in [("fetch_pages", "C97"), ("starving", "C13")] {
        let Some(mut command) = without_network(&example(name)) else { return };
        let ended = Running::start(&mut command).end().well();
        assert_eq!(ended.claim(claim).verdict, Undecided, "{ended}");
    }
}

/// Threads that were not there would otherwise be a panic in the middle.
#[cfg(target_os = "linux")]
#[test]
fn what_needs_threads_says_so_where_there_is_no_room_for_them() {
    use testing::{Running, command_with_ulimit};

    // Their 12 and 20 threads have stacks of 2 MB each.
    for (name, memory) in [("mixed_job", "-v 24000"), ("starving", "-v 40000")] {
        let mut command = command_with_ulimit(memory, &example(name), &[]);
        let ended = Running::start(&mut command).end().with_status(1);
        ended.assert_error("The system starts no more threads for this program; ");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    }
}

#[test]
fn two_coroutines_sleep_at_the_same_time() {
    let ended = run_example("two_coroutines");
    let words = ["Addition", "Subtraction", "Two", "Together", "Python"];
    let lines: Vec<&str> = ended
        .stdout
        .lines()
        .filter(|line| words.iter().any(|word| line.starts_with(word)))
        .map(|line| line.split_once("work: ").map_or(line, |(begin, _)| begin).trim_end())
        .collect();
    // One begins while the other sleeps, and nothing has begun before.
    let begin = ["Two coroutines are made, and 0 have begun.", "Addition started"];
    assert_eq!(lines[..2], begin, "{ended}");
    assert_eq!(lines[2], "Subtraction started", "{ended}");
    let mut ends = lines[3..7].to_vec();
    ends.sort_unstable();
    let all = ["Addition ended", "Addition: 9", "Subtraction ended", "Subtraction: 5"];
    assert_eq!(ends, all, "{ended}");
    assert!(lines[7].starts_with("Together they have slept 10 seconds"), "{ended}");
}

#[test]
fn a_reader_that_goes_away_ends_an_experiment_quietly() {
    check_head(&example("lost_update_async"), &[], 1);
}
