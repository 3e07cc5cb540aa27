//! The framed parts of the screen: a panel for each thread, and one for what they share.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use crate::game::Game;
use crate::machine::{Machine, Refusal, Thread};
use crate::verdict::capitalised;

/// How many lines set the register apart from the code: long code leaves no room for it.
pub fn gap(machine: Machine) -> u16 {
    u16::from(machine.longest() < 6)
}

pub fn draw_thread(frame: &mut Frame, game: &Game, thread: Thread, area: Rect, colour: bool) {
    let (machine, state) = (game.play().level().machine, game.play().state());
    let code = machine.code(thread);
    let line = |(number, step)| {
        let text = format!("{step}");
        match state.line(thread) {
            next if number == next => Line::from(format!("> {text}")).bold(),
            _ => Line::from(format!("  {text}")),
        }
    };
    let mut lines: Vec<Line> =
        (0..).map_while(|number| Some((number, code.step(number)?))).map(line).collect();
    lines.resize(machine.longest() + usize::from(gap(machine)), Line::default());
    let register = state.register(thread).map_or("(nothing yet)".into(), |value| value.to_string());
    lines.push(Line::from(vec!["  reg = ".into(), register.bold()]));
    let status = match machine.next(state, thread) {
        Ok(_) => Span::from(format!("  ready: press {}", thread.0 + 1)),
        Err(Refusal::Finished(_)) => "  finished".into(),
        Err(Refusal::Waits { mutex, holder, .. }) => {
            coloured(format!("! waits for {mutex}, held by {holder}").bold(), colour, Color::Red)
        }
    };
    lines.push(status.into());
    let title = format!(" {} ", capitalised(&thread.to_string()));
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(title.bold())), area);
}

pub fn draw_shared(frame: &mut Frame, game: &Game, area: Rect) {
    let (machine, state) = (game.play().level().machine, game.play().state());
    let mut shared = vec!["  counter = ".into(), state.counter().to_string().bold()];
    for mutex in machine.mutexes() {
        let holder = match machine.holder(state, mutex) {
            Some(holder) => format!("held by {holder}").bold(),
            None => "free".into(),
        };
        shared.push(format!("      mutex {mutex}: ").into());
        shared.push(holder);
    }
    let block = Block::bordered().title(" Shared by all threads ".bold());
    frame.render_widget(Paragraph::new(Line::from(shared)).block(block), area);
}

pub fn coloured(text: Span<'static>, colour: bool, with: Color) -> Span<'static> {
    if colour { text.patch_style(Style::new().fg(with)) } else { text }
}
