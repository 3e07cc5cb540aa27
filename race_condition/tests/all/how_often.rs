//! Runs the real example.

use experiment::Verdict;
use experiment::judged;
use testing::{ProcessOutput, check_head, check_width, check_wrong_usage, example, run};

const BY_CHANCE: [&str; 2] = ["by chance, begin one by one", "by chance, all begin together"];
const FORCED: [&str; 2] = ["switch forced, begin one by one", "switch forced, all begin together"];

/// The bar of a kind of race, in how many of how many runs it lost, the median and the worst.
#[track_caller]
fn row<'a>(ended: &'a ProcessOutput, kind: &str) -> (&'a str, [u64; 4]) {
    let line = ended.line_with(kind);
    let words: Vec<&str> = line.trim_start_matches(kind).split_whitespace().collect();
    let &[bar, share, median, worst] = &words[..] else { panic!("{line:?} in {ended}") };
    let (wrong, runs) = share.split_once('/').unwrap_or_else(|| panic!("{line:?} in {ended}"));
    let number = |word: &str| word.replace(',', "").parse().expect("a number");
    (bar, [wrong, runs, median, worst].map(number))
}

#[test]
fn each_kind_of_race_is_run_so_often_and_counted() {
    let ended = run(&example("how_often"), &["--runs", "2"]).well();
    check_width(&ended.stdout);
    ended.assert_line("2 races of each kind.");
    for kind in BY_CHANCE.into_iter().chain(FORCED) {
        let (bar, [wrong, runs, median, worst]) = row(&ended, kind);
        assert_eq!((bar.len(), runs), (10, 2), "{ended}");
        assert_eq!(bar.matches('#').count() as u64, 5 * wrong, "{ended}");
        assert!(wrong <= runs && median <= worst && worst < 500_000, "{ended}");
        // Of two runs the upper one is the median and the worst.
        assert_eq!((median, worst > 0), (worst, wrong > 0), "{ended}");
    }
    for kind in FORCED {
        assert_eq!(row(&ended, kind).1[0], 2, "both runs lost updates: {ended}");
    }
}

#[test]
fn the_articles_threads_are_all_alive_at_once() {
    let ended = run(&example("how_often"), &["--runs", "1"]).well();
    let judged = judged(&ended.stdout);
    let claims: Vec<&str> = judged.iter().map(|judged| &*judged.claim).collect();
    assert_eq!(claims, ["C45", "C49", "C92"], "{ended}");
    // By chance a run loses updates or does not.
    let (_, forced) = judged[0].numbers.rsplit_once("and in ").expect("it ends so");
    assert_eq!(forced, "2 of 2 with the switch forced", "{ended}");
    for (judged, verdict) in judged[1..].iter().zip([Verdict::Holds, Verdict::PythonOnly]) {
        assert_eq!(judged.verdict, verdict, "{ended}");
        assert_eq!(judged.numbers, "5,000 threads, each with an id of its own, met", "{ended}");
    }
}

#[test]
fn one_thread_alone_loses_nothing() {
    let ended = run(&example("how_often"), &["-q", "--threads", "1", "--runs", "3"]).well();
    assert_eq!(ended.stdout.lines().count(), 4, "the rows alone: {ended}");
    for kind in BY_CHANCE.into_iter().chain(FORCED) {
        assert_eq!(row(&ended, kind), ("..........", [0, 3, 0, 0]), "{ended}");
    }
}

#[test]
fn one_race_is_called_one_race() {
    let few = ["--threads", "2", "--increments", "3", "--runs", "1"];
    run(&example("how_often"), &few).well().assert_line("1 race of each kind.");
}

#[test]
fn wrong_usage_is_one_message() {
    let program = example("how_often");
    check_wrong_usage(&program, &["--runs", "0"], &["'0'", "--runs"]);
    check_wrong_usage(&program, &["--threads", "0"], &["'0'", "--threads"]);
    check_wrong_usage(&program, &["--threads", "10_001"], &["10,000", "--threads"]);
    check_wrong_usage(&program, &["--increments", "many"], &["'many'", "--increments"]);
    check_wrong_usage(&program, &["5"], &["'5'"]);
    check_width(&run(&program, &["--help"]).well().stdout);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    check_head(&example("how_often"), &["--threads", "10"], 1);
}

/// Not an abort of the standard library, which has started threads that it cannot keep.
#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_for_threads_is_a_sentence() {
    use testing::{Running, command_with_ulimit};

    for (name, option) in [("how_often", "-q"), ("by_chance", "--article")] {
        let mut command = command_with_ulimit("-v 300000", &example(name), &[option]);
        let ended = Running::start(&mut command).end().with_status(1);
        ended.assert_error("The limit on memory is too low for threads: 300,000 kB");
    }
}
