//! What the class sees: 80 columns by 24 lines, drawn anew after each key.

use every_interleaving::LEVELS;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, Padding, Paragraph, Wrap};

use crate::game::{Game, Notice};
use crate::panels::{code_height, coloured, draw_shared, draw_thread};
use crate::play::{Play, replay_command};

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
        return ask_for_room(frame);
    }
    // A wide terminal would tear the threads apart that are to be compared.
    let area = Rect::new(area.x + (area.width - WIDTH) / 2, area.y, WIDTH, HEIGHT);
    if game.shows_help() {
        let block = Block::bordered().title(" You are the scheduler ".bold());
        let block = block.padding(Padding::horizontal(1));
        return frame.render_widget(Paragraph::new(HELP).block(block), area);
    }
    let machine = &game.play().level().machine;
    let code = u16::try_from(code_height(machine)).expect("the code of a level is short");
    let [head, threads, shared, schedule, message, keys] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(code + 4),
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
    frame.render_widget(schedule_line(game.play()), schedule);
    draw_message(frame, game, message, colour);
    let numbers: Vec<String> = machine.threads().map(|thread| (thread.0 + 1).to_string()).collect();
    let first = if game.is_closed() { "o open" } else { "h hint" };
    let bar = format!(" {} step  {first}  {KEYS}", numbers.join(" "));
    frame.render_widget(Paragraph::new(bar).reversed(), keys);
}

fn ask_for_room(frame: &mut Frame) {
    let Rect { width, height, .. } = frame.area();
    let sentence = format!(
        "This needs a terminal of {WIDTH} x {HEIGHT}; this one has {width} x {height}. Make it \
         larger, or its letters smaller. q quits.",
    );
    frame.render_widget(Paragraph::new(sentence).wrap(Wrap { trim: true }), frame.area());
}

/// The steps taken so far, and at their end the command that shows them again.
fn schedule_line(play: &Play) -> String {
    if play.verdict().is_some() {
        return format!(" {}", replay_command(play));
    }
    format!(" Level {}", play.to_string().replace(':', ", steps so far: "))
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
