//! Runs the real experiments.

use experiment::{Verdict, judged};
use testing::{Running, check_width, check_wrong_usage, command, example, run};

/// What an experiment prints. It fits on a screen of 24 lines, with what `cargo run` prints before it
/// and the next prompt. A lesson has more around it, and no claims.
#[track_caller]
fn print(name: &str, arguments: &[&str]) -> String {
    let stdout = run(&example(name), arguments).well().stdout;
    check_width(&stdout);
    assert!(stdout.lines().count() <= 21, "more than a screen: {stdout}");
    stdout
}

/// The verdict on a claim, and the numbers on which it rests.
#[track_caller]
fn claim(printed: &str, claim: &str) -> (Verdict, String) {
    let finding = judged(printed).into_iter().find(|finding| finding.claim == claim);
    let finding = finding.unwrap_or_else(|| panic!("nothing about {claim} in {printed}"));
    (finding.verdict, finding.numbers)
}

/// The numbers at the end of the line that begins with this name.
#[track_caller]
fn numbers<const N: usize>(printed: &str, name: &str) -> [u64; N] {
    let rest = printed.lines().find_map(|line| line.trim_start().strip_prefix(name));
    let rest = rest.unwrap_or_else(|| panic!("no line {name:?} in {printed}"));
    let numbers = rest.split_whitespace().map(|word| word.replace(',', "").parse());
    let numbers: Vec<u64> = numbers.collect::<Result<_, _>>().expect("numbers follow the name");
    numbers.try_into().unwrap_or_else(|_| panic!("{rest:?} in {printed}"))
}

#[test]
fn one_update_is_lost_in_four_of_six_orders() {
    let printed = print("lost_update", &[]);
    let steps = "
  step   thread 1              thread 2              counter

     1   reads 0                                           0
     2                         reads 0                     0
     3   writes 0 + 1 = 1                                  1
     4                         writes 0 + 1 = 1            1

  It should be 2 and is 1: lost 1.
";
    assert!(printed.contains(steps), "{printed}");
    for cure in ["fetch_add   the processor makes all three one step", "Mutex   "] {
        let line = printed.lines().find(|line| line.trim_start().starts_with(cure));
        assert!(line.is_some_and(|line| line.ends_with(" 2")), "{printed}");
    }
    for (schedule, lost) in
        [("1122", 0), ("1212", 1), ("1221", 1), ("2112", 1), ("2121", 1), ("2211", 0)]
    {
        let printed = print("lost_update", &["--schedule", schedule]);
        let sentence = format!("  It should be 2 and is {}: lost {lost}.\n", 2 - lost);
        assert!(printed.contains(&sentence), "{schedule}: {printed}");
        // An order without a switch in the middle says nothing of one that has it.
        if lost == 1 {
            let verdict = (Verdict::HoldsDifferently, "lost 1 of 2 updates".into());
            assert_eq!(claim(&printed, "C04"), verdict);
        } else {
            assert_eq!(judged(&printed), []);
        }
    }
    // A class sees the steps and the cures, and no verdict.
    let mut quiet = command(&example("lost_update"), &[]);
    let quiet = Running::start(quiet.env("NO_CLAIMS", "1")).end().well();
    assert!(quiet.stdout.contains(steps) && !quiet.stdout.contains("Claim"), "{quiet}");
    for wrong in ["112", "1112", ""] {
        check_wrong_usage(&example("lost_update"), &["--schedule", wrong], &["1122, 1212, 1221"]);
    }
}

#[test]
fn races_by_chance_add_up_and_are_drawn() {
    for (threads, drawn) in [(2, 2), (7, 5)] {
        let wanted = threads.to_string();
        let printed = print("by_chance", &["--threads", &wanted, "--increments", "1_000_000"]);
        let runs = [1, 2, 3, 4, 5].map(|run| numbers(&printed, &format!("run {run}")));
        let updates = 1_000_000 * threads;
        for [started, should_be, is, lost] in runs {
            assert_eq!([started, should_be, is + lost], [threads, updates, updates], "{printed}");
        }
        // What is said depends on chance, and on nothing but these numbers.
        let lost = runs.map(|[.., lost]| lost);
        let wrong = lost.iter().filter(|lost| **lost > 0).count();
        let many = format!("Updates were lost in {wrong} of 5 runs, with ");
        let is_many = 100 * lost.iter().sum::<u64>() > 5 * updates;
        assert_eq!(printed.contains(&many), is_many, "{printed}");
        assert_eq!(printed.contains(", and yet the race is there."), !is_many, "{printed}");
        let bars = printed.lines().filter(|line| line.contains('█'));
        assert_eq!(bars.count(), drawn, "{printed}");
        let others = printed.contains("            … 2 more threads like these\n");
        assert_eq!(others, threads == 7, "{printed}");
    }
}

