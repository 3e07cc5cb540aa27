//! What the class sees: 80 columns by 24 lines, drawn anew after each key.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, Padding, Paragraph, Wrap};

use crate::game::{Game, Notice};
use crate::levels::LEVELS;
use crate::panels::{coloured, draw_shared, draw_thread, gap};
use crate::play::replay_command;

const WIDTH: u16 = 80; // columns
const HEIGHT: u16 = 24; // lines

const KEYS: &str = "u undo  r again  i impossible  n p level  ? help  q quit";

const HELP: &str = "\
counter += 1 is one line of code, but three steps of the machine:

  load   reads the counter, which all threads share, into a register of
         the thread's own
  add    adds 1 to that register; the counter does not change
  store  writes the register into the counter, whatever is there now

Between two steps of a thread, others may take steps. The program does not
choose which thread is next. In this game you do. A mutex is held by one
thread at a time: a thread that wants it must wait until it is unlocked.

  1 2 3  this thread takes its next step, the line marked with >
  o      on level 1: open the line counter += 1 into its three steps
  u r    take the last step back; begin this level again
  h      hint: is the goal still within reach?
  i      claim that it is impossible; if you are wrong, you will see why
  n p    next level, previous level
  q      quit, and see the commands that replay what you have passed

Any key goes back to the level.";

/// Whether the game can be drawn in so much room.
pub fn fits(area: Rect) -> bool {
    area.width >= WIDTH && area.height >= HEIGHT
}

/// Draws the game. Without `colour` nothing is lost: colour repeats what words and marks say.
pub fn draw(frame: &mut Frame, game: &Game, colour: bool) {
    let area = frame.area();
    if !fits(area) {
        let sentence = format!(
            "This needs a terminal of {WIDTH} x {HEIGHT}; this one has {} x {}. Make it larger, or \
             its letters smaller. q quits.",
            area.width, area.height,
        );
        frame.render_widget(Paragraph::new(sentence).wrap(Wrap { trim: true }), area);
        return;
    }
    // A wide terminal would tear the threads apart that are to be compared.
    let area = Rect::new(area.x + (area.width - WIDTH) / 2, area.y, WIDTH, HEIGHT);
    if game.shows_help() {
        let block = Block::bordered().title(" You are the scheduler ".bold());
        let block = block.padding(Padding::horizontal(1));
        frame.render_widget(Paragraph::new(HELP).block(block), area);
        return;
    }

    let machine = game.play().level().machine;
    let code = u16::try_from(machine.longest()).expect("the code of a level is short");
    let gap = gap(machine);
    let [head, threads, shared, schedule, message, keys] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(code + gap + 4),
        Constraint::Length(3),
        Constraint::Length(1),
        Constraint::Min(4),
        Constraint::Length(1),
    ])
    .areas(area);

    draw_head(frame, game, head);
    let panels = Layout::horizontal(machine.threads().map(|_| Constraint::Fill(1))).split(threads);
    for (thread, panel) in machine.threads().zip(panels.iter()) {
        draw_thread(frame, game, thread, *panel, colour);
    }
    draw_shared(frame, game, shared);
    frame.render_widget(draw_schedule(game), schedule);
    draw_message(frame, game, message, colour);
    let numbers: Vec<String> = machine.threads().map(|thread| (thread.0 + 1).to_string()).collect();
    let first = if game.is_closed() { "o open" } else { "h hint" };
    let bar = format!(" {} step  {first}  {KEYS}", numbers.join(" "));
    frame.render_widget(Paragraph::new(bar).reversed(), keys);
}

/// The steps taken so far, and at their end the command that shows them again.
fn draw_schedule(game: &Game) -> String {
    let play = game.play();
    if play.verdict().is_some() {
        return format!(" {}", replay_command(play));
    }
    let steps: String = play.steps().map(|taken| (taken.thread.0 + 1).to_string()).collect();
    format!(" Level {}, steps so far: {steps}", play.number() + 1)
}

