//! A lesson on paper: what was said and seen in it, and its script.

use std::fmt::Write;

use basics::say;
use basics::words::{COLUMNS, fill, plural};
use timeline::Escaped;
use timeline::html::page;

use super::plan::{Also, Plan, Step};
use super::race::table;
use super::record::{Record, StepRecord};
use crate::compare::machine::this_machine;

/// A page with what was said at each step and what its program has printed.
pub fn notes(plan: &Plan, record: &Record) -> String {
    let mut html = format!("<p class=\"faint\">{}</p>\n", Escaped(&this_machine()));
    for (number, (step, record)) in (1..).zip(plan.steps.iter().zip(&record.steps)) {
        if *record != StepRecord::default() {
            write_step(&mut html, number, step, record, plan.is_for_a_class());
        }
    }
    page(&plan.title, &html)
}

fn write_step(html: &mut String, number: usize, step: &Step, record: &StepRecord, is_vote: bool) {
    let _ = writeln!(html, "<h2>{number}. {}</h2>", markdown(&step.question));
    if !step.choices.is_empty() {
        choices(html, step, record, is_vote);
    }
    if let Some(seconds) = record.predicted {
        let _ = writeln!(html, "<p>Predicted: {seconds} s.</p>");
    }
    if let Some(run) = &step.run {
        let _ = writeln!(html, "<p><code>{}</code></p>", Escaped(&run.to_string()));
    }
    let printed = record.printed.as_ref().or(record.picture.as_ref());
    let raced = (!record.raced.is_empty()).then(|| table(&record.raced).join("\n"));
    for (head, text) in [
        ("", printed),
        ("The game on the phones:", record.played.as_ref()),
        ("The game, steered by the phones:", record.steered.as_ref()),
        ("The race on the phones:", raced.as_ref()),
        ("", record.lost.as_ref()),
    ] {
        let Some(text) = text else { continue };
        if !head.is_empty() {
            let _ = writeln!(html, "<p>{head}</p>");
        }
        // Line by line: the end of a line is a space in a text that is escaped as a whole.
        let lines: Vec<String> = text.lines().map(|line| Escaped(line).to_string()).collect();
        let _ = writeln!(html, "<pre>{}</pre>", lines.join("\n"));
    }
    if let Some(say) = &step.say {
        let _ = writeln!(html, "<p><strong>{}</strong></p>", markdown(say));
    }
}

/// The answers of a step: which is right, and how many votes were for each, or what one has said.
fn choices(html: &mut String, step: &Step, record: &StepRecord, is_vote: bool) {
    let votes = record.votes.as_ref();
    let hands = |letter| votes.and_then(|votes| votes.of(letter)).unwrap_or(0);
    let all: u32 = step.choices.keys().map(|letter| hands(*letter)).sum();
    html.push_str("<table class=\"votes\">\n");
    for (letter, text) in &step.choices {
        let (hands, is_right) = (hands(*letter), step.answer == Some(*letter));
        let first = record.first_votes.as_ref().and_then(|votes| votes.of(*letter));
        let first = first.map_or(String::new(), |first| format!(", before: {first}"));
        let said = match hands {
            _ if votes.is_none() => String::new(),
            hands if is_vote => format!(
                "<meter max=\"{all}\" value=\"{hands}\"></meter> {}{first}",
                plural(hands, "vote")
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

/// Prints all of a plan: what is asked, what runs, what is right, and what to say.
pub fn say_script(plan: &Plan) {
    let part = |what: &str, text: &str| say!("{}", fill(text, COLUMNS, what, "      "));
    let parts = |texts: &[(&str, &Option<String>)]| {
        for (what, text) in texts {
            if let Some(text) = text {
                part(what, text);
            }
        }
    };
    say!("{}\n", plan.title);
    parts(&[("Before: ", &plan.before), ("Show: ", &plan.opening)]);
    for (number, step) in (1..).zip(&plan.steps) {
        let when = match step.minute {
            Some(minute) if step.spare => format!("minute {minute}; leave it out first"),
            Some(minute) => format!("minute {minute}"),
            None if plan.is_for_a_class() => "if there is time".into(),
            None => String::new(),
        };
        say!("\nStep {number}  {when}");
        part("Ask:  ", &step.question);
        for (letter, text) in &step.choices {
            let mark = if step.answer == Some(*letter) { "*" } else { " " };
            part(&format!("   {mark} {letter} "), text);
        }
        parts(&[("Run:  ", &step.run.as_ref().map(ToString::to_string))]);
        parts(&[("Look: ", &step.tell), ("Say:  ", &step.say), ("Else: ", &step.otherwise)]);
        for Also { when, say } in &step.also {
            part("Also: ", &format!("(if it prints \"{when}\") {say}"));
        }
    }
    say!("");
    for learned in &plan.learned {
        part("End:  ", learned);
    }
    parts(&[("Then: ", &plan.after)]);
}