#[test]
fn one_thread_alone_meets_nobody() {
    let printed = print("by_chance", &["--threads", "1"]);
    assert!(printed.ends_with("Nothing was lost: one thread alone has nobody to meet.\n"));
    let program = example("by_chance");
    check_wrong_usage(&program, &["--article", "--threads", "2"], &["cannot be used with"]);
    check_wrong_usage(&program, &["--increments", "1_000_000_000"], &["at most 1,000,000,000"]);
    check_wrong_usage(&program, &["--threads", "0"], &["'0'", "--threads"]);
}

#[test]
fn the_cures_lose_nothing() {
    let printed = print("cures", &["--threads", "2"]);
    assert!(printed.starts_with("Threads: 2. Increments by each: 500,000.\n"), "{printed}");
    let (verdict, numbers) = claim(&printed, "C48");
    let nothing = "the cures lost 0 of 1,000,000 updates, no cure ";
    assert!(verdict == Verdict::Holds && numbers.starts_with(nothing), "{printed}");
    let cheapest = printed.lines().find_map(|line| line.strip_prefix("The cheapest cure: "));
    let cheapest = cheapest.expect("it is named").trim_end_matches('.');
    for cure in ["a counter per thread", "fetch_add", "Mutex", "channel"] {
        let mut rows = printed.lines().filter_map(|line| line.strip_prefix(&format!("{cure}  ")));
        let words: Vec<&str> = rows.next().into_iter().flat_map(str::split_whitespace).collect();
        let &["0", _, "ns", ratio] = &words[..] else { panic!("{words:?} in {printed}") };
        assert_eq!(ratio == "1.0", cure == cheapest, "{printed}");
        assert_eq!(rows.count(), 1, "when to take it: {printed}");
    }
    let none = printed.lines().find_map(|line| line.strip_prefix("no cure "));
    let none = none.expect("it has a row").trim();
    assert!(!none.contains(" ns"), "it has a price: {printed}");
    assert_eq!(none.starts_with("0 "), none.contains("this time"), "{printed}");
    check_wrong_usage(&example("cures"), &["--threads", "33"], &["33 is not in 1..=32"]);
}

/// The other threads would wait for one that was not there, without end.
#[cfg(target_os = "linux")]
#[test]
fn what_needs_threads_says_so_where_there_is_no_room_for_them() {
    use testing::{Running, command_with_ulimit};

    for name in ["cures", "torn_lines", "more_threads"] {
        let mut command = command_with_ulimit("-v 16000", &example(name), &[]);
        let ended = Running::start(&mut command).end().with_status(1);
        ended.assert_error("The system starts no more threads for this program; ");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    }
}

/// Nobody is left to read what it prints.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_prints_ends_quietly_with_the_one_that_reads() {
    use testing::{Running, children_of, command, signal, wait_until};

    let running = Running::start(&mut command(&example("torn_lines"), &[]));
    wait_until("another process prints", || !children_of(running.id()).is_empty());
    signal("KILL", running.id());
    let ended = running.end();
    assert_eq!(ended.stderr, "", "{ended}");
}

#[test]
fn lines_in_pieces_break_and_whole_lines_do_not() {
    let printed = print("torn_lines", &[]);
    let [lines, broken] = numbers(&printed, "in pieces, with a switch between them");
    assert!(lines == 8_000 && broken > 0, "{printed}");
    assert_eq!(claim(&printed, "C52").0, Verdict::HoldsDifferently, "{printed}");
    for whole in ["in pieces, with a switch, under one lock", "whole: println!"] {
        assert_eq!(numbers(&printed, whole), [8_000, 0], "{printed}");
    }
}

#[test]
fn no_memory_order_cures_a_lost_update() {
    let printed = print("strictest_order", &[]);
    for order in ["Relaxed", "Acquire and Release", "SeqCst: the strictest"] {
        let row = numbers(&printed, &format!("load and store, {order} "));
        assert_eq!(row, [200, 100, 100], "{printed}");
    }
    assert_eq!(numbers(&printed, "fetch_add, Relaxed: the weakest"), [200, 200, 0], "{printed}");
}

