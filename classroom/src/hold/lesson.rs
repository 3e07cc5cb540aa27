//! A lesson that is being held, step by step.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use basics::error::Result;
use basics::say;
use lesson::Summary;

use super::answers::{self, Asked, Given, Typed};
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
    /// The number of the step with which the lesson goes on if it ends now, from 1.
    pub next: Arc<AtomicUsize>,
    /// What was said at each step, also when somebody goes back to it.
    pub given: Vec<Given>,
    /// What the program of each step has printed, if it came to its end.
    pub printed: Vec<Option<String>>,
    /// The seconds that each step took, if they were measured.
    pub measured: Vec<Option<f64>>,
    pub notes: Notes<'a>,
}

impl Lesson<'_> {
    /// Takes one step: asks, runs the program, and shows the votes beside the result.
    pub fn take(&mut self, number: usize) -> Result<Next> {
        let plan = self.plan;
        let step = &plan.steps[number];
        self.next.store(number + 1, Ordering::SeqCst);
        if let Then::Go(next) = self.ask(number)? {
            return Ok(next);
        }
        loop {
            let shown = self.run(step)?;
            let printed = shown.printed.filter(|_| shown.has_ended_well);
            if printed.is_some() {
                self.printed[number].clone_from(&printed);
                self.notes.write(&self.given, &self.printed);
            }
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
            let times = shown.figures.as_ref().map(|figures| self.times(number, figures));
            let given = &self.given[number];
            say!("{}", screen::answer(plan, step, given, times.as_deref()));
            if let Some(advice) = screen::advice(step, printed.as_deref()) {
                say!("{advice}\n");
            }
            self.next.store(number + 2, Ordering::SeqCst);
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
            let is_vote = plan.is_for_a_class();
            match read(Some(&Asked { answer: &step.answer, before: given, is_vote }))? {
                Typed::Enter if given.is_none() && note != Some(screen::unanswered(plan)) => {
                    note = Some(screen::unanswered(plan));
                }
                Typed::Enter => break,
                Typed::Repeat | Typed::Diff => {
                    note = Some("There is nothing to see again before the program has run.");
                }
                Typed::Answer(answer) => {
                    (self.given[number], note) = (answer, None);
                    self.notes.write(&self.given, &self.printed);
                }
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

    /// A prediction beside what was measured, the bound, and the time of the program that this one is
    /// compared with.
    fn times(&mut self, number: usize, figures: &Summary) -> String {
        self.measured[number] = figures.number("seconds");
        let other = self.plan.compared_with(number);
        let lines = [
            ("you said", self.given[number].seconds()),
            ("measured", self.measured[number]),
            ("bound", figures.number("bound_seconds")),
            (
                other.map_or("", |other| &self.plan.steps[other].program.package),
                other.and_then(|other| self.measured[other]),
            ),
        ];
        let lines = lines.into_iter().filter_map(|(what, seconds)| {
            seconds.map(|seconds| format!("  {what:<20}{seconds:>10.3} s\n"))
        });
        lines.collect()
    }

    /// All predictions and times, if there are any.
    pub fn all_times(&self) -> String {
        let steps = self.plan.steps.iter().zip(&self.given).zip(&self.measured);
        let lines = steps.filter_map(|((step, given), measured)| {
            let said = given.seconds().map_or(String::new(), |said| format!("{said:.3} s"));
            let package = &step.program.package;
            measured.map(|measured| format!("{package:<20}{said:>12}{measured:>10.3} s\n"))
        });
        let lines: String = lines.collect();
        if lines.is_empty() {
            lines
        } else {
            format!("{:20}{:>12}{:>12}\n{lines}", "", "you said", "measured")
        }
    }

    /// Waits below the answer until it goes on.
    fn leave(&self, number: usize) -> Result<Then> {
        let diff = self.plan.steps[number].diff.as_ref();
        let words = ["Enter: go on", "repeat", "back", "quit", "diff"];
        let words = if diff.is_some() { &words[..] } else { &words[..4] };
        loop {
            say!("{}", screen::keys(words));
            if let Some(then) = after(&typed()?, number) {
                return Ok(then);
            }
            stage::diff(diff, self.workspace)?;
            say!("");
        }
    }
}

/// What is to be done after a program, as it is typed.
fn then(number: usize) -> Result<Then> {
    loop {
        if let Some(then) = after(&typed()?, number) {
            return Ok(then);
        }
        say!("  There are no two files to compare here.");
    }
}

/// What was typed, as something to do; nothing if two files are to be compared.
fn after(typed: &Typed, number: usize) -> Option<Then> {
    Some(match typed {
        Typed::Diff => return None,
        Typed::Enter | Typed::Answer(_) => Then::Enter,
        Typed::Repeat => Then::Repeat,
        Typed::Back => Then::Go(Next::Step(number)),
        Typed::Skip => Then::Go(Next::Step(number + 1)),
        Typed::Quit => Then::Go(Next::End),
    })
}

/// What is typed next, where nothing is asked.
pub fn typed() -> Result<Typed> {
    read(None)
}

/// Reads what is typed. What is not understood is said, and asked for again.
fn read(asked: Option<&Asked>) -> Result<Typed> {
    loop {
        let Some(line) = stage::line()? else { return Ok(Typed::Quit) };
        match answers::read(&line, asked) {
            Ok(typed) => return Ok(typed),
            Err(how) => say!("  {how}"),
        }
    }
}
