//! Runs the real examples.

use std::collections::BTreeMap;

use experiment::Verdict;
use testing::{ProcessOutput, check_head, check_width, check_wrong_usage, example, run};

/// Runs an example, which must end well and fit on the screen.
#[track_caller]
fn run_example(name: &str, arguments: &[&str]) -> ProcessOutput {
    let ended = run(&example(name), arguments).well();
    check_width(&ended.stdout);
    ended
}

/// The numbers at the end of the line that begins with this name.
#[track_caller]
fn numbers<const N: usize>(ended: &ProcessOutput, name: &str) -> [u64; N] {
    let line = ended.line_with(&format!("{name}  "));
    let words = line.rsplit_once(name).expect("the name is in the line").1.split_whitespace();
    let numbers = words.map(|word| word.replace(',', "").parse()).map_while(Result::ok);
    numbers.collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{line:?} in {ended}"))
}

#[test]
fn one_update_is_lost_every_time() {
    for _ in 0..20 {
        let ended = run_example("lost_update", &[]);
        let steps = "
  step   thread 1              thread 2              counter

     1   reads 0                                           0
     2                         reads 0                     0
     3   writes 0 + 1 = 1                                  1
     4                         writes 0 + 1 = 1            1

  It should be 2 and is 1: lost 1.
";
        assert!(ended.stdout.contains(steps), "{ended}");
        assert_eq!(ended.claim("C04").verdict, Verdict::HoldsDifferently, "{ended}");
        for cure in ["fetch_add ", "Mutex "] {
            assert!(ended.line_with(cure).ends_with("  2"), "{ended}");
        }
        check_screen(&ended);
    }
}

#[test]
fn two_of_the_six_orders_lose_nothing() {
    for (schedule, counter) in
        [("1122", 2), ("1212", 1), ("1221", 1), ("2112", 1), ("2121", 1), ("2211", 2)]
    {
        let ended = run_example("lost_update", &["--schedule", schedule]);
        let sentence = format!("  It should be 2 and is {counter}: lost {}.", 2 - counter);
        ended.assert_line(&sentence);
    }
    for wrong in ["112", "1112", "1123", "11222", "12 12", "1२12", ""] {
        let reason = ["each of the threads 1 and 2 takes two steps"];
        check_wrong_usage(&example("lost_update"), &["--schedule", wrong], &reason);
    }
}

/// The threads, what the counter should be, what it is, and what was lost, in each run.
#[track_caller]
fn runs(ended: &ProcessOutput) -> Vec<[u64; 4]> {
    (1..=5).map(|run| numbers(ended, &format!("run {run}"))).collect()
}

#[test]
fn the_opening_race_adds_up_and_says_what_was_lost() {
    // More than enough for one core, too: the system switches between the threads many times.
    let ended = run_example("by_chance", &["--increments", "100_000_000"]);
    check_screen(&ended);
    for [threads, should_be, is, lost] in runs(&ended) {
        assert_eq!((threads, should_be, is + lost), (2, 200_000_000, 200_000_000), "{ended}");
    }
    let wrong = runs(&ended).iter().filter(|[.., lost]| *lost > 0).count();
    assert!(wrong > 0, "{ended}");
    let sentence = format!("Updates were lost in {wrong} of 5 runs, with ");
    assert!(ended.stdout.contains(&sentence), "{ended}");
    ended.assert_line("In it 2 of 2 threads were under way at the same time as another one.");
    for thread in ["thread 1 ", "thread 2 "] {
        assert!(ended.line_with(thread).contains("█████"), "{ended}");
    }
}

#[test]
fn short_threads_are_drawn_and_counted() {
    let ended = run_example("by_chance", &["--article"]);
    check_screen(&ended);
    for [threads, should_be, is, lost] in runs(&ended) {
        assert_eq!((threads, should_be, is + lost), (5_000, 500_000, 500_000), "{ended}");
    }
    let lost: u64 = runs(&ended).iter().map(|[.., lost]| lost).sum();
    assert_eq!(ended.stdout.contains(", and yet the race is there."), lost <= 25_000, "{ended}");
    for words in ["… 4,995 more threads like these", " of 5,000 threads were under way at the"] {
        assert!(ended.stdout.contains(words), "{ended}");
    }
    let alone = run_example("by_chance", &["--threads", "1"]);
    assert!(runs(&alone).iter().all(|[.., lost]| *lost == 0), "{alone}");
    alone.assert_line("Nothing was lost: one thread alone has nobody to meet.");
    let program = example("by_chance");
    check_wrong_usage(&program, &["--article", "--threads", "2"], &["cannot be used with"]);
    check_wrong_usage(&program, &["--threads", "10_001"], &["at most 10,000"]);
    check_wrong_usage(&program, &["--increments", "1_000_000_000"], &["at most 1,000,000,000"]);
    check_wrong_usage(&program, &["--threads", "0"], &["'0'", "--threads"]);
}

