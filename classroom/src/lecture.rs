//! Holds a lesson from its plan, on a projector or alone: a question, what the class says, the program
//! that answers it, and the sentence to say.

mod begin;
mod changes;
mod class;
mod command;
mod draw;
mod ending;
mod files;
mod input;
mod notes;
mod plan;
mod prepare;
mod program;
mod questions;
mod race;
mod record;
mod saying;
mod screen;
mod state;
mod terminal;
#[cfg(test)]
mod tests;
mod texts;
mod votes;

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode};
use std::time::Duration;

use basics::error::{Error, Result};
use basics::parse;
use basics::say;
use basics::words::{COLUMNS, fill};
use clap_derive::Args;
use timeline::save::Target;

use crate::cargo::{self, Executables, quoted};
use crate::children::{INTERRUPTED, run_to_end};
use crate::claims::page_target;
use crate::tty::is_screen;
use class::Room;
use command::Command;
use files::{kept_file, notes_of, plan_file};
use plan::Plan;
use program::Mode;
use questions::Question;
use record::{Record, now};
use state::{Action, Lesson, Place};
use terminal::{Event, Terminal};

/// How long a picture may take.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Args)]
#[command(
    arg_required_else_help = true,
    after_help = "race: the race condition, for a class, 20 minutes\n\
                  waiting: waiting and computing, for a class, 25 minutes\n\
                  article: the eight programs in the article's order, to predict and run alone\n\
                  How to write a plan of your own: classroom/pages/plans.md"
)]
pub struct Options {
    /// race, waiting, article, or the file of a plan: .json
    lesson: String,
    /// Build all it needs, check this machine, say what to do
    #[arg(long)]
    prepare: bool,
    /// Print all questions, with what is right and what to say
    #[arg(long, conflicts_with = "prepare")]
    script: bool,
    /// Begin here; a lesson of today keeps its clock and votes
    #[arg(long, value_name = "N", value_parser = parse::count)]
    step: Option<usize>,
    /// Save the votes and results: .html
    #[arg(long, value_name = "FILE", value_parser = page_target)]
    save: Option<Target>,
    /// Let phones vote, race and play; it asks before
    #[arg(long, conflicts_with = "script")]
    phones: bool,
    /// This computer in the network of the phones
    #[arg(long, value_name = "IP", requires = "phones")]
    address: Option<Ipv4Addr>,
}

/// What holds a lesson.
struct Lecture<'a> {
    lesson: Lesson<'a>,
    /// How the lesson is called on the command line.
    name: &'a str,
    workspace: &'a Path,
    executables: &'a Executables,
    /// Where the lesson is kept.
    kept: PathBuf,
    notes: Option<Target>,
    terminal: Terminal,
    /// The phones, if they may come in.
    room: Option<Room>,
    /// Whether it was asked if they may.
    has_asked: bool,
}

