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
    let _ = writeln!(html, "<h2>{number}. {}</h2>", markdown(&step.question));
    if !step.choices.is_empty() {
        choices(html, step, prediction, is_vote);
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
    let _ = writeln!(html, "<p><strong>{}</strong></p>", markdown(&step.say));
}

/// The answers of a step: which is right, and how many hands were for each, or what one has said.
fn choices(html: &mut String, step: &Step, prediction: &Prediction, is_vote: bool) {
    let hands = |letter| prediction.votes().and_then(|votes| votes.of(letter)).unwrap_or(0);
    let all: u32 = step.choices.keys().map(|letter| hands(*letter)).sum();
    html.push_str("<table class=\"votes\">\n");
    for (letter, text) in &step.choices {
        let (hands, is_right) = (hands(*letter), step.answer == Some(*letter));
        let said = match hands {
            _ if prediction.votes().is_none() => String::new(),
            hands if is_vote => format!(
                "<meter max=\"{all}\" value=\"{hands}\"></meter> {}",
                plural(u64::from(hands), "hand")
            ),
            0 => String::new(),
            _ => "so you said".into(),
        };
        let (class, mark) = if is_right { (" class=\"right\"", "✓ right") } else { ("", "") };
        let text = markdown(text);
        let _ = writeln!(html, "<tr{class}><td>{letter}<td>{text}<td>{said}<td>{mark}");
    }
    html.push_str("</table>\n");
}

/// A text of a plan: what stands between backticks is code.
fn markdown(text: &str) -> String {
    let mut html = String::new();
    for (number, part) in text.split('`').enumerate() {
        let part = Escaped(part);
        let _ = if number % 2 == 1 {
            write!(html, "<code>{part}</code>")
        } else {
            write!(html, "{part}")
        };
    }
    html
}
