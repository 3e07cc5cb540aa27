//! The framed parts of the screen: a panel for each thread, and one for what they share.

use every_interleaving::{Machine, Refusal, Step, Thread};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use crate::game::Game;
use crate::verdict::capitalised;

/// The lines for the code of any of the threads. Short code is set apart from the register.
pub fn code_height(machine: &Machine) -> usize {
    let longest = machine.threads().map(|thread| machine.code(thread).length()).max().unwrap_or(0);
    if longest < 6 { longest + 1 } else { longest }
}

pub fn draw_thread(frame: &mut Frame, game: &Game, thread: Thread, area: Rect, colour: bool) {
    let (machine, state) = (&game.play().level().machine, game.play().state());
    let code = machine.code(thread);
    let next = state.line(thread);
    let can_go = machine.next(state, thread).is_ok();
    // From the back row: what is next is reversed, and what is done is dim.
    let line = |text: String, number: usize| match number {
        number if number < next => Line::from(format!("  {text}")).dim(),
        number if number > next => Line::from(format!("  {text}")),
        _ if can_go => Line::from(vec![">".bold(), format!(" {text} ").bold().reversed()]),
        _ => Line::from(format!("> {text}")).bold(),
    };
    let steps = (0..).map_while(|number| Some((number, code.step(number)?)));
    let mut lines: Vec<Line> = if game.is_closed() {
        vec![line("counter += 1".into(), 0)]
    } else {
        steps.map(|(number, step)| line(step.to_string(), number)).collect()
    };
    lines.resize(code_height(machine), Line::default());
    if code.body.contains(&Step::Load) && !game.is_closed() {
        let register = state.register(thread);
        let register = register.map_or("(nothing yet)".into(), |value| value.to_string());
        lines.push(Line::from(vec!["  reg = ".into(), register.bold()]));
    } else {
        lines.push(Line::default());
    }
    let status = match machine.next(state, thread) {
        Ok(_) => Span::from(format!("  ready: press {}", thread.0 + 1)),
        Err(Refusal::Finished(_)) => "  finished".into(),
        Err(Refusal::Waits { mutex, holder, .. }) => {
            coloured(format!("! waits for {mutex}, held by {holder}").bold(), colour, Color::Red)
        }
    };
    lines.push(status.into());
    let title = format!(" {} ", capitalised(thread));
    frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(title.bold())), area);
}

pub fn draw_shared(frame: &mut Frame, game: &Game, area: Rect) {
    let (machine, state) = (&game.play().level().machine, game.play().state());
    let number = format!(" {} = {} ", game.play().level().shared, state.counter());
    let mut shared = vec!["  ".into(), number.bold().reversed()];
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
