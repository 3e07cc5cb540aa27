//! `scheduler`: you choose which thread takes its next step.
//!
//! - **Run** `cargo run -p scheduler`
//! - **See** twelve puzzles. In the first, two increments give 1. Some cannot be done: claim that, and
//!   all orders are tried; if you are wrong, you see one that does it. After `q` you see your steps as a
//!   picture.
//! - **Why** A lost update is no accident of timing: it is one of the orders that the system may
//!   choose. Choose one yourself, and you know what happens to `race_condition` when it loses one.
//!   Whether a bad order exists can be found out: the game tries all of them.
//! - **Diff** none: the code of the threads is in `levels.rs` and what a step does in `machine.rs` of
//!   `every_interleaving`.
//! - **Next** `cargo run -p race_condition`, where the system chooses.

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Arg, Command, value_parser};
use lesson::output::warn;
use lesson::{Result, say};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use scheduler::screen::Look;
use scheduler::{Game, LEVELS, Play, level_number, replay_command, screen};

/// How long one can look at each step of an order that refutes a claim.
const SHOWN: Duration = Duration::from_millis(900);

/// How long a signal may go unnoticed.
const LOOK: Duration = Duration::from_millis(100);

/// How long the game may take to end when it has been told to.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit status of a program that Ctrl-C has ended: 128 and the number of the signal.
const INTERRUPTED: u8 = 128 + 2;

/// The variable that a lesson sets when it starts the game: `q` leads back to it. If it is a path, the
/// lesson wants to find there what replays the level that was passed last.
const IN_LESSON: &str = "IN_LESSON";

/// The character of Ctrl-C.
const CTRL_C: char = '\u{3}';

fn command() -> Command {
    Command::new("scheduler")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Lets you choose which thread takes its next step.")
        .max_term_width(80)
        .arg(
            Arg::new("level")
                .long("level")
                .value_name("N")
                .value_parser(level_number)
                .help(format!("Start at this level, 1 to {} [default: 1]", LEVELS.len())),
        )
        .arg(
            Arg::new("replay")
                .long("replay")
                .value_name("LEVEL:STEPS")
                .value_parser(value_parser!(Play))
                .conflicts_with("level")
                .help("Print a schedule, such as 1:121212 or 5:i"),
        )
}

fn main() -> Result<ExitCode> {
    let matches = command().get_matches();
    if let Some(play) = matches.get_one::<Play>("replay") {
        for line in play.lines() {
            say!("{line}");
        }
        return Ok(ExitCode::SUCCESS);
    }
    // A dumb one shows what should move the cursor.
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if is_dumb || !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        warn(format_args!(
            "The game needs a terminal, and here is none; --replay 1:121212 prints a schedule \
             without one",
        ));
        return Ok(ExitCode::from(2));
    }
    let level = matches.get_one::<usize>("level").map_or(0, |number| number - 1);
    let signals = listen()?;
    // Puts the terminal back if the program panics, too.
    let mut game = Game::new(level);
    let ended = ratatui::try_init().and_then(|terminal| run(terminal, &mut game, &signals));
    let restored = ratatui::try_restore();
    let status = ended?;
    restored?;
    if let Some(last) = game.last_passed() {
        say!("What you have passed, to be seen again:\n");
        game.passed().for_each(|play| say!("{}", replay_command(play)));
        say!("\nThe last of it:\n");
        last.lines().iter().for_each(|line| say!("{line}"));
        let for_lesson = env::var_os(IN_LESSON).map(PathBuf::from);
        if let Some(file) = for_lesson.filter(|file| file.is_absolute()) {
            // Without it the lesson shows a schedule of its own.
            let _ = fs::write(file, last.to_string());
        }
    }
    Ok(ExitCode::from(status))
}

/// What other programs have told this one.
#[derive(Clone, Default)]
struct Signals {
    end: Arc<AtomicBool>,
    /// To go on after a stop, during which others have used the terminal.
    go_on: Arc<AtomicBool>,
}

/// Listens for signals: in the game Ctrl-C is a key like any other, so they come from elsewhere. Without
/// this they would leave behind a terminal that does not show what you type.
fn listen() -> Result<Signals> {
    let signals = Signals::default();
    let end = Arc::clone(&signals.end);
    ctrlc::set_handler(move || {
        end.store(true, Relaxed);
        // After a terminal has gone away, the wait for its next key has no end.
        thread::sleep(PATIENCE);
        process::exit(INTERRUPTED.into());
    })?;
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGCONT, SIGQUIT};
        signal_hook::flag::register(SIGQUIT, Arc::clone(&signals.end))?;
        signal_hook::flag::register(SIGCONT, Arc::clone(&signals.go_on))?;
    }
    Ok(signals)
}

/// Plays until the end; returns the exit status.
fn run(mut terminal: DefaultTerminal, game: &mut Game, signals: &Signals) -> io::Result<u8> {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let look = Look { colour: !is_set("NO_COLOR"), in_lesson: is_set(IN_LESSON) };
    let mut shown = Instant::now();
    loop {
        if signals.go_on.swap(false, Relaxed) {
            ratatui::try_restore()?;
            terminal = ratatui::try_init()?;
            terminal.clear()?;
        }
        terminal.draw(|frame| screen::draw(frame, game, look))?;
        if signals.end.load(Relaxed) {
            return Ok(INTERRUPTED);
        }
        if !event::poll(LOOK)? {
            if shown.elapsed() >= SHOWN {
                game.refute();
                shown = Instant::now();
            }
            continue;
        }
        let Event::Key(key) = event::read()? else { continue };
        match character(key) {
            Some(CTRL_C) => return Ok(INTERRUPTED),
            // A step that cannot be seen should not be taken.
            Some(key) if screen::fits(terminal.get_frame().area()) => {
                game.press(key);
                shown = Instant::now();
            }
            Some('q' | 'Q') => return Ok(0),
            _ => {}
        }
        if game.has_ended() {
            return Ok(0);
        }
    }
}

/// The character that a key stands for, if any.
fn character(key: KeyEvent) -> Option<char> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let held = key.modifiers - KeyModifiers::SHIFT;
    match key.code {
        KeyCode::Char('c' | 'C') if held == KeyModifiers::CONTROL => Some(CTRL_C),
        KeyCode::Char(character) if held.is_empty() => Some(character),
        // Keys without a character, which leave the help as any key does.
        KeyCode::Enter | KeyCode::Esc if held.is_empty() => Some(' '),
        _ => None,
    }
}
