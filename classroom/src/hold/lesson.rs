//! A lesson that is being held, step by step.

use std::path::Path;

use classroom::error::Result;
use classroom::lesson::Summary;
use classroom::say;

use super::answers::{self, Given, Typed};
use super::clock::Clock;
use super::notes::Notes;
use super::plan::{Answer, Plan, Step};
use super::ready::Executables;
use super::screen;
use super::stage::{self, Shown};

/// Where the lesson goes next.
pub enum Next {
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
pub struct Lesson<'a> {
    pub plan: &'a Plan,
    pub workspace: &'a Path,
    pub programs: Executables,
    pub clock: Clock,
    /// What was said at each step, also when somebody goes back to it.
    pub given: Vec<Given>,
    pub notes: Notes<'a>,
}

impl Lesson<'_> {
    /// Takes one step: asks, runs the program, and shows the votes beside the result.
    pub fn take(&mut self, number: usize) -> Result<Next> {
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
pub fn typed() -> Result<Typed> {
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