/// Holds the lesson, prepares it, or prints its script.
pub fn hold(options: Options) -> Result<ExitCode> {
    let workspace = cargo::workspace()?;
    let plan = Plan::read(&plan_file(&workspace, &options.lesson))?;
    if options.script {
        notes::say_script(&plan);
        return Ok(ExitCode::SUCCESS);
    }
    let steps = plan.steps.len();
    let first = options.step.unwrap_or(1) - 1;
    if first >= steps {
        return Err(Error::new(format!("There is no step {}: this lesson has {steps}", first + 1)));
    }
    let questions = Question::all(&workspace)?;
    let name = &quoted(&options.lesson);
    let terminal = Terminal::open()?;
    if options.prepare {
        let phones = if options.phones { " --phones" } else { "" };
        prepare::prepare(&plan, &questions, &workspace, &format!("{name}{phones}"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let network = options.network(&plan)?;
    let kept = kept_file(&workspace, &options.lesson);
    let record = options.step.and_then(|_| Record::kept(&kept, &plan));
    let notes = notes_of(&options, record.as_ref())?;
    say!("{}\n", plan.title);
    let executables = prepare::build(&workspace, plan.commands().map(Command::program))?;
    let goes_on = record.is_some();
    let mut record = record.unwrap_or_else(|| Record::new(&plan));
    record.step = first;
    let place = Lesson::beginning(&plan, first);
    let lesson = Lesson::new(&plan, &questions, record, place);
    let executables = &executables;
    let workspace = &workspace;
    let has_asked = network.is_some();
    let room = None;
    let mut lecture =
        Lecture { lesson, name, workspace, executables, kept, notes, terminal, room, has_asked };
    if !lecture.begin(goes_on, network.as_ref())? {
        return Ok(ExitCode::SUCCESS);
    }
    lecture.hold()
}

impl Lecture<'_> {
    /// Holds the lesson to its end.
    fn hold(&mut self) -> Result<ExitCode> {
        loop {
            if let Some(room) = &mut self.room {
                room.follow(&self.lesson);
                room.look(&mut self.lesson);
            }
            self.keep();
            self.draw();
            let action = match self.next()? {
                Event::Line(line) => self.obey(&line),
                Event::Interrupt => self.lesson.interrupt(),
                Event::End => Action::Leave,
                Event::Terminate => return Ok(self.leave(INTERRUPTED)),
            };
            let is_last = match action {
                Action::Draw => false,
                Action::Leave => return Ok(self.leave(0)),
                Action::Run(step) => self.run(step).unwrap_or_else(|error| {
                    self.lesson.say(format!("It does not run: {error}"));
                    false
                }),
                Action::Prove(command) => self.prove(&command)?,
                Action::Diff(step) => {
                    let changes = self.changes(step);
                    self.lesson.show_changes(changes);
                    false
                }
            };
            if is_last {
                return Ok(self.leave(INTERRUPTED));
            }
        }
    }

    /// Does what was typed. With Enter at an open vote the votes of the phones are counted.
    fn obey(&mut self, line: &str) -> Action {
        if let Some(room) = &mut self.room {
            if line.trim().is_empty() {
                room.close();
            }
            room.look(&mut self.lesson);
        }
        self.lesson.obey(line)
    }

    /// The next line or signal; meanwhile the clock goes on, and the phones vote.
    fn next(&mut self) -> Result<Event> {
        let is_below = self.lesson.is_below_a_game();
        let Self { lesson, room, terminal, .. } = self;
        let mut shown = screen::screen(lesson, now());
        terminal.next(|| {
            if let Some(room) = room {
                room.look(lesson);
            }
            let screen = screen::screen(lesson, now());
            if screen != shown && screen.len() == shown.len() && !is_below {
                terminal::rewrite(&screen);
                shown = screen;
            }
        })
    }

    fn draw(&self) {
        if !self.lesson.is_below_a_game() {
            terminal::clear();
        }
        say!("{}", screen::screen(&self.lesson, now()).join("\n"));
    }

    /// Keeps the lesson in its file, and in the notes; returns whether it is kept. If that fails, it goes
    /// on without.
    fn keep(&mut self) -> bool {
        let kept = self.lesson.record.keep(&self.kept);
        let is_kept = kept.is_ok();
        let write = |target: &Target| {
            let page = notes::notes(self.lesson.plan, &self.lesson.record);
            target.write(|file| file.write_all(page.as_bytes()))
        };
        let has_begun = self.lesson.record.answered() > 0;
        let noted = self.notes.as_ref().filter(|_| has_begun).map_or(Ok(()), write);
        if let Err(error) = kept.and(noted) {
            self.lesson.say(format!("This is not saved: {error}"));
        }
        is_kept
    }

    /// Runs the program of a step; returns whether the lesson ends with it.
    fn run(&mut self, number: usize) -> Result<bool> {
        let step = &self.lesson.plan.steps[number];
        let Some(command) = &step.run else { return Ok(false) };
        let mode = match step {
            _ if step.played => Mode::Played,
            _ if step.measures() => Mode::Measured,
            _ => Mode::Shown,
        };
        if let Some(room) = self.room.as_ref().filter(|_| !step.played) {
            room.close();
        }
        terminal::clear();
        let head = screen::head(&self.lesson, now());
        say!("{}", [head, screen::command(step)].concat().join("\n"));
        let run = self.start(self.executables, command, mode)?;
        let picture = match &step.picture {
            Some(picture) if !run.is_last => {
                self.picture(&picture.replaying(run.replay.as_deref()))?
            }
            _ => None,
        };
        let is_last = run.is_last;
        self.lesson.has_run(number, run, picture);
        if self.stands_above() {
            self.lesson.shown.clear();
        }
        Ok(is_last)
    }

    /// Runs what proves the answer to a question; returns whether the lesson ends with it.
    fn prove(&mut self, command: &Command) -> Result<bool> {
        terminal::clear();
        say!("{}\n", draw::dim(&format!("$ {command}")));
        // Only `--prepare` has built it before.
        let executables = match prepare::build(self.workspace, [command.program()].into_iter()) {
            Ok(executables) => executables,
            Err(error) => {
                self.lesson.say(error.to_string().lines().next().unwrap_or_default());
                return Ok(false);
            }
        };
        let mut run = self.start(&executables, command, Mode::Shown)?;
        let is_last = run.is_last;
        if self.stands_above() {
            run.lines.clear();
        }
        self.lesson.has_proved(run);
        Ok(is_last)
    }

    fn start(
        &mut self,
        executables: &Executables,
        command: &Command,
        mode: Mode,
    ) -> Result<program::Demonstration> {
        let executable = executables.path(command.program())?;
        program::run(executable, &command.arguments, mode, &mut self.terminal)
    }

    /// Whether what a program has printed stays above the next screen. With phones that is always as
    /// long as the terminal.
    fn stands_above(&self) -> bool {
        !is_screen() && self.room.is_none()
    }

    /// What a command prints; nothing if it fails.
    fn picture(&self, command: &Command) -> Result<Option<String>> {
        let mut process = Process::new(self.executables.path(command.program())?);
        let output = run_to_end(process.args(&command.arguments), Some(PATIENCE));
        Ok(output.ok().filter(|output| output.status.success()).map(|output| output.stdout))
    }

    fn changes(&self, step: usize) -> Result<Vec<String>> {
        let Some([before, after]) = &self.lesson.plan.steps[step].diff else {
            return Ok(Vec::new());
        };
        let read = |file: &String| {
            fs::read_to_string(self.workspace.join(file))
                .map_err(|error| Error::new(format!("Cannot read {file}: {error}")))
        };
        Ok(changes::changes(&read(before)?, &read(after)?))
    }

    /// Says how the lesson ends, and how it can go on.
    fn leave(&mut self, status: u8) -> ExitCode {
        self.lesson.note = None;
        let is_kept = self.keep();
        say!("");
        if let Some(note) = &self.lesson.note {
            say!("{note}");
        }
        if let Some(notes) = self.notes.as_ref().filter(|notes| notes.release()) {
            say!("What was said and what the programs printed: {notes}");
        }
        if self.lesson.place == Place::End {
            let after = self.lesson.plan.after.iter();
            after.for_each(|after| say!("{}", fill(after, COLUMNS, "", "")));
        } else if is_kept {
            let step = self.lesson.record.step + 1;
            say!("The lesson ends here, and is kept. To go on with step {step}:");
            let asked = if self.has_asked { " --phones" } else { "" };
            let phones = self.room.as_ref().map_or(asked.into(), Room::options);
            say!("cargo run -p classroom -- lesson {} --step {step}{phones}", self.name);
        }
        ExitCode::from(status)
    }
}
