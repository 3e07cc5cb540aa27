//! Holds a lesson from its plan, on a projector or alone: a question, what the class says, the program
//! that answers it, and the sentence to say.

mod answers;
mod clock;
mod notes;
mod plan;
mod ready;
mod screen;
mod stage;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Arg, ArgMatches, Command};
use classroom::cargo;
use classroom::error::{Error, Result};
use classroom::lesson::{Summary, options};
use classroom::say;
use classroom::timeline::save::Target;
use classroom::words::{plural, wrapped};

use answers::{Given, Typed};
use clock::Clock;
use notes::Notes;
use plan::{Answer, PLANS, Plan, Step};
use ready::Executables;
use stage::Shown;

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
                .value_parser(options::count)
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

/// Where the lesson goes next.
enum Next {
    Step(usize),
    End,
}

/// What is done next within a step.
enum Then {
    /// The next part of the step.
    Enter,
    /// The program once more.
    Repeat,
    Go(Next),
}

/// A lesson that is being held.
struct Lesson<'a> {
    plan: &'a Plan,
    workspace: &'a Path,
    programs: Executables,
    clock: Clock,
    /// What was said at each step, also when somebody goes back to it.
    given: Vec<Given>,
    notes: Notes<'a>,
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
                "There is a file {target}, perhaps with the votes of a lesson: choose another name"
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

    // The step that is being taken, from 1; 0 before the first one.
    let at = Arc::new(AtomicUsize::new(0));
    let farewell = {
        let (name, at, target) = (name.clone(), Arc::clone(&at), target.clone());
        move || farewell(&name, at.load(Ordering::SeqCst), target.as_ref())
    };
    stage::listen_for_interrupts(farewell.clone())?;
    stage::clear();
    say!("{}\n", plan.title);
    let programs = ready::prepare(&plan, &workspace)?;
    say!("\n{}", screen::keys(&["Enter: begin", "quit"]));
    if typed()? != Typed::Enter {
        return Ok(ExitCode::SUCCESS);
    }

    let planned = plan.steps[..first].iter().rev().find_map(|step| step.minute);
    let mut lesson = Lesson {
        plan: &plan,
        workspace: &workspace,
        programs,
        clock: Clock::begin_at(planned),
        given: vec![Given::None; steps],
        notes: Notes::new(&plan, target.clone()),
    };
    let mut step = first - 1;
    while step < steps {
        at.store(step + 1, Ordering::SeqCst);
        match lesson.take(step)? {
            Next::Step(next) => step = next,
            Next::End => {
                say!("\n{}", farewell());
                return Ok(ExitCode::SUCCESS);
            }
        }
    }
    stage::clear();
    say!("That was the lesson; it took {}.", plural(lesson.clock.minutes_taken(), "minute"));
    if let Some(file) = target {
        say!("The votes and what the programs printed: {file}");
    }
    if let Some(after) = &plan.after {
        say!("{}", wrapped(after, ""));
    }
    say!("To go on at home: cargo run -p classroom -- exercises");
    Ok(ExitCode::SUCCESS)
}

/// What to say when a lesson ends before its last step.
fn farewell(lesson: &str, step: usize, notes: Option<&Target>) -> String {
    if step == 0 {
        return "The lesson has not begun.".into();
    }
    let notes = notes.filter(|notes| notes.exists());
    let notes = notes.map_or(String::new(), |notes| format!("The votes so far: {notes}\n"));
    format!(
        "{notes}The lesson ends at step {step}. To go on there:\n\
         cargo run -p classroom -- lesson {lesson} --step {step}"
    )
}

