//! Holds a lesson from its plan, on a projector or alone: a question, what the class says, the program
//! that answers it, and the sentence to say.

mod answers;
mod notes;
mod plan;
mod ready;
mod screen;
mod stage;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use clap::{Arg, ArgMatches, Command};
use classroom::cargo;
use classroom::error::Result;
use classroom::lesson::{Summary, options};
use classroom::say;
use classroom::timeline::save::Target;
use classroom::words::plural;

use answers::{Given, Typed};
use notes::Notes;
use plan::{Answer, PLANS, Plan, Step};
use ready::Executables;
use screen::Place;

/// The command line of `classroom lesson`.
pub fn command() -> Command {
    let [race, article] = PLANS.map(|(name, _)| name);
    Command::new("lesson")
        .about("Hold a lesson: questions, votes, the programs that answer")
        .after_help(
            "race: the race condition, for a class, 15 minutes\n\
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

/// Where the lesson goes after a step.
enum Next {
    Step(usize),
    End,
}

/// Holds the lesson.
pub fn hold(matches: &ArgMatches) -> Result<ExitCode> {
    let name: &String = matches.get_one("lesson").expect("the lesson is required");
    let file = PLANS.iter().find(|(plan, _)| plan == name).expect("clap knows the lessons").1;
    let target = matches.get_one::<Target>("save").cloned();
    if let Some(target) = &target {
        target.check()?;
    }
    let workspace = cargo::workspace()?;
    let plan = Plan::read(&workspace, file)?;
    let first: usize = *matches.get_one("step").expect("--step has a default");

    stage::listen_for_interrupts()?;
    stage::clear();
    say!("{}\n", plan.title);
    let programs = ready::prepare(&plan, &workspace)?;
    say!("\n{}", screen::keys(&["Enter: begin", "quit"]));
    if typed(None)? != Typed::Enter {
        return Ok(ExitCode::SUCCESS);
    }

    let saved = target.as_ref().map(ToString::to_string);
    let begin = Instant::now();
    let mut notes = Notes::new(&plan, target);
    let mut step = first.min(plan.steps.len()) - 1;
    loop {
        let place = Place { step, clock: begin.elapsed() };
        match take(&plan, place, &workspace, &programs, &mut notes)? {
            Next::Step(next) if next < plan.steps.len() => step = next,
            _ => break,
        }
    }
    stage::clear();
    let minutes = plural((begin.elapsed().as_secs() + 30) / 60, "minute");
    say!("That was the lesson; it took {minutes}.");
    if let Some(file) = saved {
        say!("The votes and what the programs printed: {file}");
    }
    say!("To go on at home: cargo run -p classroom -- exercises");
    Ok(ExitCode::SUCCESS)
}

/// Takes one step: asks, runs the program, and shows the votes beside the result.
fn take(
    plan: &Plan,
    place: Place,
    workspace: &Path,
    programs: &Executables,
    notes: &mut Notes,
) -> Result<Next> {
    let Place { step: number, .. } = place;
    let step = &plan.steps[number];
    let mut given = Given::None;
    loop {
        stage::clear();
        say!("{}", screen::question(plan, place, &given));
        match typed(Some(&step.answer))? {
            Typed::Enter => break,
            // There is nothing to see again before the program has run.
            Typed::Repeat | Typed::Diff => {}
            Typed::Answer(answer) => given = answer,
            Typed::Back => return Ok(Next::Step(number.saturating_sub(1))),
            Typed::Skip => return Ok(Next::Step(number + 1)),
            Typed::Quit => return Ok(Next::End),
        }
    }
    show(step, number, &given, programs, notes)?;
    loop {
        match typed(None)? {
            Typed::Repeat => show(step, number, &given, programs, notes)?,
            Typed::Diff => stage::diff(step.diff.as_ref(), workspace),
            Typed::Back => return Ok(Next::Step(number)),
            Typed::Quit => return Ok(Next::End),
            Typed::Enter | Typed::Skip | Typed::Answer(_) => return Ok(Next::Step(number + 1)),
        }
    }
}

/// Runs the program of a step, and shows below its output what was said and what there is to say.
fn show(
    step: &Step,
    number: usize,
    given: &Given,
    programs: &Executables,
    notes: &mut Notes,
) -> Result<()> {
    stage::clear();
    say!("{}\n", screen::typed(step));
    let is_measured = matches!(step.answer, Answer::Seconds);
    let executable = &programs[step.program.name()];
    let shown = stage::run(executable, &step.program.arguments, step.shows.is_some(), is_measured)?;
    let measured = shown.figures.as_ref().map(|figures| beside(given, figures));
    let misses =
        |text: &String| !shown.printed.as_ref().is_some_and(|printed| printed.contains(text));
    let result = screen::result(step, given, measured.as_deref());
    let lines = shown.printed.iter().chain([&result]).flat_map(|text| text.lines()).count();
    if !stage::has_room_for(lines) {
        // What the program has shown stands until everybody has seen it.
        say!("\n{}", screen::keys(&["Enter: the answer"]));
        stage::line()?;
    }
    say!("{result}");
    if let (true, Some(advice)) = (step.shows.as_ref().is_some_and(misses), &step.otherwise) {
        say!("{}", screen::indented(&format!("It did not show this time. {advice}"), 2));
    }
    notes.take(number, given, shown.printed.as_deref().or(measured.as_deref()))
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

/// What is typed next. What is not understood is said, and asked for again.
fn typed(answer: Option<&Answer>) -> Result<Typed> {
    loop {
        let Some(line) = stage::line()? else { return Ok(Typed::Quit) };
        match answers::read(&line, answer) {
            Ok(typed) => return Ok(typed),
            Err(how) => say!("  {how}"),
        }
    }
}
