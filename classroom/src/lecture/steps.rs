//! A lecture that is being held, step by step.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use basics::error::Result;
use basics::say;
use lesson::Summary;
use timeline::save::Target;

use super::answers::{Input, Prediction, Question};
use super::clock::Clock;
use super::notes::Notes;
use super::plan::{Plan, Step};
use super::stage::{self, Demonstration};
use super::{screen, terminal};
use crate::cargo::Executables;
use crate::children::is_told_to_end;

/// A lecture that is being held.
pub struct Lecture<'a> {
    pub plan: &'a Plan,
    workspace: &'a Path,
    executables: Executables,
    pub clock: Clock,
    /// The number of the step with which the lecture goes on if it ends now, from 1.
    next: Arc<AtomicUsize>,
    /// What was said at each step, also when somebody goes back to it.
    predictions: Vec<Prediction>,
    /// What the program of each step has printed, if it came to its end.
    printed: Vec<Option<String>>,
    /// The seconds that each step took, if they were measured.
    measured: Vec<Option<f64>>,
    pub notes: Notes<'a>,
}

impl<'a> Lecture<'a> {
    /// A lecture that now begins with the step `first`, counted from 1.
    pub fn new(
        plan: &'a Plan,
        workspace: &'a Path,
        executables: Executables,
        next: Arc<AtomicUsize>,
        notes: Option<Target>,
        first: usize,
    ) -> Self {
        let steps = plan.steps.len();
        let planned = plan.steps[..first].iter().rev().find_map(|step| step.minute);
        Self {
            plan,
            workspace,
            executables,
            clock: Clock::begin_at(planned),
            next,
            predictions: vec![Prediction::None; steps],
            printed: vec![None; steps],
            measured: vec![None; steps],
            notes: Notes::new(plan, notes),
        }
    }

    /// Takes one step: asks, runs the program, and shows the votes beside the result. Returns the step
    /// to go on with, or nothing at the end.
    pub fn take(&mut self, number: usize) -> Result<Option<usize>> {
        self.next.store(number + 1, Ordering::SeqCst);
        match self.ask(number)? {
            Input::Back => return Ok(Some(number - 1)),
            Input::Skip => return Ok(Some(number + 1)),
            Input::Quit => return Ok(None),
            _ => {}
        }
        loop {
            match self.show(number)? {
                Input::Repeat => {}
                Input::Back => return Ok(Some(number)),
                Input::Quit => return Ok(None),
                _ => return Ok(Some(number + 1)),
            }
        }
    }

    /// Asks the question, until it goes on to the program or elsewhere.
    fn ask(&mut self, number: usize) -> Result<Input> {
        let step = &self.plan.steps[number];
        loop {
            let input = self.ask_question(number)?;
            let (Input::Enter, true, Some(tell)) = (&input, step.is_played, &step.tell) else {
                return Ok(input);
            };
            terminal::clear();
            say!("{}\n\n{}\n", screen::command(step), screen::bold(tell));
            say!("{}", screen::keys(&["Enter: play", "back", "skip", "quit"]));
            match input_without_files()? {
                Input::Back => {}
                input => return Ok(input),
            }
        }
    }

    fn ask_question(&mut self, number: usize) -> Result<Input> {
        let plan = self.plan;
        let step = &plan.steps[number];
        let is_vote = plan.is_for_a_class();
        let mut is_warned = false;
        let mut note = None;
        loop {
            terminal::clear();
            let before = &self.predictions[number];
            say!("{}", screen::question(plan, number, self.clock.minute(), before));
            if let Some(note) = note.take() {
                say!("  {note}");
            }
            match terminal::input(Some(&Question { step, before, is_vote }))? {
                Input::Enter if before.is_none() && !is_warned => {
                    is_warned = true;
                    note = Some(screen::unanswered(plan));
                }
                Input::Repeat | Input::Diff => {
                    note = Some("There is nothing to see again before the program has run.");
                }
                Input::Prediction(prediction) => {
                    self.predictions[number] = prediction;
                    self.notes.write(&self.predictions, &self.printed);
                }
                Input::Back if number == 0 => note = Some("This is the first step."),
                input => return Ok(input),
            }
        }
    }

    /// Runs the program and shows the answer below what it prints.
    fn show(&mut self, number: usize) -> Result<Input> {
        let plan = self.plan;
        let step = &plan.steps[number];
        let Demonstration { has_ended_well, printed, figures } = self.run(step)?;
        if is_told_to_end() {
            return Ok(Input::Quit);
        }
        let printed = printed.filter(|_| has_ended_well);
        if printed.is_some() {
            self.printed[number].clone_from(&printed);
            self.notes.write(&self.predictions, &self.printed);
        }
        if let Some(look) = screen::look(step, has_ended_well) {
            say!("\n{look}\n{}", screen::keys(&["Enter: the answer", "repeat", "back", "quit"]));
            match input_without_files()? {
                Input::Enter => {}
                input => return Ok(input),
            }
        }
        let times = figures.map(|figures| self.times(number, &figures));
        let prediction = &self.predictions[number];
        say!("{}", screen::answer(plan, step, prediction, times.as_deref()));
        if let Some(advice) = screen::advice(step, printed.as_deref()) {
            say!("{advice}\n");
        }
        self.next.store(number + 2, Ordering::SeqCst);
        self.leave(step)
    }

    /// Runs the program of a step on a screen of its own.
    fn run(&self, step: &Step) -> Result<Demonstration> {
        terminal::clear();
        say!("{}\n", screen::command(step));
        stage::run(self.executables.path(step.program())?, step)
    }

    /// Waits below the answer until it goes on.
    fn leave(&self, step: &Step) -> Result<Input> {
        let words = ["Enter: go on", "repeat", "back", "quit", "diff"];
        let words = if step.diff.is_some() { &words[..] } else { &words[..4] };
        loop {
            say!("{}", screen::keys(words));
            match terminal::input(None)? {
                Input::Diff => terminal::show_diff(step.diff.as_ref(), self.workspace)?,
                input => return Ok(input),
            }
            say!("");
        }
    }

    /// A prediction beside what was measured, the bound, and the time of the program that this one is
    /// compared with.
    fn times(&mut self, number: usize, figures: &Summary) -> String {
        self.measured[number] = figures.number("seconds");
        let other = self.plan.compared_with(number);
        let lines = [
            ("you said", self.predictions[number].seconds()),
            ("measured", self.measured[number]),
            ("bound", figures.number("bound_seconds")),
            (
                other.map_or("", |other| &self.plan.steps[other].package),
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
        let steps = self.plan.steps.iter().zip(&self.predictions).zip(&self.measured);
        let lines = steps.filter_map(|((step, prediction), measured)| {
            let said = prediction.seconds().map_or(String::new(), |said| format!("{said:.3} s"));
            let package = &step.package;
            measured.map(|measured| format!("{package:<20}{said:>12}{measured:>10.3} s\n"))
        });
        let lines: String = lines.collect();
        if lines.is_empty() {
            lines
        } else {
            format!("{:20}{:>12}{:>12}\n{lines}", "", "you said", "measured")
        }
    }
}

/// What is typed where there are no two files to compare.
fn input_without_files() -> Result<Input> {
    loop {
        match terminal::input(None)? {
            Input::Diff => say!("  There are no two files to compare here."),
            input => return Ok(input),
        }
    }
}