fn draw_head(frame: &mut Frame, game: &Game, area: Rect) {
    let level = game.play().level();
    let passed: Vec<String> = game.passed().map(|number| number.to_string()).collect();
    let mut place = format!("Level {} of {} ", game.play().number() + 1, LEVELS.len());
    if !passed.is_empty() {
        place = format!("Passed {}   {place}", passed.join(" "));
    }
    let title = " You are the scheduler";
    let room = usize::from(area.width) - title.len();
    let lines = vec![
        Line::from(vec![title.bold(), format!("{place:>room$}").into()]).reversed(),
        Line::from(vec![" Goal: ".bold(), level.goal.bold()]),
        Line::from(format!(" {}", level.about)),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}

/// What came of the last key, and at the end of the schedule what came of that.
fn draw_message(frame: &mut Frame, game: &Game, area: Rect, colour: bool) {
    let mut lines: Vec<Line> = Vec::new();
    let verdict = game.play().verdict();
    if game.is_refuting() {
        lines.push("It can be done. This is an order that does it:".bold().into());
    }
    match game.notice() {
        Notice::Refused(sentence) => {
            let sentence = format!("No: {sentence}").bold();
            lines.push(coloured(sentence, colour, Color::Red).into());
        }
        Notice::Done(sentence) if verdict.is_none() => lines.push(sentence.as_str().into()),
        Notice::Hint(sentence) if verdict.is_none() => lines.push(sentence.as_str().bold().into()),
        Notice::Done(_) | Notice::Hint(_) => {}
    }
    if let Some(verdict) = verdict {
        let passed = verdict.passed && !game.has_refuted();
        let end = match passed {
            true => coloured(format!("Passed! {}", verdict.end).bold(), colour, Color::Green),
            false if verdict.passed => format!("So it can be done. {}", verdict.end).bold(),
            false => format!("Not yet. {}", verdict.end).bold(),
        };
        lines.extend([end.into(), verdict.why.into()]);
        let last = game.play().number() + 1 == LEVELS.len();
        lines.push(match game.notice() {
            Notice::Hint(sentence) => sentence.as_str().bold().into(),
            _ if passed && last => "This was the last level. q shows all that you passed.".into(),
            _ if passed => "n: next level. The command above shows this again.".into(),
            _ if verdict.passed => "r: now find an order yourself.".into(),
            _ if game.is_closed() => "o: open the line. Whole lines end like this.".into(),
            _ => "u: one step back. r: again. h: was it within reach? i: it is impossible.".into(),
        });
    } else if game.is_refuting() {
        lines.push("Any key ends it, and the level begins again.".into());
    }
    let inside = Rect { x: area.x + 1, width: area.width - 2, ..area };
    frame.render_widget(Paragraph::new(lines).wrap(Wrap { trim: true }), inside);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::buffer::{Buffer, Cell};
    use ratatui::style::Modifier;

    use super::*;
    use crate::play::Play;

    fn buffer(game: &Game, width: u16, height: u16, colour: bool) -> Buffer {
        let mut terminal =
            Terminal::new(TestBackend::new(width, height)).expect("memory can be drawn on");
        terminal.draw(|frame| draw(frame, game, colour)).expect("memory can be drawn on");
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
        let lines = lines(game, WIDTH, HEIGHT).join(" ");
        lines.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// After these keys; the first level is open.
    fn after(level: usize, keys: &str) -> Game {
        let mut game = Game::new(level - 1);
        if level == 1 {
            game.press('o');
        }
        keys.chars().for_each(|key| game.press(key));
        game
    }

    #[test]
    fn the_goal_both_codes_the_marks_and_the_counter_are_seen() {
        let lines = lines(&after(1, "112"), WIDTH, HEIGHT);
        let seen = |what: &str| lines.iter().filter(|line| line.contains(what)).count();
        assert_eq!(seen("Goal: Make two increments give 1."), 1, "{lines:#?}");
        assert_eq!(seen("Level 1 of 9"), 1, "{lines:#?}");
        assert_eq!(seen("counter = 0"), 1, "{lines:#?}");
        assert_eq!(seen("Level 1, steps so far: 112"), 1, "{lines:#?}");
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
    fn a_mutex_shows_who_holds_it_and_who_waits() {
        let text = text(&after(5, "12"));
        assert!(text.contains("mutex A: held by thread 1"), "{text}");
        assert!(text.contains("! waits for A, held by thread 1"), "{text}");
        assert!(text.contains("No: Thread 2 must wait, because thread 1 holds mutex A."), "{text}");
    }

    #[test]
    fn a_win_says_so_and_shows_its_string() {
        let text = text(&after(1, "121212"));
        assert!(text.contains("Passed! The counter ended at 1."), "{text}");
        assert!(text.contains("Thread 1 read 0 and wrote 1, thread 2 read 0 and"), "{text}");
        assert!(text.contains("--replay 1:121212"), "{text}");
        assert!(text.contains("Passed 1 Level 1 of 9"), "{text}");
    }

    #[test]
    fn a_miss_says_what_to_do_and_a_hint_how_far_back_to_go() {
        let miss = text(&after(1, "111222"));
        assert!(miss.contains("Not yet. The counter ended at 2, not at 1."), "{miss}");
        assert!(miss.contains("h: was it within reach? i: it is impossible."), "{miss}");
        let hint = text(&after(1, "111222h"));
        assert!(hint.contains("within reach up to step 2. Press u 4 times, or r."), "{hint}");
        // Whether the goal can be reached is not given away.
        assert!(text(&after(5, "1111122222")).contains("h: was it within reach? i: it is"));
    }

    #[test]
    fn what_is_next_and_the_counter_are_reversed_and_what_is_done_is_dim() {
        let buffer = buffer(&after(5, "112"), WIDTH, HEIGHT, false);
        let rows: Vec<&[Cell]> = buffer.content().chunks(usize::from(WIDTH)).collect();
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
        assert!(closed.contains("o open") && closed.contains("q quit"), "{closed}");
        "12".chars().for_each(|key| game.press(key));
        assert!(text(&game).contains("o: open the line."), "{}", text(&game));
        game.press('r');
        game.press('o');
        let open = text(&game);
        assert!(open.contains("store counter = reg") && !open.contains("o open"), "{open}");
    }

    #[test]
    fn a_claim_is_answered() {
        let claimed = text(&after(5, "i"));
        for words in [
            "Passed! It is impossible, as you have claimed.",
            "Of 252 orders of the steps the lock leaves 2.",
            "--replay 5:i",
        ] {
            assert!(claimed.contains(words), "no {words:?} in {claimed}");
        }
        let mut game = after(8, "i");
        assert!(text(&game).contains("It can be done. This is an order that does it:"));
        while game.is_refuting() {
            game.refute();
        }
        let refuted = text(&game);
        assert!(refuted.contains("So it can be done. The counter ended at 1."), "{refuted}");
        assert!(refuted.contains("r: now find an order yourself."), "{refuted}");
        assert!(!refuted.contains("Passed"), "{refuted}");
    }

    /// The schedules of a level that leave the most to be read, as the keys that play them.
    fn wordiest(level: usize) -> Vec<String> {
        fn finish(play: &Play, ends: &mut BTreeMap<(usize, String), String>) {
            if let Some(verdict) = play.verdict() {
                let text = format!("{} {}", verdict.end, verdict.why);
                let steps = play.to_string().split_off(2);
                ends.insert((text.len(), text), steps);
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
                    let (screen, play) = (text(&game), game.play());
                    let verdict = play.verdict().expect("the schedule is played to its end");
                    let last = if verdict.passed { "this again." } else { "impossible." };
                    let last = match (verdict.passed, level + 1 == LEVELS.len()) {
                        (true, true) => "all that you passed.",
                        _ => last,
                    };
                    let replay = format!("-- --replay {play}");
                    let (goal, about) = (play.level().goal, play.level().about);
                    let words = [goal, about, &verdict.end, &verdict.why, &replay, last, "q quit"];
                    for words in words {
                        assert!(screen.contains(words), "no {words:?} in {screen}");
                    }
                    assert_eq!(screen.contains("No: There is no thread 9"), keys.ends_with('9'));
                }
            }
        }
    }

    #[test]
    fn no_answer_to_a_claim_is_cut_off() {
        for number in 1..=LEVELS.len() {
            let mut game = after(number, "i");
            while game.is_refuting() {
                let screen = text(&game);
                assert!(
                    screen.contains("Any key ends it, and the level begins again."),
                    "{screen}"
                );
                game.refute();
            }
            let (screen, verdict) = (text(&game), game.play().verdict());
            let verdict = verdict.expect("it is played to its end");
            for words in [&*verdict.end, &verdict.why, "q quit"] {
                assert!(screen.contains(words), "no {words:?} in {screen}");
            }
        }
    }

    #[test]
    fn the_help_fits() {
        let lines = lines(&after(1, "?"), WIDTH, HEIGHT);
        for line in HELP.lines() {
            assert!(lines.iter().any(|shown| shown.contains(line)), "no {line:?} in {lines:#?}");
        }
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
    fn a_large_terminal_shows_the_same_in_its_middle() {
        let small = lines(&after(5, "12"), WIDTH, HEIGHT);
        let large = lines(&after(5, "12"), 120, 40);
        for (small, large) in small.iter().zip(&large) {
            assert_eq!(small.trim(), large.trim());
        }
    }

    #[test]
    fn without_colour_the_words_are_the_same() {
        for keys in ["12", "1122", "1111122222", "i"] {
            let game = after(5, keys);
            let [with, without] = [true, false].map(|colour| buffer(&game, WIDTH, HEIGHT, colour));
            assert!(without.content().iter().all(|cell| cell.fg == Color::Reset));
            let symbols =
                |buffer: &Buffer| -> String { buffer.content().iter().map(Cell::symbol).collect() };
            assert_eq!(symbols(&with), symbols(&without));
        }
    }
}