#[test]
fn thousands_of_runs_may_pass_and_the_worst_one_never_does() {
    let printed = print("passing_runs", &[]);
    let right = printed.lines().find_map(|line| line.strip_prefix("10,000 runs: "));
    assert!(right.is_some_and(|right| right.ends_with(" right.")), "{printed}");
    let worst = "One more run, in which both threads read before either writes: 1.\n";
    assert!(printed.contains(worst), "{printed}");
}

/// Also right on one core, where no update can be lost without a switch.
#[cfg(target_os = "linux")]
#[test]
fn runs_are_told_apart_by_their_switches() {
    let printed = print("no_switch", &[]);
    let kinds = ["without a single switch", "with a switch"].map(|kind| numbers(&printed, kind));
    let [[without, needless, _], [with, ..]] = kinds;
    assert_eq!(without + with, 200, "{printed}");
    for [runs, lossy, worst] in kinds {
        assert!(lossy <= runs && worst < 2_000_000 && (worst > 0) == (lossy > 0), "{printed}");
    }
    assert_eq!(printed.contains("So it takes no interruption"), needless > 0, "{printed}");
}

#[test]
fn threads_are_compared_with_one_counter_and_with_one_each() {
    let printed = print("more_threads", &[]);
    for threads in [" 1 thread ", "2 threads ", "4 threads ", "8 threads "] {
        let bars = printed.lines().filter(|line| line.starts_with(threads));
        assert_eq!(bars.filter(|bar| bar.ends_with(" ms")).count(), 2, "{printed}");
    }
    assert_eq!(printed.matches("Two threads took ").count(), 2, "{printed}");
}

/// The kinds of race that `how_often` runs.
const KINDS: [&str; 4] = [
    "by chance, begin one by one",
    "by chance, all begin together",
    "switch forced, begin one by one",
    "switch forced, all begin together",
];

/// The bar of a kind of race, in how many of how many runs it lost, the median and the worst.
#[track_caller]
fn row<'a>(printed: &'a str, kind: &str) -> (&'a str, [u64; 4]) {
    let rest = printed.lines().find_map(|line| line.strip_prefix(kind));
    let words: Vec<&str> = rest.into_iter().flat_map(str::split_whitespace).collect();
    let &[bar, share, median, worst] = &words[..] else { panic!("{kind:?} in {printed}") };
    let (wrong, runs) = share.split_once('/').unwrap_or_else(|| panic!("{share:?} in {printed}"));
    let number = |word: &str| word.replace(',', "").parse().expect("a number");
    (bar, [wrong, runs, median, worst].map(number))
}

#[test]
fn each_kind_of_race_is_run_so_often_and_counted() {
    let printed = print("how_often", &["--threads", "100", "--runs", "2"]);
    assert!(printed.starts_with("2 races of each kind.\n"), "{printed}");
    for kind in KINDS {
        let (bar, [wrong, runs, median, worst]) = row(&printed, kind);
        assert_eq!((bar.len(), runs), (10, 2), "{printed}");
        assert_eq!(bar.matches('#').count() as u64, 5 * wrong, "{printed}");
        assert!(wrong <= runs && worst < 10_000, "{printed}");
        // Of two runs the upper one is the median and the worst.
        assert_eq!((median, worst > 0), (worst, wrong > 0), "{printed}");
    }
    let alone = print("how_often", &["-q", "--threads", "1", "--runs", "3"]);
    assert_eq!(alone.lines().count(), 4, "the rows alone: {alone}");
    for kind in KINDS {
        assert_eq!(row(&alone, kind), ("..........", [0, 3, 0, 0]), "{alone}");
    }
    let program = example("how_often");
    check_wrong_usage(&program, &["--runs", "0"], &["'0'", "--runs"]);
    check_wrong_usage(&program, &["5"], &["'5'"]);
}

#[test]
fn the_articles_threads_are_all_alive_at_once() {
    let printed = print("how_often", &["--runs", "1"]);
    assert!(printed.starts_with("1 race of each kind.\n"), "{printed}");
    // By chance a run loses updates or does not.
    let (_, numbers) = claim(&printed, "C45");
    assert!(numbers.ends_with(", and in 2 of 2 with the switch forced"), "{printed}");
    let alive = "5,000 threads were alive at once";
    assert_eq!(claim(&printed, "C49"), (Verdict::Holds, alive.into()));
    assert_eq!(claim(&printed, "C92"), (Verdict::PythonOnly, alive.into()));
}
