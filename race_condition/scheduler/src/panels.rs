//! The framed parts of the screen: a panel for each thread, and one for what they share.

use std::iter::repeat_n;

use every_interleaving::{Machine, Refusal, State, Step, Thread};
use lesson::large::{ROWS, larger};
use lesson::words::capitalised;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

use crate::game::Game;

/// What the panels are drawn from, and how.
#[derive(Clone, Copy)]
pub struct Panels<'a> {
    pub game: &'a Game,
    pub colour: bool,
    /// Whether there is room for more than what is needed.
    pub large: bool,
}

impl Panels<'_> {
    fn machine(&self) -> &'static Machine {
        &self.game.play().level().machine
    }

    fn state(&self) -> &State {
        self.game.play().state()
    }

    /// The lines from one line of the code to the next one.
    fn spacing(&self) -> usize {
        if self.large { 2 } else { 1 }
    }

    /// The lines for the code of any of the threads. Short code is set apart from the register.
    fn code_height(&self) -> usize {
        let lengths = self.machine().threads().map(|thread| self.machine().code(thread).length());
        let longest = lengths.max().unwrap_or(0);
        if longest < 6 { longest + 1 } else { longest }
    }

    pub fn thread_height(&self) -> usize {
        self.code_height() * self.spacing() + 4
    }

    pub fn shared_height(&self) -> usize {
        if self.large { ROWS + 2 } else { 3 }
    }

    pub fn draw_thread(&self, frame: &mut Frame, thread: Thread, area: Rect) {
        let mut lines = Vec::new();
        for line in self.code(thread) {
            lines.push(line);
            lines.extend(repeat_n(Line::default(), self.spacing() - 1));
        }
        lines.resize(self.code_height() * self.spacing(), Line::default());
        let loads = self.machine().code(thread).body.contains(&Step::Load);
        lines.push(if loads && !self.game.is_closed() {
            let register = self.state().register(thread);
            let register = register.map_or("(nothing yet)".into(), |value| value.to_string());
            Line::from(vec!["  reg = ".into(), register.bold()])
        } else {
            Line::default()
        });
        lines.push(self.status(thread).into());
        let title = format!(" {} ", capitalised(thread)).bold();
        let panel = Paragraph::new(lines).block(Block::bordered().title(title));
        frame.render_widget(panel, area);
    }

    /// The code of a thread. From the back row: what is next is reversed, and what is done is dim.
    fn code(&self, thread: Thread) -> Vec<Line<'static>> {
        let (machine, state) = (self.machine(), self.state());
        let failed = self.game.play().failed_check(thread);
        // A thread that a check has ended stands behind its last line, but has not run all of them.
        let next = failed.map_or(state.line(thread), |check| check.before.line(thread) + 1);
        let can_go = machine.next(state, thread).is_ok();
        let line = |(text, number): (String, usize)| match number {
            number if number < next => Line::from(format!("  {text}")).dim(),
            _ if failed.is_some() => Line::from(format!("  {text}  (not run)")),
            number if number > next => Line::from(format!("  {text}")),
            _ if can_go => Line::from(vec![">".bold(), format!(" {text} ").bold().reversed()]),
            _ => Line::from(format!("> {text}")).bold(),
        };
        if self.game.is_closed() {
            return vec![line(("counter += 1".into(), 0))];
        }
        let (code, names) = (machine.code(thread), self.game.play().level().names);
        let steps = (0..).map_while(|number| Some((code.step(number)?.line(names), number)));
        steps.map(line).collect()
    }

    /// Whether a thread can take its next step, and why not.
    fn status(&self, thread: Thread) -> Span<'static> {
        let warning = match self.machine().next(self.state(), thread) {
            Ok(_) => return format!("  ready: press {}", thread.0 + 1).into(),
            Err(Refusal::Finished(_)) => {
                return match self.game.play().failed_check(thread).map(|check| check.step) {
                    Some(Step::Check(_)) => "  has not enough: takes nothing".into(),
                    Some(_) => "  finished without sleep".into(),
                    None => "  finished".into(),
                };
            }
            Err(Refusal::Waits { mutex, holder, .. }) => {
                format!("! waits for {mutex}, held by {holder}")
            }
            Err(Refusal::Sleeps(_)) => "! sleeps until it is woken".into(),
        };
        coloured(warning.bold(), self.colour, Color::Red)
    }

    pub fn draw_shared(&self, frame: &mut Frame, area: Rect) {
        let state = self.state();
        let [first, second] = self.game.play().level().names;
        let mut numbers = vec![(first, state.counter())];
        if !second.is_empty() {
            numbers.push((second, state.second()));
        }
        let mut mutexes = Vec::new();
        for mutex in self.machine().mutexes() {
            let holder = match self.machine().holder(state, mutex) {
                Some(holder) => format!("held by {holder}").bold(),
                None => "free".into(),
            };
            mutexes.extend([format!("    mutex {mutex}: ").into(), holder]);
        }
        let mut lines = if self.large { large(&numbers) } else { small(&numbers) };
        let middle = lines.len() / 2;
        lines[middle].extend(mutexes);
        let block = Block::bordered().title(" Shared by all threads ".bold());
        frame.render_widget(Paragraph::new(lines).block(block), area);
    }
}

/// Numbers with their names, in a line.
fn small(numbers: &[(&str, i64)]) -> Vec<Line<'static>> {
    let number = |(name, number): &(&str, i64)| {
        ["  ".into(), format!(" {name} = {number} ").bold().reversed()]
    };
    vec![numbers.iter().flat_map(number).collect()]
}

/// Numbers in large digits, with their names beside them.
fn large(numbers: &[(&str, i64)]) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default(); ROWS];
    for (name, number) in numbers {
        let name = format!("  {name} =  ");
        for (row, (line, digits)) in lines.iter_mut().zip(larger(*number)).enumerate() {
            let name = if row == ROWS / 2 { name.clone() } else { " ".repeat(name.len()) };
            line.extend([name.bold(), digits.bold()]);
        }
    }
    lines
}

pub fn coloured(text: Span<'static>, colour: bool, with: Color) -> Span<'static> {
    if colour { text.patch_style(Style::new().fg(with)) } else { text }
}
