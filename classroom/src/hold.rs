//! Holds a lesson from its plan, on a projector or alone: a question, what the class says, the program
//! that answers it, and the sentence to say.

mod answers;
mod clock;
mod lesson;
mod notes;
mod plan;
mod ready;
mod screen;
mod stage;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cargo;
use basics::error::{Error, Result};
use basics::parse;
use basics::say;
use basics::words::{plural, COLUMNS, fill};
use clap::{Arg, ArgMatches, Command};
use timeline::save::Target;

use answers::{Given, Typed};
use clock::Clock;
use lesson::{Lesson, Next, typed};
use notes::Notes;
use plan::{PLANS, Plan};

/// The command line of `classroom lesson`.
pub fn command() -> Command {
    let [race, article] = PLANS.map(|(name, _)| name);
    Command::new("lesson")
        .about("Hold a lesson: questions, votes, the programs that answer")
        .arg_required_else_help(true)
        .after_help(
            "race: the race condition, for a class, 15 minutes or more\n\
             article: the eight programs in the article's order, to predict and run alone",
        )
        .arg(
            Arg::new("lesson")
                .value_name("LESSON")
                .required(true)
                .value_parser([race, article])
                .help("Which one"),
        )
        .arg(
            Arg::new("step")
                .long("step")
                .value_name("N")
                .value_parser(parse::count)
                .default_value("1")
                .help("Begin with this step"),
        )
        .arg(
            Arg::new("save")
                .long("save")
                .value_name("FILE")
                .value_parser(notes::target)
                .help("Save the votes and results: .html"),
        )
}

/// Holds the lesson.
pub fn hold(matches: &ArgMatches) -> Result<ExitCode> {
    let name: &String = matches.get_one("lesson").expect("the lesson is required");
    let file = PLANS.iter().find(|(plan, _)| plan == name).expect("clap knows the lessons").1;
    let target = matches.get_one::<Target>("save").cloned();
    if let Some(target) = &target {
        target.check()?;
        if target.exists() {
            return Err(Error::new(format!(
                "There is a file {target} already; choose another name"
            )));
        }
    }
    let workspace = cargo::workspace()?;
    let plan = Plan::read(&workspace, file)?;
    let first: usize = *matches.get_one("step").expect("--step has a default");
    let steps = plan.steps.len();
    if first > steps {
        return Err(Error::new(format!("There is no step {first}: this lesson has {steps}")));
    }

    let next = Arc::new(AtomicUsize::new(0));
    let farewell = {
        let (name, next, target) = (name.clone(), Arc::clone(&next), target.clone());
        move || farewell(&name, next.load(Ordering::SeqCst).min(steps), target.as_ref())
    };
    stage::listen_for_interrupts(farewell.clone())?;
    stage::clear();
    say!("{}\n", plan.title);
    let programs = ready::prepare(&plan, &workspace)?;
    say!("\n{}", screen::keys(&["Enter: begin", "quit"]));
    stage::forget_typed();
    loop {
        match typed()? {
            Typed::Enter => break,
            Typed::Quit => return Ok(ExitCode::SUCCESS),
            _ => say!("  There is nothing before the first question."),
        }
    }

    let planned = plan.steps[..first].iter().rev().find_map(|step| step.minute);
    let mut lesson = Lesson {
        plan: &plan,
        workspace: &workspace,
        programs,
        clock: Clock::begin_at(planned),
        next: Arc::clone(&next),
        given: vec![Given::None; steps],
        printed: vec![None; steps],
        measured: vec![None; steps],
        notes: Notes::new(&plan, target.clone()),
    };
    let mut step = first - 1;
    while step < steps {
        match lesson.take(step)? {
            Next::Step(next) => step = next,
            Next::End => {
                say!("\n{}", farewell());
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    say_end(&lesson, first == 1, target.as_ref());
    Ok(ExitCode::SUCCESS)
}

/// What to say after the last step.
fn say_end(lesson: &Lesson, is_whole: bool, notes: Option<&Target>) {
    stage::clear();
    if is_whole {
        say!("That was the lesson; it took {}.\n", plural(lesson.clock.minutes_taken(), "minute"));
    } else {
        say!("That was the lesson.\n");
    }
    let times = lesson.all_times();
    if !times.is_empty() {
        say!("{times}");
    }
    if let Some(file) = notes {
        say!("What was said and what the programs printed: {file}");
    }
    if let Some(after) = &lesson.plan.after {
        say!("{}", fill(after, COLUMNS, "", ""));
    }
    say!("To go on: cargo run -p classroom -- exercises");
}

/// What to say when a lesson ends before its last step, and which one comes next; 0 if it has not
/// begun.
fn farewell(lesson: &str, step: usize, notes: Option<&Target>) -> String {
    if step == 0 {
        return "The lesson has not begun.".into();
    }
    let mut said = String::new();
    let mut save = String::new();
    if let Some(notes) = notes.filter(|notes| notes.exists()) {
        said = format!("What was said so far: {notes}\n");
        save = format!(" --save {}", notes.another());
    }
    format!(
        "{said}The lesson ends here. To go on with step {step}:\n\
         cargo run -p classroom -- lesson {lesson} --step {step}{save}"
    )
}