/// How many schedules end at which value, as the example prints it.
#[track_caller]
fn results(ended: &ProcessOutput) -> BTreeMap<u64, u64> {
    let row = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |word: &str| word.replace(',', "").parse().ok();
        words.iter().find(|word| ["right", "wrong"].contains(word))?;
        Some((number(words[0])?, number(words[1])?))
    };
    ended.stdout.lines().filter_map(row).collect()
}

/// Arguments, the sentence, and how many schedules end at which value.
type Case = (&'static [&'static str], &'static str, &'static [(u64, u64)]);

#[test]
fn every_interleaving_is_counted() {
    let cases: [Case; 5] = [
        (&["--increments", "1"], "2 of 20 schedules are right.", &[(1, 18), (2, 2)]),
        (&["--steps", "load-store"], "2 of 6 schedules are right.", &[(1, 4), (2, 2)]),
        (
            &["--steps", "load-store", "--increments", "2"],
            "6 of 70 schedules are right.",
            &[(2, 32), (3, 32), (4, 6)],
        ),
        (
            &["--steps", "load-store", "--threads", "3"],
            "6 of 90 schedules are right.",
            &[(1, 48), (2, 36), (3, 6)],
        ),
        (
            &["--steps", "load-store", "--increments", "3"],
            "20 of 924 schedules are right.",
            &[(2, 8), (3, 300), (4, 416), (5, 180), (6, 20)],
        ),
    ];
    for (arguments, sentence, counts) in cases {
        let ended = run_example("every_interleaving", arguments);
        ended.assert_line(sentence);
        assert_eq!(ended.claim("C46").verdict, Verdict::Holds, "{ended}");
        let results = results(&ended);
        assert_eq!(results.iter().map(|(&k, &v)| (k, v)).collect::<Vec<_>>(), counts, "{ended}");
        // Those that are listed are listed with the same results.
        if results.values().sum::<u64>() <= 100 {
            for (result, schedules) in results {
                let listed = ended.stdout.matches(&format!(" gives {result}: ")).count();
                assert_eq!(listed as u64, schedules, "{ended}");
            }
        }
    }
    let arguments = ["--steps", "load-store", "--threads", "3", "--increments", "2"];
    run_example("every_interleaving", &arguments).assert_line("90 of 34,650 schedules are right.");
}

/// The output fits on a screen of 24 lines, with what `cargo run` or a lesson prints around it.
#[track_caller]
fn check_screen(ended: &ProcessOutput) {
    assert!(ended.stdout.lines().count() <= 20, "more than a screen: {ended}");
}

#[test]
fn the_six_orders_and_the_counts_of_twenty_are_one_screen() {
    let ended = run_example("every_interleaving", &[]);
    check_screen(&ended);
    assert_eq!(ended.stdout.matches(" gives 1: WRONG").count(), 4, "{ended}");
    assert_eq!(ended.stdout.matches(" gives 2: right").count(), 2, "{ended}");
    let sentence = "2 of 6 orders are right. With the addition as a step of its own there are 20:";
    ended.assert_line(sentence);
    ended.assert_line("18 of them end at 1, which is wrong, and 2 end at 2.");
    assert_eq!(ended.claim("C46").verdict, Verdict::Holds, "{ended}");
    assert_eq!(ended.claim("C46").numbers, "18 of 20 schedules lose an update");
}

#[test]
fn a_switch_every_so_many_steps_is_one_order() {
    let ended = run_example("every_interleaving", &["--increments", "2", "--every", "2"]);
    check_screen(&ended);
    ended.assert_line("2 threads, 2 increments each, a switch every 2 steps.");
    ended.assert_line("  12                store               2         2");
    ended.assert_line("It should end at 4, and ends at 2: WRONG.");
    let ended = run_example("every_interleaving", &["--increments", "2", "--every", "3"]);
    ended.assert_line("It should end at 4, and ends at 4: right.");
}

