//! What the judge has to say about an attempt.

use std::collections::BTreeMap;
use std::time::Duration;

use lesson::words::{COLUMNS, fill};
use lesson::{Error, plural};

use super::record::Steps;
use super::{Fault, Outcome};

/// The columns of the first thread's steps.
const COLUMN: usize = 34;

/// What the judge has to say about an attempt.
pub struct Judgement {
    /// How many orders go wrong, and one of these.
    pub text: String,
    /// Whether all orders go well.
    pub is_solved: bool,
}

/// Judges by what happened in each order that was tried, and after how long there were more, if there
/// were.
pub fn judgement(
    orders: &BTreeMap<Steps, Outcome>,
    unfinished: Option<Duration>,
) -> lesson::Result<Judgement> {
    if orders.iter().any(|(steps, outcome)| outcome.is_ok() && !are_both_seen(steps)) {
        return Err(Error::new(
            "a thread takes no step that the judge can see; let both take part, and share the types of \
             `judge`, not the standard library's",
        ));
    }
    let tried = plural(orders.len() as u64, "order");
    let mut lines = vec![match unfinished.map(|time| time.as_secs()) {
        None => format!("Tried every order of the steps of two threads: {tried}."),
        Some(s) => {
            format!("Tried {tried} of the steps of two threads; after {s} s there were more.")
        }
    }];
    let wrong: Vec<(&Steps, &str)> = orders.iter().filter_map(fault_in_this_order).collect();
    if let Some((steps, fault)) = wrong.iter().min_by_key(|(steps, _)| switches(steps)) {
        lines.push(match wrong.len() {
            1 => "1 of them goes wrong:\n".into(),
            wrong => format!("{wrong} of them go wrong. This is one:\n"),
        });
        lines.push(format!("    {:COLUMN$}thread 2", "thread 1"));
        let column = |thread| if thread == 2 { COLUMN } else { 0 };
        let line = |(thread, step): &_| format!("    {:1$}{step}", "", column(*thread));
        lines.extend(steps.iter().map(line));
        lines.push(format!("\n{fault}."));
    } else if unfinished.is_some() {
        lines.push("There are too many orders; let the threads take fewer steps.".into());
    } else {
        lines.push("All of them go well.".into());
        if let Some(Err(Fault::InEveryOrder(fault))) = orders.values().find(|it| it.is_err()) {
            lines.push(format!("\n{}", fill(&format!("{fault}."), COLUMNS, "But ", "")));
        }
    }
    let is_solved = unfinished.is_none() && orders.values().all(Result::is_ok);
    Ok(Judgement { text: lines.join("\n"), is_solved })
}

/// Whether both threads have taken a step that was noted.
fn are_both_seen(steps: &Steps) -> bool {
    [1, 2].iter().all(|thread| steps.iter().any(|(other, _)| other == thread))
}

fn fault_in_this_order<'a>(
    (steps, outcome): (&'a Steps, &'a Outcome),
) -> Option<(&'a Steps, &'a str)> {
    let Err(Fault::InThisOrder(fault)) = outcome else { return None };
    Some((steps, fault))
}

/// How hard an order is to follow: by the switches between the threads, and of equals that one is
/// simpler in which thread 1 begins.
fn switches(steps: &Steps) -> (usize, Option<usize>) {
    let switches = steps.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
    (switches, steps.first().map(|step| step.0))
}
