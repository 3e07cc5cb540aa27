//! What the class sees: 80 columns by 24 lines or more, drawn anew after each key.

use every_interleaving::LEVELS;
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, Padding, Paragraph, Wrap};

use crate::game::{Game, Notice};
use crate::panels::{Panels, coloured};
use crate::play::{Play, replay_command};

const WIDTH: u16 = 80; // columns
const HEIGHT: u16 = 24; // lines

/// Where everything can be larger.
const LARGE: (u16, u16) = (120, 40);

/// The widest that the game is drawn: further apart the threads could not be compared.
const WIDEST: u16 = 160; // columns

/// How the game is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Without colour nothing is lost: it repeats what words and marks say.
    pub colour: bool,
    /// Whether `q` leads back to a lesson.
    pub in_lesson: bool,
}

const CLAIM: &str = "Impossible? i again: yes, and you see the answer. Other keys: no.";
const QUIT: &str = "Leave? q again: yes, and these steps are lost. Other keys: no.";

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
  u r    take the last step back; begin this level again, and u undoes that
  h      hint: is the goal still within reach?
  i i    claim that it is impossible; if you are wrong, you will see why
  n p    next level, previous level; each keeps its steps
  q      leave the game, and see what you have passed as a picture

Any key goes back to the level.";

/// Whether the game can be drawn in so much room.
pub fn fits(area: Rect) -> bool {
    area.width >= WIDTH && area.height >= HEIGHT
}

/// Draws the game.
pub fn draw(frame: &mut Frame, game: &Game, look: Look) {
    let area = frame.area();
    if !fits(area) {
        return ask_for_room(frame);
    }
    let large = area.width >= LARGE.0 && area.height >= LARGE.1;
    let (width, height) =
        if large { (area.width.min(WIDEST), area.height) } else { (WIDTH, HEIGHT) };
    let area = Rect::new(area.x + (area.width - width) / 2, area.y, width, height);
    if game.shows_help() {
        let block = Block::bordered().title(" You are the scheduler ".bold());
        let block = block.padding(Padding::horizontal(1));
        return frame.render_widget(Paragraph::new(HELP).block(block), area);
    }
    let machine = &game.play().level().machine;
    let panels = Panels { game, colour: look.colour, large };
    let lines = |height| Constraint::Length(u16::try_from(height).unwrap_or(u16::MAX));
    let [head, threads, shared, schedule, message, history, keys] = Layout::vertical([
        Constraint::Length(3),
        lines(panels.thread_height()),
        lines(panels.shared_height()),
        Constraint::Length(1),
        if large { Constraint::Length(7) } else { Constraint::Min(4) },
        if large { Constraint::Min(0) } else { Constraint::Length(0) },
        Constraint::Length(1),
    ])
    .areas(area);
    draw_head(frame, game, head);
    let areas = Layout::horizontal(machine.threads().map(|_| Constraint::Fill(1))).split(threads);
    for (thread, area) in machine.threads().zip(areas.iter()) {
        panels.draw_thread(frame, thread, *area);
    }
    panels.draw_shared(frame, shared);
    frame.render_widget(schedule_line(game.play()), schedule);
    draw_message(frame, game, message, look);
    draw_history(frame, game.play(), history);
    frame.render_widget(Paragraph::new(key_bar(game, look)).reversed(), keys);
}

fn key_bar(game: &Game, look: Look) -> String {
    let threads = game.play().level().machine.threads();
    let numbers: Vec<String> = threads.map(|thread| (thread.0 + 1).to_string()).collect();
    let first = if game.is_closed() { "o open" } else { "h hint" };
    let last =
        if look.in_lesson { "? help  q back to the lesson" } else { "n p level  ? help  q quit" };
    format!(" {} step  {first}  u undo  r again  i impossible  {last}", numbers.join(" "))
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
    let passed: Vec<String> = game.passed().map(|play| (play.number() + 1).to_string()).collect();
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

/// The steps taken so far as a table, the last ones if there is no room for all.
fn draw_history(frame: &mut Frame, play: &Play, area: Rect) {
    let (mut lines, height) = (play.table(), usize::from(area.height));
    if play.moves().is_empty() || height < 2 {
        return;
    }
    lines.drain(1..lines.len().saturating_sub(height - 1).max(1));
    let lines: Vec<Line> = lines.into_iter().map(Line::from).collect();
    frame.render_widget(Paragraph::new(lines), area);
}

/// What came of the last key, and at the end of the schedule what came of that.
fn draw_message(frame: &mut Frame, game: &Game, area: Rect, look: Look) {
    let mut lines: Vec<Line> = Vec::new();
    let verdict = game.play().verdict();
    if game.is_refuting() {
        lines.push("It can be done. This is an order that does it:".bold().into());
    }
    match game.notice() {
        Notice::Refused(sentence) => {
            let sentence = format!("No: {sentence}").bold();
            lines.push(coloured(sentence, look.colour, Color::Red).into());
        }
        Notice::Done(sentence) if verdict.is_none() => lines.push(sentence.as_str().into()),
        Notice::Hint(sentence) if verdict.is_none() => lines.push(sentence.as_str().bold().into()),
        Notice::AsksToClaim if verdict.is_none() => lines.push(CLAIM.bold().into()),
        Notice::AsksToQuit if verdict.is_none() => lines.push(QUIT.bold().into()),
        _ => {}
    }
    if let Some(verdict) = verdict {
        let passed = verdict.passed && !game.has_refuted();
        let end = match passed {
            true => coloured(format!("Passed! {}", verdict.end).bold(), look.colour, Color::Green),
            false if verdict.passed => format!("So it can be done. {}", verdict.end).bold(),
            false => format!("Not yet. {}", verdict.end).bold(),
        };
        lines.extend([end.into(), verdict.why.into()]);
        let last = game.play().number() + 1 == LEVELS.len();
        lines.push(match game.notice() {
            Notice::Hint(sentence) => sentence.as_str().bold().into(),
            Notice::AsksToClaim => CLAIM.bold().into(),
            Notice::AsksToQuit => QUIT.bold().into(),
            _ if passed && look.in_lesson => "q: back to the lesson.   n: next level.".into(),
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