#[test]
fn a_worksheet_hides_all_numbers_and_shows_the_same_order_when_revealed() {
    let worksheet = run_example("every_interleaving", &["--quiz", "--seed", "1"]);
    let revealed = run_example("every_interleaving", &["--quiz", "--seed", "1", "--reveal"]);
    let other = run_example("every_interleaving", &["--quiz", "--seed", "2"]);
    assert_ne!(worksheet.stdout, other.stdout);
    // The step, who takes it and what it is, and then the register and the counter.
    let rows = |ended: &ProcessOutput| -> Vec<Vec<String>> {
        let rows = ended.stdout.lines().map(|line| line.split_whitespace().map(String::from));
        rows.map(Iterator::collect).filter(|row: &Vec<_>| row.len() == 4).collect()
    };
    let [hidden, shown] = [&worksheet, &revealed].map(rows);
    assert_eq!(hidden.len(), 6, "{worksheet}");
    for (hidden, shown) in hidden.iter().zip(&shown) {
        assert_eq!(hidden[..2], shown[..2]);
        assert_eq!(hidden[2..], ["?", "?"]);
        assert!(shown[2..].iter().all(|number| number.parse::<u64>().is_ok()), "{revealed}");
    }
    revealed.assert_line("It should end at 2, and ends at 1: WRONG.");
    for sheet in [&worksheet, &other] {
        assert!(!sheet.stdout.contains("ends at"), "{sheet}");
    }
}

#[test]
fn the_smallest_result_is_shown_with_its_order() {
    let arguments = ["--threads", "10", "--increments", "100", "--smallest"];
    let ended = run_example("every_interleaving", &arguments);
    ended.assert_line("It should end at 1,000, and ends at 2.");
    let ended = run_example("every_interleaving", &["--smallest"]);
    ended.assert_line("It should end at 2, and ends at 1.");
}

#[test]
fn what_cannot_be_counted_is_wrong_usage() {
    let program = example("every_interleaving");
    let too_many = ["10 threads, 100 increments each", "more schedules than 128 bits can count"];
    check_wrong_usage(&program, &["--threads", "10", "--increments", "100"], &too_many);
    check_wrong_usage(&program, &["--threads", "40"], &["more schedules than 128 bits can count"]);
    check_wrong_usage(&program, &["--threads", "18", "--steps", "load-store"], &["too long"]);
    let endless = ["--threads", "1", "--increments", "1_000_000_000_000"];
    check_wrong_usage(&program, &endless, &["too long"]);
    let long = ["--threads", "1_000_000", "--increments", "1_000_000", "--smallest"];
    check_wrong_usage(&program, &long, &["too long"]);
    check_wrong_usage(&program, &["--threads", "0"], &["'0'", "--threads"]);
    check_wrong_usage(&program, &["--every", "2", "--threads", "5"], &["table would be too large"]);
    check_wrong_usage(&program, &["--quiz", "--increments", "50"], &["table would be too large"]);
    check_wrong_usage(&program, &["--every", "0"], &["'0'", "--every"]);
    check_wrong_usage(&program, &["--quiz", "--seed", "one"], &["'one'", "--seed"]);
    check_wrong_usage(&program, &["--reveal"], &["--quiz"]);
    check_wrong_usage(&program, &["--steps", "store-load"], &["'store-load'", "load-add-store"]);
    check_width(&run(&program, &["--help"]).well().stdout);
}

#[test]
fn the_cures_lose_nothing() {
    let ended = run_example("cures", &[]);
    let claim = ended.claim("C48");
    assert_eq!(claim.verdict, Verdict::Holds, "{ended}");
    assert!(claim.numbers.starts_with("the cures lost 0 of 4,000,000 updates"), "{ended}");
    for cure in ["a counter per thread", "fetch_add", "Mutex", "channel"] {
        let rows = ended.stdout.lines().filter(|line| line.starts_with(&format!("{cure}  ")));
        let row = rows.clone().next().unwrap_or_default();
        let words: Vec<&str> = row.trim_start_matches(cure).split_whitespace().collect();
        let &["0", time, "ns", ratio] = &words[..] else { panic!("{row:?} in {ended}") };
        for number in [time, ratio] {
            assert!(number.replace(',', "").parse::<f64>().is_ok_and(|it| it > 0.0), "{row:?}");
        }
        assert_eq!(rows.count(), 2, "its cost, and when to take it: {ended}");
    }
    let cheapest = ended.line_with("The cheapest cure: ").trim_end_matches('.');
    let cheapest = cheapest.replace("The cheapest cure: ", "") + "  ";
    let is_it = |line: &str| line.starts_with(&cheapest) && line.ends_with(" 1.0");
    assert!(ended.stdout.lines().any(is_it), "{ended}");
    check_screen(&ended);
    let alone = run_example("cures", &["--threads", "1"]);
    alone.assert_line("Threads: 1. Increments by each: 500,000.");
    assert_eq!(alone.claim("C48").numbers, "the cures lost 0 of 500,000 updates, no cure 0");
    check_wrong_usage(&example("cures"), &["--threads", "33"], &["'33'", "at most 32"]);
    check_wrong_usage(&example("cures"), &["--threads", "0"], &["'0'", "--threads"]);
}