impl Lesson<'_> {
    /// Takes one step: asks, runs the program, and shows the votes beside the result.
    fn take(&mut self, number: usize) -> Result<Next> {
        let plan = self.plan;
        let step = &plan.steps[number];
        if let Then::Go(next) = self.ask(number)? {
            return Ok(next);
        }
        loop {
            let shown = self.run(step)?;
            if let Some(look) = screen::look(step, shown.has_ended_well) {
                say!(
                    "\n{look}\n{}",
                    screen::keys(&["Enter: the answer", "repeat", "back", "quit"])
                );
                match then(number)? {
                    Then::Enter => {}
                    Then::Repeat => continue,
                    Then::Go(next) => return Ok(next),
                }
            }
            let given = &self.given[number];
            let measured = shown.figures.as_ref().map(|figures| beside(given, figures));
            say!("{}", screen::answer(plan, step, given, measured.as_deref()));
            let printed = shown.printed.filter(|_| shown.has_ended_well);
            if let Some(advice) = screen::advice(step, printed.as_deref()) {
                say!("{advice}\n");
            }
            self.notes.take(number, given, printed.as_deref())?;
            match self.leave(number)? {
                Then::Enter => return Ok(Next::Step(number + 1)),
                Then::Repeat => {}
                Then::Go(next) => return Ok(next),
            }
        }
    }

    /// Asks the question, until it goes on to the program or elsewhere.
    fn ask(&mut self, number: usize) -> Result<Then> {
        let plan = self.plan;
        let step = &plan.steps[number];
        let mut note = None;
        loop {
            stage::clear();
            let given = &self.given[number];
            say!("{}", screen::question(plan, number, self.clock.minute(), given));
            if let Some(note) = note {
                say!("  {note}");
            }
            match typed_with(&step.answer, given)? {
                Typed::Enter if given.is_none() && note != Some(screen::unanswered(plan)) => {
                    note = Some(screen::unanswered(plan));
                }
                Typed::Enter => break,
                Typed::Repeat | Typed::Diff => {
                    note = Some("There is nothing to see again before the program has run.");
                }
                Typed::Answer(answer) => (self.given[number], note) = (answer, None),
                Typed::Back if number == 0 => note = Some("This is the first step."),
                Typed::Back => return Ok(Then::Go(Next::Step(number - 1))),
                Typed::Skip => return Ok(Then::Go(Next::Step(number + 1))),
                Typed::Quit => return Ok(Then::Go(Next::End)),
            }
        }
        if let (true, Some(tell)) = (step.is_played, &step.tell) {
            stage::clear();
            say!("{}\n\n{}\n", screen::typed(step), screen::bold(tell));
            say!("{}", screen::keys(&["Enter: play", "back", "skip", "quit"]));
            return then(number);
        }
        Ok(Then::Enter)
    }

    /// Runs the program of a step on a screen of its own.
    fn run(&self, step: &Step) -> Result<Shown> {
        stage::clear();
        say!("{}\n", screen::typed(step));
        let is_measured = matches!(step.answer, Answer::Seconds);
        let executable = &self.programs[step.program.name()];
        stage::run(executable, &step.program.arguments, step.is_played, is_measured)
    }

    /// Waits below the answer until it goes on.
    fn leave(&self, number: usize) -> Result<Then> {
        let diff = self.plan.steps[number].diff.as_ref();
        let words = ["Enter: go on", "repeat", "back", "quit", "diff"];
        let words = if diff.is_some() { &words[..] } else { &words[..4] };
        loop {
            say!("{}", screen::keys(words));
            match typed()? {
                Typed::Diff => {
                    stage::diff(diff, self.workspace);
                    say!("");
                }
                typed => return Ok(after(typed, number)),
            }
        }
    }
}

/// What is to be done after a program, as it is typed.
fn then(number: usize) -> Result<Then> {
    Ok(after(typed()?, number))
}

fn after(typed: Typed, number: usize) -> Then {
    match typed {
        Typed::Enter | Typed::Diff | Typed::Answer(_) => Then::Enter,
        Typed::Repeat => Then::Repeat,
        Typed::Back => Then::Go(Next::Step(number)),
        Typed::Skip => Then::Go(Next::Step(number + 1)),
        Typed::Quit => Then::Go(Next::End),
    }
}

/// A prediction beside what was measured and the bound.
fn beside(given: &Given, figures: &Summary) -> String {
    let lines = [
        ("you said", given.seconds()),
        ("measured", figures.number("seconds")),
        ("bound", figures.number("bound_seconds")),
    ];
    let lines = lines.into_iter().filter_map(|(what, seconds)| {
        seconds.map(|seconds| format!("  {what:<14}{seconds:>10.3} s\n"))
    });
    lines.collect()
}

/// What is typed next.
fn typed() -> Result<Typed> {
    read(None, &Given::None)
}

/// What is typed next where an answer may be, which changes the one before.
fn typed_with(answer: &Answer, before: &Given) -> Result<Typed> {
    read(Some(answer), before)
}

/// Reads what is typed. What is not understood is said, and asked for again.
fn read(answer: Option<&Answer>, before: &Given) -> Result<Typed> {
    loop {
        let Some(line) = stage::line()? else { return Ok(Typed::Quit) };
        match answers::read(&line, answer, before) {
            Ok(typed) => return Ok(typed),
            Err(how) => say!("  {how}"),
        }
    }
}
