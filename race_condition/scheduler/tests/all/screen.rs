//! What the class sees, drawn into memory.

use std::collections::BTreeMap;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use scheduler::screen::Look;
use scheduler::{Game, LEVELS, Play, screen};

use super::game::after;

fn buffer(game: &Game, width: u16, height: u16, colour: bool) -> Buffer {
    let mut terminal =
        Terminal::new(TestBackend::new(width, height)).expect("memory can be drawn on");
    let look = Look { colour, in_lesson: false };
    terminal.draw(|frame| screen::draw(frame, game, look)).expect("memory can be drawn on");
    terminal.backend().buffer().clone()
}

/// The lines of the screen.
fn lines(game: &Game, width: u16, height: u16) -> Vec<String> {
    let buffer = buffer(game, width, height, true);
    let rows = buffer.content().chunks(usize::from(width));
    rows.map(|row| row.iter().map(Cell::symbol).collect()).collect()
}

/// The text of the screen, with the same space between all words.
fn text(game: &Game) -> String {
    lines(game, 80, 24).join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks that each of these texts is on the screen.
#[track_caller]
fn check_shown(game: &Game, texts: &[&str]) {
    let screen = text(game);
    for text in texts {
        assert!(screen.contains(text), "no {text:?} in {screen}");
    }
}

#[test]
fn the_goal_both_codes_the_marks_and_the_counter_are_seen() {
    let game = after(1, "112");
    check_shown(&game, &["Goal: Make two increments give 1.", "Level 1 of 12", " counter = 0 "]);
    check_shown(&game, &["Level 1, steps so far: 112"]);
    let lines = lines(&game, 80, 24);
    let code = |step: &str| {
        let line = lines.iter().find(|line| line.matches(step).count() == 2);
        line.cloned().unwrap_or_else(|| panic!("not twice {step:?}: {lines:#?}"))
    };
    let load = code("load   reg = counter");
    let add = code("add    reg = reg + 1");
    let store = code("store  counter = reg");
    // Thread 1 is about to store, thread 2 to add.
    assert!(!load.contains('>'), "{load}");
    assert_eq!(add.find('>').map(|column| column > 40), Some(true), "{add}");
    assert_eq!(store.find('>').map(|column| column < 40), Some(true), "{store}");
}

#[test]
fn what_came_of_a_key_is_seen() {
    check_shown(
        &after(5, "12"),
        &[
            "mutex A: held by thread 1",
            "! waits for A, held by thread 1",
            "No: Thread 2 must wait, because thread 1 holds mutex A.",
        ],
    );
    check_shown(&after(1, "121212"), &["Passed! The counter", "Passed 1 Level 1 of 12"]);
    let hint = "within reach up to step 2. Press u 4 times, or r.";
    check_shown(&after(1, "111222h"), &["Not yet. The counter ended at 2, not at 1.", hint]);
}

#[test]
fn what_is_next_and_the_counter_are_reversed_and_what_is_done_is_dim() {
    let buffer = buffer(&after(5, "112"), 80, 24, false);
    let rows: Vec<&[Cell]> = buffer.content().chunks(80).collect();
    let styled = |modifier: Modifier| -> Vec<String> {
        let cells = |row: &&[Cell]| -> String {
            let cells = row.iter().filter(|cell| cell.modifier.contains(modifier));
            cells.map(Cell::symbol).collect()
        };
        rows[1..rows.len() - 1].iter().map(cells).filter(|text| !text.is_empty()).collect()
    };
    // Thread 2 cannot take its step, so that is not reversed.
    assert_eq!(styled(Modifier::REVERSED), [" add    reg = reg + 1 ", " counter = 0 "]);
    assert_eq!(styled(Modifier::DIM), ["  lock   A", "  load   reg = counter"]);
}

#[test]
fn the_first_level_shows_one_line_until_it_is_opened() {
    let mut game = Game::new(0);
    let closed = text(&game);
    assert_eq!(closed.matches("> counter += 1").count(), 2, "{closed}");
    assert!(!closed.contains("store") && !closed.contains("reg ="), "{closed}");
    check_shown(&game, &["o open", "q quit"]);
    "12".chars().for_each(|key| game.press(key));
    check_shown(&game, &["o: open the line. Whole lines end like this."]);
    "ro".chars().for_each(|key| game.press(key));
    check_shown(&game, &["store counter = reg", "h hint"]);
}

/// The schedules of a level that leave the most to be read, as the keys that play them.
fn wordiest(level: usize) -> Vec<String> {
    fn finish(play: &Play, ends: &mut BTreeMap<(usize, String), String>) {
        if let Some(verdict) = play.verdict() {
            let text = format!("{} {}", verdict.end, verdict.why);
            let replay = play.to_string();
            let steps = replay.split_once(':').map_or("", |(_, steps)| steps);
            ends.insert((text.len(), text), steps.into());
        }
        for thread in play.level().machine.threads() {
            let mut next = play.clone();
            if next.step(thread).is_ok() {
                finish(&next, ends);
            }
        }
    }
    let mut ends = BTreeMap::new();
    finish(&Play::new(level), &mut ends);
    ends.into_values().rev().take(10).collect()
}

#[test]
fn nothing_is_cut_off() {
    for level in 0..LEVELS.len() {
        for steps in wordiest(level) {
            // The longest of all: the key of a thread that is not there is refused, too.
            for keys in [steps.clone(), format!("{steps}9")] {
                let game = after(level + 1, &keys);
                let play = game.play();
                let verdict = play.verdict().expect("the schedule is played to its end");
                let last = match (verdict.passed, level + 1 == LEVELS.len()) {
                    (true, true) => "all that you passed.",
                    (true, false) => "this again.",
                    (false, _) => "impossible.",
                };
                let replay = format!("-- --replay {play}");
                let (goal, about) = (play.level().goal, play.level().about);
                check_shown(&game, &[goal, about, &verdict.end, &verdict.why, &replay, last]);
                let refused = text(&game).contains("No: There is no thread 9");
                assert_eq!(refused, keys.ends_with('9'));
            }
        }
    }
}

#[test]
fn the_answer_to_a_claim_is_seen() {
    for (level, number) in LEVELS.iter().zip(1..) {
        let question = "Impossible? i again: yes, and you see the answer. Other keys: no.";
        check_shown(&after(number, "1i"), &[question]);
        let mut game = after(number, "ii");
        while game.is_refuting() {
            check_shown(
                &game,
                &[
                    "It can be done. This is an order that does it:",
                    "Any key ends it, and the level begins again.",
                ],
            );
            game.refute();
        }
        let verdict = game.play().verdict().expect("it is played to its end");
        let last = match level.why_not {
            "" => "r: now find an order yourself.",
            _ => "n: next level.",
        };
        check_shown(&game, &[&verdict.end, &verdict.why, last]);
        assert_eq!(text(&game).contains("Passed!"), !level.why_not.is_empty());
    }
}

#[test]
fn the_help_fits() {
    let help = lines(&after(1, "?"), 80, 24);
    assert!(help[1].contains("counter += 1 is one line of code, but three steps"), "{help:#?}");
    assert!(help[16].contains("if you are wrong, you will see why "), "{help:#?}");
    assert!(help[20].contains("Any key goes back to the level."), "{help:#?}");
}

#[test]
fn a_small_terminal_is_asked_to_grow() {
    for (width, height) in [(79, 24), (80, 23), (40, 10)] {
        let lines = lines(&after(1, ""), width, height).join(" ");
        let words = lines.split_whitespace().collect::<Vec<_>>().join(" ");
        let sentence = format!(
            "This needs a terminal of 80 x 24; this one has {width} x {height}. Make it larger",
        );
        assert!(words.starts_with(&sentence), "{words}");
    }
    // Too small for the sentence, but no reason to fail.
    lines(&after(1, ""), 1, 1);
}

#[test]
fn a_wide_terminal_shows_the_same_in_its_middle() {
    let small = lines(&after(5, "12"), 80, 24);
    let wide = lines(&after(5, "12"), 120, 39);
    for (small, wide) in small.iter().zip(&wide) {
        assert_eq!(small.trim(), wide.trim());
    }
}

#[test]
fn a_large_terminal_has_large_digits_and_the_steps_so_far() {
    let shown = lines(&after(9, "1212"), 200, 50);
    let row = |text: &str| {
        shown.iter().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{shown:#?}"))
    };
    assert_eq!(row("take   balance -= 60") - row("check  balance >= 60"), 2);
    let digits = &shown[row("balance =  ") - 2..][..5];
    let digits = digits.iter().map(|line| line.trim_matches([' ', '│']).replace("balance =", ""));
    let minus_20 = [
        "██████  ██████",
        "██  ██  ██",
        "██████  ██████  ██  ██",
        "██      ██  ██",
        "██████  ██████",
    ];
    for (digits, row) in digits.zip(minus_20) {
        assert!(digits.contains(row), "{shown:#?}");
    }
    assert_eq!(row("   4                      take   balance = -20"), row("step  Thread 1") + 5);
    // The longest schedule does not push the message away, nor itself out of the screen.
    let keys = "11122222221111";
    let shown = lines(&after(8, keys), 120, 40).join("\n");
    for text in
        ["Passed! The counter ended at 1.", "n: next level.", " 14  unlock A", "step  Thread"]
    {
        assert!(shown.contains(text), "no {text:?} in {shown}");
    }
}

#[test]
fn the_last_line_leads_back_to_a_lesson() {
    let screen = |in_lesson| {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("memory can be drawn on");
        let look = Look { colour: false, in_lesson };
        let game = after(4, "123123123");
        terminal.draw(|frame| screen::draw(frame, &game, look)).expect("memory can be drawn on");
        let cells: String =
            terminal.backend().buffer().content().iter().map(Cell::symbol).collect();
        cells
    };
    assert!(screen(true).ends_with("q back to the lesson") && !screen(true).contains("quit"));
    assert!(screen(false).trim_end().ends_with("q quit"));
}

#[test]
fn without_colour_the_words_are_the_same() {
    for keys in ["12", "1122", "1111122222", "ii"] {
        let game = after(5, keys);
        let [with, without] = [true, false].map(|colour| buffer(&game, 80, 24, colour));
        assert!(without.content().iter().all(|cell| cell.fg == Color::Reset));
        let symbols =
            |buffer: &Buffer| -> String { buffer.content().iter().map(Cell::symbol).collect() };
        assert_eq!(symbols(&with), symbols(&without));
    }
}