#[test]
fn lines_in_pieces_break_and_whole_lines_do_not() {
    let ended = run_example("torn_lines", &[]);
    let [printed, broken] = numbers(&ended, "in pieces, with a switch between them");
    assert_eq!(printed, 8_000);
    assert!(broken > 0, "{ended}");
    assert_eq!(ended.claim("C52").verdict, Verdict::HoldsDifferently, "{ended}");
    check_screen(&ended);
    for whole in ["in pieces, with a switch, under one lock", "whole: println!"] {
        assert_eq!(numbers(&ended, whole), [8_000, 0], "{ended}");
    }
}

#[test]
fn no_memory_order_cures_a_lost_update() {
    for _ in 0..5 {
        let ended = run_example("strictest_order", &[]);
        check_screen(&ended);
        for order in ["Relaxed", "Acquire and Release", "SeqCst: the strictest"] {
            let row = numbers(&ended, &format!("load and store, {order}"));
            assert_eq!(row, [200, 100, 100], "{ended}");
        }
        assert_eq!(numbers(&ended, "fetch_add, Relaxed: the weakest"), [200, 200, 0], "{ended}");
    }
}

#[test]
fn thousands_of_runs_may_pass_and_the_worst_one_never_does() {
    let ended = run_example("passing_runs", &[]);
    check_screen(&ended);
    let right = ended.stdout.lines().find_map(|line| line.strip_prefix("10,000 runs: "));
    let right = right.and_then(|line| line.strip_suffix(" right.")).map(|it| it.replace(',', ""));
    let right: Option<u32> = right.and_then(|number| number.parse().ok());
    assert!(right.is_some_and(|right| (5_000..=10_000).contains(&right)), "{ended}");
    ended.assert_line("One more run, in which both threads read before either writes: 1.");
}

/// Also right on one core, where no update can be lost without a switch.
#[cfg(target_os = "linux")]
#[test]
fn runs_are_told_apart_by_their_switches() {
    let ended = run_example("no_switch", &[]);
    check_screen(&ended);
    let without: [u64; 3] = numbers(&ended, "without a single switch");
    let with: [u64; 3] = numbers(&ended, "with a switch");
    assert_eq!(without[0] + with[0], 200, "{ended}");
    for [runs, lossy, worst] in [without, with] {
        assert!(lossy <= runs && worst < 2_000_000 && (worst > 0) == (lossy > 0), "{ended}");
    }
    let needless = ended.stdout.contains("So it takes no interruption");
    assert_eq!(needless, without[1] > 0, "{ended}");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    assert!(cores > 1 || !needless, "on one core it takes a switch: {ended}");
}

#[test]
fn threads_are_compared_with_one_counter_and_with_one_each() {
    let ended = run_example("more_threads", &[]);
    check_screen(&ended);
    for threads in [" 1 thread ", "2 threads ", "4 threads ", "8 threads "] {
        let bars = ended.stdout.lines().filter(|line| line.starts_with(threads));
        assert_eq!(bars.filter(|bar| bar.ends_with(" ms")).count(), 2, "{ended}");
    }
    assert_eq!(ended.stdout.matches("Two threads took ").count(), 2, "{ended}");
}

#[test]
fn a_reader_that_goes_away_ends_them_quietly() {
    for name in [
        "by_chance",
        "lost_update",
        "every_interleaving",
        "cures",
        "torn_lines",
        "no_switch",
        "passing_runs",
        "strictest_order",
        "more_threads",
    ] {
        check_head(&example(name), &[], 1);
    }
}
