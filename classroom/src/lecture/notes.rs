//! What was said and seen in a lecture, on a page.

use std::fmt::Write;

use basics::output::warn;
use basics::words::plural;
use timeline::Escaped;
use timeline::html::page;
use timeline::save::Target;

use super::answers::Prediction;
use super::plan::{Plan, Step};
use crate::compare::machine::this_machine;

/// The notes of a lecture, saved after each step, so that a lecture that ends early has them too.
pub struct Notes<'a> {
    plan: &'a Plan,
    machine: String,
    pub target: Option<Target>,
}

impl<'a> Notes<'a> {
    pub fn new(plan: &'a Plan, target: Option<Target>) -> Self {
        Self { plan, machine: target.as_ref().map_or(String::new(), |_| this_machine()), target }
    }

    /// Writes what was said at each step and what its program has printed. If that fails, the lecture
    /// goes on, and the next notes try it again.
    pub fn write(&self, predictions: &[Prediction], printed: &[Option<String>]) {
        let Some(target) = &self.target else { return };
        let document = self.document(predictions, printed);
        if let Err(error) = target.write(|file| file.write_all(document.as_bytes())) {
            warn(format_args!("The notes are not saved: {error}"));
        }
    }

    fn document(&self, predictions: &[Prediction], printed: &[Option<String>]) -> String {
        let mut html = format!("<p class=\"faint\">{}</p>\n", Escaped(&self.machine));
        let steps = self.plan.steps.iter().zip(predictions).zip(printed);
        for (number, ((step, prediction), printed)) in (1..).zip(steps) {
            if !prediction.is_none() || printed.is_some() {
                let said = (prediction, self.plan.is_for_a_class());
                write_step(&mut html, (number, step), said, printed.as_deref());
            }
        }
        page(&self.plan.title, &html)
    }
}

fn write_step(
    html: &mut String,
    (number, step): (usize, &Step),
    (prediction, is_vote): (&Prediction, bool),
    printed: Option<&str>,
) {
    let _ = writeln!(html, "<h2>{number}. {}</h2>", Escaped(&step.question));
    if !step.choices.is_empty() {
        let _ = writeln!(html, "<ul>");
        for (letter, text) in &step.choices {
            let hands = prediction.votes().and_then(|votes| votes.of(*letter));
            let said = match hands {
                Some(1) if !is_vote => " (so you said)".into(),
                Some(hands) if is_vote => format!(" ({})", plural(u64::from(hands), "hand")),
                _ => String::new(),
            };
            let mark = if step.answer == Some(*letter) { ", the right one" } else { "" };
            let _ = writeln!(html, "<li>{letter}: {}{mark}{said}</li>", Escaped(text));
        }
        let _ = writeln!(html, "</ul>");
    }
    if let Some(seconds) = prediction.seconds() {
        let _ = writeln!(html, "<p>Predicted: {seconds} s.</p>");
    }
    let _ = writeln!(html, "<p><code>{}</code></p>", Escaped(&step.command()));
    if let Some(printed) = printed {
        // Line by line: the end of a line is a space in a text that is escaped as a whole.
        let lines: Vec<String> = printed.lines().map(|line| Escaped(line).to_string()).collect();
        let _ = writeln!(html, "<pre>{}</pre>", lines.join("\n"));
    }
    let _ = writeln!(html, "<p><strong>{}</strong></p>", Escaped(&step.say));
}
