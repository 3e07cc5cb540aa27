//! The plan of a lecture: data in a file of its own, which a teacher can change.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use basics::error::{Error, Result};
use serde_derive::Deserialize;
use timeline::Job;

use crate::cargo::{Program, quoted};
use crate::compare::table::{LESSONS, Lesson};

/// Questions, each with a program that answers it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub title: String,
    /// How long the steps take that have a minute; no number for a lecture that one learner takes
    /// alone.
    pub minutes: Option<u64>,
    /// How long all steps take.
    pub minutes_of_all: Option<u64>,
    /// What to do before the first step.
    pub before: Option<String>,
    /// What there is after the last one.
    pub after: Option<String>,
    pub steps: Vec<Step>,
}

/// One question, and what answers it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When it begins, in minutes; no number for a step that is only taken if there is time.
    pub minute: Option<u16>,
    pub question: String,
    /// The choices, by their letters. Without any a number of seconds is asked for, which the program
    /// measures.
    #[serde(default)]
    pub choices: BTreeMap<char, String>,
    /// The letter of the right choice.
    pub answer: Option<char>,
    /// The package of the program.
    #[serde(rename = "program")]
    pub package: String,
    /// The name of the program, if it is an example.
    example: Option<String>,
    #[serde(default)]
    pub arguments: Vec<String>,
    /// Whether the program is played: it asks for keys, and has the screen for itself.
    #[serde(default, rename = "played")]
    pub is_played: bool,
    /// What to do in a program that is played; what to look at in what another one has printed.
    pub tell: Option<String>,
    /// Text that the program prints if it shows what it should.
    pub shows: Option<String>,
    /// The sentence to say.
    pub say: String,
    /// What to do if the program does not show it, or nobody reaches the goal of the game.
    pub otherwise: Option<String>,
    /// Two files to read beside each other.
    pub diff: Option<[String; 2]>,
}

impl Plan {
    /// Reads the plan in a file of the workspace. In its texts `{cores}` stands for the number of cores.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or something in it is missing or unknown.
    pub fn read(workspace: &Path, file: &str) -> Result<Self> {
        let text = fs::read_to_string(workspace.join(file)).map_err(Error::from);
        text.and_then(|text| Self::parse(&text.replace("{cores}", &num_cpus::get().to_string())))
            .map_err(|error| Error::new(format!("Cannot read the plan {file}: {error}")))
    }

    fn parse(text: &str) -> Result<Self> {
        // Some editors put a byte order mark before a text.
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Err(Error::new("it is empty"));
        }
        let plan: Self = serde_json::from_str(text)?;
        if plan.steps.is_empty() {
            return Err(Error::new("it has no steps"));
        }
        for (number, step) in (1..).zip(&plan.steps) {
            step.check().map_err(|wrong| Error::new(format!("step {number}: {wrong}")))?;
        }
        Ok(plan)
    }

    /// Whether hands are counted; else one learner answers.
    pub fn is_for_a_class(&self) -> bool {
        self.minutes.is_some()
    }

    /// The earlier step whose program has the first of the two files to compare at this one.
    pub fn compared_with(&self, number: usize) -> Option<usize> {
        let [before, _] = self.steps[number].diff.as_ref()?;
        let folder = before.split('/').next()?;
        self.steps[..number].iter().position(|step| step.package == folder)
    }
}

impl Step {
    /// The program that answers the question.
    pub fn program(&self) -> Program<'_> {
        match &self.example {
            Some(example) => Program::example(&self.package, example),
            None => Program::of(&self.package),
        }
    }

    /// The command that runs the program, as one types it.
    pub fn command(&self) -> String {
        let mut words = vec![self.program().command()];
        if !self.arguments.is_empty() {
            words.push("--".into());
            words.extend(self.arguments.iter().map(|word| quoted(word)));
        }
        words.join(" ")
    }

    /// Says what does not fit together.
    fn check(&self) -> Result<(), String> {
        if let Some(other) = self.choices.keys().find(|letter| !('a'..='d').contains(*letter)) {
            return Err(format!("its choices are called a, b, c and d, not {other}"));
        }
        if !self.choices.is_empty() {
            let is_choice = self.answer.is_some_and(|answer| self.choices.contains_key(&answer));
            return if is_choice {
                Ok(())
            } else {
                Err("its answer is none of its choices".into())
            };
        }
        if self.answer.is_some() {
            return Err("it has an answer, but no choices".into());
        }
        let measures =
            |lesson: &Lesson| lesson.job != Job::Race && self.program() == Program::of(lesson.name);
        if LESSONS.iter().any(measures) {
            return Ok(());
        }
        Err(format!("{} measures no seconds; give the step choices", self.program().name))
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::super::Subject;
    use super::*;

    #[test]
    fn every_plan_can_be_read() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
        for subject in Subject::value_variants() {
            let (_, file) = subject.name_and_file();
            let plan = Plan::read(workspace, file).unwrap_or_else(|error| panic!("{error}"));
            assert!(plan.steps.len() >= 5, "{file} has {} steps", plan.steps.len());
            for file in plan.steps.iter().flat_map(|step| step.diff.iter().flatten()) {
                assert!(workspace.join(file).exists(), "{file}");
            }
        }
    }

    #[test]
    fn what_is_wrong_in_a_plan_is_named() {
        let read = |step: &str| {
            let step = format!("\"question\": \"q\", \"say\": \"s\", \"program\": {step}");
            Plan::parse(&format!("\u{feff}{{\"title\": \"t\", \"steps\": [{{{step}}}]}}"))
        };
        for whole in [r#""io_mp""#, r#""p", "choices": {"a": "1", "b": "2"}, "answer": "b""#] {
            assert!(read(whole).is_ok(), "{whole}");
        }
        for (step, named) in [
            (r#""io_mp", "choises": {}"#, "unknown field `choises`"),
            (r#""io_mp", "say": "s""#, "duplicate field `say`"),
            (r#""io_mp", "played": "true""#, "expected a boolean at line 1 column"),
            (r#""io_mp", "minute": "4""#, "expected u16"),
            (r#""io_mp", "minute": 18446744073709551615"#, "expected u16"),
            (r#""io_mp", "diff": ["one"]"#, "expected an array of length 2"),
            (r#""io_mp", "answer": "a""#, "step 1: it has an answer, but no choices"),
            (r#""p", "choices": {"a": "1"}"#, "none of its choices"),
            (r#""p", "choices": {"a": "1"}, "answer": "b""#, "none of its choices"),
            (r#""p", "choices": {"x": "1"}, "answer": "x""#, "called a, b, c and d, not x"),
            (r#""race_condition", "example": "by_chance""#, "by_chance measures no seconds"),
            (r#""io_threading", "example": "sessions""#, "sessions measures no seconds"),
        ] {
            let refused = read(step).err().unwrap_or_else(|| panic!("{step} is read")).to_string();
            assert!(refused.contains(named), "{refused}");
        }
        for (plan, named) in [
            (r#"{"title": "t", "steps": []}"#, "it has no steps"),
            (r#"{"title": "t", "steps": [{}]}"#, "missing field"),
            (r#"{"title": "t", "minutess": 3, "steps": []}"#, "unknown field `minutess`"),
            ("\u{feff}\n", "it is empty"),
        ] {
            let refused = Plan::parse(plan).err().unwrap_or_else(|| panic!("{plan} is read"));
            assert!(refused.to_string().contains(named), "{refused}");
        }
    }
}
