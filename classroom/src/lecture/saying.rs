//! What a lesson says: what its programs have shown decides.

use super::plan::Step;
use super::record::StepRecord;
use super::state::{Lesson, Place};

/// So many minutes late is late.
const LATE: u64 = 2;

/// A run that takes so many times its bound shows what else the machine had to do.
const MOST: f64 = 1.5;

/// What to say of figures that cannot tell.
const UNDECIDED: &str =
    "It did not show this time: other programs had the cores. To run it again, type repeat.";

impl Lesson<'_> {
    /// What to say with the answer of a step: what the program has shown decides.
    pub fn sentences(&self, number: usize) -> Vec<String> {
        let (step, record) = (&self.plan.steps[number], &self.record.steps[number]);
        let otherwise = step.otherwise.iter().cloned();
        if record.is_undecided() {
            return vec![UNDECIDED.into()];
        }
        if !self.has_shown(number) {
            let begin = "It did not show this time.".to_string();
            return [begin].into_iter().chain(also(step, record)).chain(otherwise).collect();
        }
        let busy = record.ratio().filter(|ratio| *ratio > MOST).map(|ratio| {
            format!(
                "This run took {ratio:.1} times the least that it can take: something else had the \
                 cores. To run it again, type repeat."
            )
        });
        if busy.is_some() && step.is_timed() {
            return busy.into_iter().collect();
        }
        let say = step.say.iter().cloned().chain(also(step, record)).chain(busy);
        if step.played {
            return say.chain(otherwise.map(|way| format!("One way: {way}"))).collect();
        }
        say.collect()
    }

    /// Whether the program of a step has shown what it should, as far as one can tell.
    pub fn has_shown(&self, number: usize) -> bool {
        let record = &self.record.steps[number];
        match (&self.plan.steps[number].shows, &record.printed) {
            _ if record.is_undecided() => false,
            (Some(text), Some(printed)) => printed.contains(text),
            _ => true,
        }
    }

    /// The lines of the output that the answer of a step speaks of.
    pub fn excerpt(&self, number: usize) -> Vec<&str> {
        let (step, record) = (&self.plan.steps[number], &self.record.steps[number]);
        let printed = record.picture.as_ref().or(record.printed.as_ref());
        let is_meant = |line: &&str| step.lines.iter().any(|text| line.contains(text));
        printed.map_or(Vec::new(), |printed| printed.lines().filter(is_meant).collect())
    }

    /// The steps between this one and the next that is planned: they are taken if there is time.
    pub fn extras(&self, number: usize) -> Vec<usize> {
        let next = self.plan.planned_from(number + 1).unwrap_or(self.plan.steps.len());
        (number + 1..next).collect()
    }

    /// How many minutes the lesson is late, and the step to leave out, if there is one.
    pub fn late(&self, now: u64) -> Option<(u64, Option<usize>)> {
        let plan = self.plan;
        plan.minutes.filter(|_| self.place != Place::End)?;
        let step = self.step()?;
        let begins = |step: usize| plan.steps[step].minute;
        // A question should have begun by now; the next one when the answer is there.
        let is_question = matches!(self.place, Place::Question(_)) && begins(step).is_some();
        let from = if is_question { step } else { step + 1 };
        let due = plan.planned_from(from).and_then(begins).or(plan.minutes)?;
        let late = self.record.minute(now).checked_sub(due).filter(|late| *late >= LATE)?;
        let is_spare = |step: &usize| plan.steps[*step].spare && begins(*step).is_some();
        Some((late, (from..plan.steps.len()).find(is_spare)))
    }
}

fn also<'a>(step: &'a Step, record: &'a StepRecord) -> impl Iterator<Item = String> + 'a {
    let printed = record.printed.as_deref().unwrap_or_default();
    let is_so = step.also.iter().filter(|also| printed.contains(&also.when));
    is_so.map(|also| also.say.clone())
}
