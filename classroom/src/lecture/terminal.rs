//! The terminal of a lesson: one reader of lines, and the signals that arrive meanwhile.

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};
use basics::say;
use console::Term;
#[cfg(unix)]
use nix::sys::termios::{FlushArg, SetArg, tcflush, tcgetattr, tcsetattr};

use crate::children::{INTERRUPTED, end_running};
use crate::tty::is_screen;

/// No line that is understood is longer, in bytes.
const MOST: u64 = 10_000;

/// How long a signal may go unheard: while nobody reads what this program prints, it hears nothing.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the clock is looked at.
const TICK: Duration = Duration::from_secs(1);

/// Whether the lesson is being held, so that a signal is for it.
static IS_HELD: AtomicBool = AtomicBool::new(false);

/// Whether the last signal has been heard.
static IS_HEARD: AtomicBool = AtomicBool::new(false);

/// What comes from outside.
pub enum Event {
    Line(String),
    /// Nothing more can be typed.
    End,
    /// Ctrl-C.
    Interrupt,
    /// The system, or somebody else, wants this program to end.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there it looks like Ctrl-C"))]
    Terminate,
}

/// The terminal of a lesson.
pub struct Terminal {
    events: Receiver<Result<Event>>,
    /// Asks the reader for a line. It reads none by itself: they may be for a program that is played.
    request: Sender<()>,
    is_requested: bool,
}

impl Terminal {
    /// Listens for signals, and makes a reader of lines.
    ///
    /// # Errors
    ///
    /// The system has no threads for them.
    pub fn open() -> Result<Self> {
        let (events, coming) = mpsc::channel();
        let (request, requests) = mpsc::channel();
        listen_for_signals(events.clone())?;
        thread::Builder::new()
            .spawn(move || {
                while requests.recv().is_ok() {
                    if events.send(read_line()).is_err() {
                        break;
                    }
                }
            })
            .map_err(|_| Error::no_more_threads())?;
        Ok(Self { events: coming, request, is_requested: false })
    }

    /// From now on signals are for the lesson; before, they end this program.
    pub fn begin() {
        IS_HELD.store(true, Ordering::SeqCst);
    }

    /// The next line or signal. Meanwhile `tick` is called again and again.
    pub fn next(&mut self, mut tick: impl FnMut()) -> Result<Event> {
        // If nobody reads it, somebody may still be typing.
        let _ = write!(io::stdout(), "  > ").and_then(|()| io::stdout().flush());
        if !self.is_requested {
            self.is_requested = true;
            // Fails only if the reader has ended, which the wait below finds out.
            let _ = self.request.send(());
        }
        loop {
            match self.events.recv_timeout(TICK) {
                Err(RecvTimeoutError::Timeout) => tick(),
                Err(RecvTimeoutError::Disconnected) => return Ok(Event::End),
                Ok(event) => return self.hear(event),
            }
        }
    }

    /// A signal that has come while a program ran.
    pub fn signal(&mut self) -> Result<Option<Event>> {
        self.events.try_recv().ok().map(|event| self.hear(event)).transpose()
    }

    fn hear(&mut self, event: Result<Event>) -> Result<Event> {
        match event {
            Ok(Event::Interrupt | Event::Terminate) => IS_HEARD.store(true, Ordering::SeqCst),
            _ => self.is_requested = false,
        }
        event
    }
}

/// Sends each signal to the lesson. It ends this program if the lesson does not hear it, or is not held
/// yet.
fn handle(event: Event, events: &Sender<Result<Event>>) {
    IS_HEARD.store(false, Ordering::SeqCst);
    let sent = Instant::now();
    if IS_HELD.load(Ordering::SeqCst) && events.send(Ok(event)).is_ok() {
        while sent.elapsed() < PATIENCE {
            if IS_HEARD.load(Ordering::SeqCst) {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
    end_running();
    process::exit(INTERRUPTED.into());
}

#[cfg(unix)]
fn listen_for_signals(events: Sender<Result<Event>>) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
    use signal_hook::iterator::Signals;

    let mut signals = Signals::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
    let listen = move || {
        for signal in signals.forever() {
            let event = if signal == SIGINT { Event::Interrupt } else { Event::Terminate };
            handle(event, &events);
        }
    };
    thread::Builder::new().spawn(listen).map(drop).map_err(|_| Error::no_more_threads())
}

#[cfg(not(unix))]
fn listen_for_signals(events: Sender<Result<Event>>) -> Result<()> {
    crate::children::on_signal(move || handle(Event::Interrupt, &events))
}

/// A line that somebody types.
fn read_line() -> Result<Event> {
    let mut line = Vec::new();
    let read = io::stdin().lock().take(MOST).read_until(b'\n', &mut line);
    let length = read.map_err(|error| Error::new(format!("Cannot read what is typed: {error}")))?;
    if length == 0 {
        return Ok(Event::End);
    }
    Ok(Event::Line(String::from_utf8_lossy(&line).into_owned()))
}

/// Begins an empty screen; elsewhere than in a terminal, an empty line.
pub fn clear() {
    // Where it cannot be cleared, the next lines stand below the others.
    if !is_screen() || Term::stdout().clear_screen().is_err() {
        say!("");
    }
}

/// Whether there are colours.
pub fn has_colours() -> bool {
    is_screen() && env::var_os("NO_COLOR").is_none()
}

/// Writes the first lines of the screen anew, and leaves what is being typed alone.
pub fn rewrite(lines: &[String]) {
    if is_screen() {
        let lines: Vec<String> = lines.iter().map(|line| format!("{line}\x1b[K")).collect();
        // Fails only if the terminal is gone.
        let _ = Term::stdout().write_str(&format!("\x1b7\x1b[H{}\x1b8", lines.join("\r\n")));
    }
}

/// Leaves the screen of its own that a program had, and shows the cursor.
pub fn leave_screen() {
    if is_screen() {
        // Fails only if the terminal is gone.
        let _ = Term::stdout().write_str("\x1b[?1049l").and_then(|()| Term::stdout().show_cursor());
    }
}

/// Has the terminal show what is typed, or not: what is typed while a program runs does not belong into
/// its table.
pub fn echo(is_shown: bool) {
    #[cfg(unix)]
    if let Ok(mut terminal) = tcgetattr(io::stdin()) {
        terminal.local_flags.set(nix::sys::termios::LocalFlags::ECHO, is_shown);
        // Where it cannot be set, it is shown.
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &terminal);
    }
    #[cfg(not(unix))]
    let _ = is_shown;
}

/// Throws away what was typed while a program ran: it was not meant for what comes now. Where that
/// cannot be done, it is obeyed, which is no reason to end a lesson.
pub fn forget_typed() {
    #[cfg(unix)]
    let _ = tcflush(io::stdin(), FlushArg::TCIFLUSH);
}
