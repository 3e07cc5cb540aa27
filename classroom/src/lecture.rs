//! Holds a lecture from its plan, on a projector or alone: a question, what the class says, the program
//! that answers it, and the sentence to say.

mod answers;
mod clock;
mod notes;
mod plan;
mod ready;
mod screen;
mod stage;
mod steps;
mod terminal;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use basics::error::{Error, Result};
use basics::parse;
use basics::say;
use basics::words::{COLUMNS, fill, plural};
use clap_derive::{Args, ValueEnum};
use timeline::save::Target;

use crate::cargo::{self, Executables, quoted};
use crate::claims::page_target;
use answers::Input;
use plan::Plan;
use steps::Lecture;

#[derive(Args)]
#[command(
    arg_required_else_help = true,
    after_help = "race: the race condition, for a class, 15 minutes or more\n\
                  article: the eight programs in the article's order, to predict and run alone"
)]
pub struct Options {
    /// Which one
    lesson: Subject,
    /// Begin with this step
    #[arg(long, value_name = "N", value_parser = parse::count, default_value = "1")]
    step: usize,
    /// Save the votes and results: .html
    #[arg(long, value_name = "FILE", value_parser = page_target)]
    save: Option<Target>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    Race,
    Article,
}

impl Subject {
    /// Its name on the command line, and the file of its plan in the workspace.
    fn name_and_file(self) -> (&'static str, &'static str) {
        match self {
            Self::Race => ("race", "race_condition/lesson.json"),
            Self::Article => ("article", "classroom/article.json"),
        }
    }
}

/// Holds the lecture.
pub fn hold(Options { lesson, step: first, save }: Options) -> Result<ExitCode> {
    if let Some(target) = &save {
        target.check()?;
        target.reserve()?;
        target.release();
    }
    let (name, file) = lesson.name_and_file();
    let workspace = cargo::workspace()?;
    let plan = Plan::read(&workspace, file)?;
    let steps = plan.steps.len();
    if first > steps {
        return Err(Error::new(format!("There is no step {first}: this lesson has {steps}")));
    }

    let next = Arc::new(AtomicUsize::new(0));
    let farewell = {
        let (next, save) = (Arc::clone(&next), save.clone());
        move || farewell(name, next.load(Ordering::SeqCst).min(steps), save.as_ref())
    };
    stage::listen_for_interrupts(farewell.clone())?;
    let Some(executables) = begin(&plan, &workspace)? else { return Ok(ExitCode::SUCCESS) };
    if let Some(target) = &save {
        // Another lesson may have taken the name meanwhile.
        target.reserve()?;
    }
    let mut lecture = Lecture::new(&plan, &workspace, executables, next, save, first);
    let mut step = first - 1;
    while step < steps {
        match lecture.take(step) {
            Ok(Some(next)) => step = next,
            end => {
                say!("\n{}", farewell());
                return end.map(|_| ExitCode::SUCCESS);
            }
        }
    }
    say_end(&lecture, first == 1);
    Ok(ExitCode::SUCCESS)
}

/// Gets everything ready and waits for Enter; returns nothing if the lecture is not to begin.
fn begin(plan: &Plan, workspace: &Path) -> Result<Option<Executables>> {
    terminal::clear();
    say!("{}\n", plan.title);
    let executables = ready::prepare(plan, workspace)?;
    say!("\n{}", screen::keys(&["Enter: begin", "quit"]));
    terminal::forget_typed();
    loop {
        match terminal::input(None)? {
            Input::Enter => return Ok(Some(executables)),
            Input::Quit => return Ok(None),
            _ => say!("  There is nothing before the first question."),
        }
    }
}

/// What to say after the last step.
fn say_end(lecture: &Lecture, is_whole: bool) {
    terminal::clear();
    if is_whole {
        say!("That was the lesson; it took {}.\n", plural(lecture.clock.minutes_taken(), "minute"));
    } else {
        say!("That was the lesson.\n");
    }
    let times = lecture.all_times();
    if !times.is_empty() {
        say!("{times}");
    }
    if let Some(file) = lecture.notes.target.as_ref().filter(|file| file.release()) {
        say!("What was said and what the programs printed: {file}");
    }
    if let Some(after) = &lecture.plan.after {
        say!("{}", fill(after, COLUMNS, "", ""));
    }
    say!("To go on: cargo run -p classroom -- exercises");
}

/// What to say when a lecture ends before its last step, and which one comes next; 0 if it has not
/// begun.
fn farewell(name: &str, step: usize, notes: Option<&Target>) -> String {
    if step == 0 {
        return "The lesson has not begun.".into();
    }
    let mut said = String::new();
    let mut save = String::new();
    if let Some(notes) = notes.filter(|notes| notes.release()) {
        said = format!("What was said so far: {notes}\n");
        save = format!(" --save {}", quoted(&notes.another().to_string()));
    }
    format!(
        "{said}The lesson ends here. To go on with step {step}:\n\
         cargo run -p classroom -- lesson {name} --step {step}{save}"
    )
}
