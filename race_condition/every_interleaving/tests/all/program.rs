//! Runs the real program.

use std::collections::HashSet;

use experiment::Verdict;
use testing::{check_head, check_width, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_every_interleaving");

/// What the program prints, in lines. It must end well, and fit on the screen.
#[track_caller]
fn lines(arguments: &[&str]) -> Vec<String> {
    let output = run(PROGRAM, arguments).well();
    check_width(&output.stdout);
    output.stdout.lines().map(String::from).collect()
}

#[track_caller]
fn check_line(arguments: &[&str], line: &str) {
    let lines = lines(arguments);
    assert!(lines.iter().any(|printed| printed == line), "no {line:?} in {lines:#?}");
}

#[test]
fn the_six_orders_and_the_counts_of_twenty_are_one_screen() {
    let output = run(PROGRAM, &[]).well();
    // With what `cargo run` prints before it and the next prompt. A lesson has no claims.
    assert!(output.stdout.lines().count() <= 21, "more than a screen: {output}");
    assert_eq!(output.stdout.matches(" gives 1: WRONG").count(), 4, "{output}");
    assert_eq!(output.stdout.matches(" gives 2: right").count(), 2, "{output}");
    let sentence = "2 of 6 orders are right. With the addition as a step of its own there are 20:";
    output.assert_line(sentence);
    output.assert_line("18 of them end at 1, which is wrong, and 2 end at 2.");
    assert_eq!(output.claim("C46").verdict, Verdict::Holds, "{output}");
    assert_eq!(output.claim("C46").numbers, "18 of 20 schedules lose an update");
    check_width(&output.stdout);
    // One thread has no other to switch to.
    let alone = run(PROGRAM, &["--threads", "1"]).well();
    assert!(!alone.stdout.contains("Claim "), "{alone}");
}

#[test]
fn every_schedule_is_listed_if_there_are_few_and_counted_if_there_are_many() {
    let few = ["--steps", "load-store", "--increments", "2"];
    check_line(
        &few,
        "      3          32    45.7 %   wrong   #####################################",
    );
    check_line(&few, "6 of 70 schedules are right.");
    for (result, schedules) in [(2, 32), (3, 32), (4, 6)] {
        let listed = lines(&few).concat().matches(&format!(" gives {result}: ")).count();
        assert_eq!(listed, schedules, "{result}");
    }
    let many = ["--steps", "load-store", "--threads", "3", "--increments", "2"];
    check_line(&many, "90 of 34,650 schedules are right.");
    assert!(!lines(&many).concat().contains(" gives "));
}

#[test]
fn a_switch_every_so_many_steps_is_one_order() {
    let every_two = ["--increments", "2", "--every", "2"];
    check_line(&every_two, "2 threads, 2 increments each, a switch every 2 steps.");
    check_line(&every_two, "  12                store               2         2");
    check_line(&every_two, "It should end at 4, and ends at 2: WRONG.");
    let every_three = ["--increments", "2", "--every", "3"];
    check_line(&every_three, "It should end at 4, and ends at 4: right.");
}

#[test]
fn a_worksheet_hides_all_numbers_and_shows_the_same_order_when_revealed() {
    // The step, who takes it and what it is, and then the register and the counter.
    let rows = |seed, more: &[&str]| -> Vec<Vec<String>> {
        let lines = lines(&[&["--quiz", "--seed", seed], more].concat());
        assert_eq!(lines.concat().contains("ends at"), !more.is_empty(), "{lines:#?}");
        let rows = lines.iter().map(|line| line.split_whitespace().map(String::from).collect());
        rows.filter(|row: &Vec<_>| row.len() == 4).collect()
    };
    let (hidden, shown) = (rows("1", &[]), rows("1", &["--reveal"]));
    assert_eq!((hidden.len(), shown.len()), (6, 6));
    assert_ne!(hidden, rows("2", &[]));
    for (hidden, shown) in hidden.iter().zip(&shown) {
        assert_eq!(hidden[..2], shown[..2]);
        assert_eq!(hidden[2..], ["?", "?"]);
        assert!(shown[2..].iter().all(|number| number.parse::<u64>().is_ok()), "{shown:?}");
    }
    check_line(&["--quiz", "--reveal"], "It should end at 2, and ends at 1: WRONG.");
}

/// What stands on each page of an HTML file with worksheets.
fn pages(arguments: &[&str]) -> Vec<Vec<String>> {
    let html = run(PROGRAM, arguments).well().stdout;
    check_width(&html);
    let pages = html.split("<pre>").skip(1).map(|page| page.split("</pre>").next().unwrap_or(""));
    pages.map(|page| page.lines().map(String::from).collect()).collect()
}

/// A worksheet of two threads that was filled in here, as by a student.
#[derive(Default)]
struct Solved {
    order: String,
    counter: usize,
    rows: [Vec<usize>; 2],
    overwrites: Vec<String>,
}

fn solve(sheet: &[String]) -> Solved {
    let mut solved = Solved::default();
    let (mut registers, mut is_stale) = ([0; 2], [false; 2]);
    let is_step = |line: &&String| line.starts_with("   ") || line.starts_with("  1");
    let steps = sheet.iter().skip_while(|line| !line.starts_with("step ")).filter(is_step);
    for row in steps.filter(|line| line.ends_with("____      ____")) {
        let words: Vec<&str> = row.split_whitespace().collect();
        let thread = usize::from(row.find(words[1]) > Some(13));
        solved.order.push(if thread == 0 { '1' } else { '2' });
        match words[1] {
            "load" => (registers[thread], is_stale[thread]) = (solved.counter, false),
            "add" => registers[thread] += 1,
            "store" => {
                if is_stale[thread] {
                    solved.overwrites.push(words[0].into());
                }
                is_stale[1 - thread] = true;
                solved.counter = registers[thread];
            }
            other => panic!("{other:?} in {row}"),
        }
        solved.rows[0].push(registers[thread]);
        solved.rows[1].push(solved.counter);
    }
    solved
}

#[test]
fn thirty_worksheets_differ_and_the_answers_are_those_of_the_orders_on_them() {
    let sheets = pages(&["--quiz", "--sheets", "30"]);
    let answers = pages(&["--quiz", "--sheets", "30", "--reveal"]).concat();
    let mut orders = HashSet::new();
    for (sheet, number) in sheets.iter().zip(1..) {
        assert!(sheet.len() <= 40, "longer than a page: {sheet:#?}");
        let Solved { order, counter, rows, overwrites } = solve(sheet);
        assert_eq!(order.len(), 12, "{sheet:#?}");
        assert!(orders.insert(order), "sheet {number} has the order of another one");
        let head = format!("Sheet {number}, ");
        let position = answers.iter().position(|line| line.starts_with(&head));
        let answer = &answers[position.unwrap_or_else(|| panic!("no {head:?}"))..][..4];
        let overwrites =
            if overwrites.is_empty() { "no step".into() } else { overwrites.join(", ") };
        let end = format!(".   2. {counter}, {} lost   3. {overwrites}", 4 - counter);
        assert!(answer[0].ends_with(&end), "{end:?} is not {answer:#?} of {sheet:#?}");
        for (row, values) in answer[2..].iter().zip(rows) {
            let row: Vec<usize> = row.split(' ').filter_map(|value| value.parse().ok()).collect();
            assert_eq!(row, values, "{answer:#?} of {sheet:#?}");
        }
        if number != 30 {
            continue;
        }
        // And the number on the sheet draws the same order again.
        let seed = sheet[2].rsplit(' ').next().unwrap_or_default();
        let again = lines(&["--quiz", "--increments", "2", "--seed", seed, "--reveal"]).join("\n");
        assert!(again.contains(&format!("ends at {counter}:")), "{again}");
    }
    assert_eq!(orders.len(), 30);
}

#[test]
fn all_orders_there_are_can_be_drawn_and_no_more() {
    let all = ["--quiz", "--increments", "1", "--sheets", "20", "--seed", "18446744073709551615"];
    assert_eq!(pages(&all).len(), 20);
}

#[test]
fn the_smallest_result_is_shown_with_its_order() {
    let arguments = ["--threads", "10", "--increments", "100", "--smallest"];
    check_line(&arguments, "It should end at 1,000, and ends at 2.");
    check_line(&["--smallest"], "It should end at 2, and ends at 1.");
}

#[test]
fn what_cannot_be_counted_is_wrong_usage() {
    let too_many = "more schedules than 128 bits can count";
    let cases: [(&[&str], &[&str]); 15] = [
        (
            &["--threads", "10", "--increments", "100"],
            &["10 threads, 100 increments each", too_many],
        ),
        (&["--threads", "18", "--steps", "load-store"], &["too long"]),
        (&["--threads", "1", "--increments", "1_000_000_000_000"], &["too long"]),
        (&["--threads", "1_000_000", "--increments", "1_000_000", "--smallest"], &["too long"]),
        (&["--threads", "0"], &["'0'", "--threads"]),
        (&["--every", "2", "--threads", "5"], &["table would be too large"]),
        (&["--quiz", "--increments", "50"], &["table would be too large"]),
        (&["--sheets", "30"], &["--quiz"]),
        (&["--quiz", "--sheets", "0"], &["'0'", "--sheets"]),
        (&["--quiz", "--sheets", "21", "--increments", "1"], &["at most 20 different sheets"]),
        (&["--quiz", "--sheets", "1_001"], &["at most 924 different sheets"]),
        (&["--quiz", "--sheets", "2", "--increments", "4"], &["too large for a page"]),
        (&["--quiz", "--seed", "one"], &["'one'", "--seed"]),
        (&["--reveal"], &["--quiz"]),
        (&["--steps", "store-load"], &["'store-load'", "load-add-store"]),
    ];
    for (arguments, named) in cases {
        check_wrong_usage(PROGRAM, arguments, named);
    }
    check_width(&run(PROGRAM, &["--help"]).well().stdout);
    check_head(PROGRAM, &[], 1);
}
