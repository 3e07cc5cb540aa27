//! The plan of a lesson: data in a file of its own, which a teacher can change or write.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use basics::error::{Error, Result};
use basics::words::{fill, short};
use serde_derive::Deserialize;
use timeline::Job;

use super::command::Command;
use super::draw::{BESIDE, COLUMNS, INDENT};
use crate::cargo::Program;
use crate::compare::table::{LESSONS, Lesson};

/// Questions, each with what answers it. classroom/pages/plans.md describes all parts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub title: String,
    /// How long the steps take that have a minute; no number for a lesson that one learner takes alone.
    pub minutes: Option<u64>,
    /// What the teacher does before the lesson.
    pub before: Option<String>,
    /// What the class sees before the first question.
    pub opening: Option<String>,
    pub steps: Vec<Step>,
    /// What was learned, in sentences.
    #[serde(default)]
    pub learned: Vec<String>,
    /// What there is after the lesson.
    pub after: Option<String>,
    /// Pages whose commands the lesson may need.
    #[serde(default)]
    pub pages: Vec<String>,
}

/// One question, and what answers it.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// When it begins, in minutes; no number for a step that is only taken if there is time.
    pub minute: Option<u64>,
    /// Whether it is left out first when time is short.
    #[serde(default)]
    pub spare: bool,
    pub question: String,
    /// The choices, by their letters.
    #[serde(default)]
    pub choices: BTreeMap<char, String>,
    /// The letter of the right choice; none for a poll.
    pub answer: Option<char>,
    /// The command of the program that answers.
    pub run: Option<Command>,
    /// Whether the program is played: it asks for keys, and has the screen for itself.
    #[serde(default)]
    pub played: bool,
    /// A command whose output shows with the answer what could be played.
    pub picture: Option<Command>,
    /// What to do in a program that is played; what to look at in what another one has printed.
    pub tell: Option<String>,
    /// The lines of the output that the answer speaks of: those that hold one of these texts.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Text that the program prints if it shows what it should.
    pub shows: Option<String>,
    /// The sentence to say.
    pub say: Option<String>,
    /// Sentences to say as well, if the program has printed something.
    #[serde(default)]
    pub also: Vec<Also>,
    /// What to say and do if the program does not show it, or nobody reaches the goal of the game.
    pub otherwise: Option<String>,
    /// How often each phone increments the counter, in the race on the phones after the answer.
    pub race_on_phones: Option<u32>,
    /// The section of the article that it goes with.
    pub section: Option<String>,
    /// Two files to read beside each other.
    pub diff: Option<[String; 2]>,
}

/// A sentence that belongs to something that a program may print.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// The text that is printed.
    pub when: String,
    pub say: String,
}

/// The text in a file.
fn text_of(file: &Path) -> Result<String> {
    // A pipe would be waited for without a word.
    if !fs::metadata(file)?.is_file() {
        return Err(Error::new("it is no file"));
    }
    String::from_utf8(fs::read(file)?).map_err(|_| Error::new("it is no text in UTF-8"))
}

/// The most lines of a question and its choices beside the rest of a screen.
const ROOM: usize = 17;

impl Plan {
    /// Reads the plan in a file. In its texts `{cores}` stands for the number of cores.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or something in it is missing, unknown or does not fit together.
    pub fn read(file: &Path) -> Result<Self> {
        text_of(file)
            .and_then(|text| Self::parse(&text.replace("{cores}", &num_cpus::get().to_string())))
            .map_err(|error| {
                Error::new(format!("Cannot read the plan {}: {error}", file.display()))
            })
    }

    pub fn parse(text: &str) -> Result<Self> {
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
            step.check(plan.is_for_a_class())
                .map_err(|wrong| Error::new(format!("step {number}: {wrong}")))?;
        }
        plan.check_minutes()?;
        Ok(plan)
    }

    fn check_minutes(&self) -> Result<()> {
        let minutes: Vec<u64> = self.steps.iter().filter_map(|step| step.minute).collect();
        let Some(all) = self.minutes else { return Ok(()) };
        let wrong = if minutes.is_empty() {
            "it has `minutes`, and no step has a `minute`".into()
        } else if !minutes.is_sorted() {
            "the minutes of its steps do not ascend".into()
        } else if minutes.iter().any(|minute| *minute >= all) {
            format!("a step begins at its end, minute {all}, or after it")
        } else {
            return Ok(());
        };
        Err(Error::new(wrong))
    }

    /// Whether hands are counted; else one learner answers.
    pub fn is_for_a_class(&self) -> bool {
        self.minutes.is_some()
    }

    /// Whether a step is on the way that is planned; one learner takes all.
    pub fn is_planned(&self, step: usize) -> bool {
        !self.is_for_a_class() || self.steps[step].minute.is_some()
    }

    /// The first planned step at `from` or after it.
    pub fn planned_from(&self, from: usize) -> Option<usize> {
        (from..self.steps.len()).find(|step| self.is_planned(*step))
    }

    /// The earlier step whose program has the first of the two files to compare at this one.
    pub fn compared_with(&self, number: usize) -> Option<usize> {
        let [before, _] = self.steps[number].diff.as_ref()?;
        let folder = before.split('/').next()?;
        self.steps[..number].iter().position(|step| step.package() == Some(folder))
    }

    /// All commands of its steps.
    pub fn commands(&self) -> impl Iterator<Item = &Command> {
        self.steps.iter().flat_map(|step| step.run.iter().chain(&step.picture))
    }
}

impl Step {
    /// The package of the program.
    pub fn package(&self) -> Option<&str> {
        self.run.as_ref().map(|run| run.program().package)
    }

    /// The level of the game, counted from 0, if its program is that.
    pub fn level(&self) -> Option<usize> {
        let run = self.run.as_ref().filter(|run| run.program() == Program::of("scheduler"))?;
        let at = run.arguments.iter().position(|argument| argument == "--level")?;
        run.arguments.get(at + 1)?.parse::<usize>().ok()?.checked_sub(1)
    }

    /// Whether the program measures how long it takes.
    pub fn measures(&self) -> bool {
        let is_program = |program: Program| {
            let measures = |it: &Lesson| it.job != Job::Race && program == Program::of(it.name);
            LESSONS.iter().any(measures)
        };
        self.run.as_ref().is_some_and(|run| is_program(run.program()))
    }

    /// Whether seconds are predicted.
    pub fn is_timed(&self) -> bool {
        self.choices.is_empty() && self.measures()
    }

    /// Says what does not fit together.
    fn check(&self, is_for_a_class: bool) -> Result<(), String> {
        if let Some(other) = self.choices.keys().find(|letter| !('a'..='d').contains(*letter)) {
            return Err(format!("its choices are called a, b, c and d, not {other}"));
        }
        if self.choices.len() == 1 {
            return Err("it has one choice; two are the least".into());
        }
        match self.answer {
            Some(_) if self.choices.is_empty() => {
                return Err("it has an answer, but no choices".into());
            }
            Some(answer) if !self.choices.contains_key(&answer) => {
                return Err("its answer is none of its choices".into());
            }
            _ => {}
        }
        let needs_a_run = [
            ("played", self.played),
            ("picture", self.picture.is_some()),
            ("tell", self.tell.is_some()),
            ("shows", self.shows.is_some()),
            ("lines", !self.lines.is_empty()),
            ("also", !self.also.is_empty()),
        ];
        match (&self.run, needs_a_run.iter().find(|(_, has)| *has)) {
            (None, Some((part, _))) => return Err(format!("it has `{part}`, but no `run`")),
            (None, None) if self.choices.is_empty() && !is_for_a_class => {
                return Err("it has neither choices nor a `run`".into());
            }
            (Some(run), _) if self.choices.is_empty() && !is_for_a_class && !self.is_timed() => {
                let name = run.program().name;
                return Err(format!("{name} measures no seconds; give the step choices"));
            }
            _ => {}
        }
        self.check_room()
    }

    fn check_room(&self) -> Result<(), String> {
        let lines = |text: &str, columns| fill(text, columns, "", "").lines().count();
        // A choice has a large letter of three lines beside it.
        let choices = self.choices.values().map(|text| lines(text, BESIDE).max(3));
        let needed = lines(&self.question, COLUMNS - 2 * INDENT) + choices.sum::<usize>();
        if needed <= ROOM {
            return Ok(());
        }
        Err(format!(
            "its question and choices take {needed} lines, and {ROOM} fit on a screen: {}",
            short(&self.question)
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent")
    }

    #[test]
    fn every_plan_can_be_read() {
        let folder = workspace().join(super::super::files::PLANS);
        for file in fs::read_dir(folder).expect("there are plans").flatten() {
            let plan = Plan::read(&file.path()).unwrap_or_else(|error| panic!("{error}"));
            assert!(plan.steps.len() >= 5, "{file:?} has {} steps", plan.steps.len());
            let files = plan.steps.iter().flat_map(|step| step.diff.iter().flatten());
            for file in files.chain(&plan.pages) {
                assert!(workspace().join(file).exists(), "{file}");
            }
        }
    }

    #[test]
    fn the_example_of_the_page_is_a_plan() {
        let page = include_str!("../../pages/plans.md");
        let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
        Plan::parse(example.expect("there is an example"))
            .unwrap_or_else(|error| panic!("{error}"));
    }

    #[test]
    fn what_is_wrong_in_a_plan_is_named() {
        let read = |minutes: &str, step: &str| {
            Plan::parse(&format!(
                "\u{feff}{{\"title\": \"t\", {minutes} \"steps\": [{{\"question\": \"q\", {step}}}]}}"
            ))
        };
        let run = r#""run": "cargo run -p io_mp""#;
        let two = r#""choices": {"a": "1", "b": "2"}"#;
        for whole in [run.into(), format!(r#"{run}, {two}, "answer": "b""#), two.into()] {
            assert!(read("", &whole).is_ok(), "{whole}");
        }
        assert!(read("\"minutes\": 5,", r#""minute": 0"#).is_ok(), "a class may just look");
        let long = "word ".repeat(300);
        for (step, named) in [
            (format!(r#"{run}, "choises": {{}}"#), "unknown field `choises`"),
            (format!(r#"{run}, "say": "s", "say": "s""#), "duplicate field `say`"),
            (format!(r#"{run}, "played": "true""#), "expected a boolean at line 1 column"),
            (format!(r#"{run}, "minute": "4""#), "expected u64"),
            (format!(r#"{run}, "diff": ["one"]"#), "expected an array of length 2"),
            (format!(r#"{run}, "answer": "a""#), "step 1: it has an answer, but no choices"),
            (format!(r#"{two}, "answer": "c""#), "none of its choices"),
            (r#""choices": {"a": "1"}"#.into(), "two are the least"),
            (r#""choices": {"a": "1", "x": "2"}"#.into(), "called a, b, c and d, not x"),
            (r#""run": "ls""#.into(), "`ls` is no command such as `cargo run -p"),
            (format!(r#"{two}, "shows": "text""#), "it has `shows`, but no `run`"),
            (r#""say": "s""#.into(), "neither choices nor a `run`"),
            (
                r#""run": "cargo run -p race_condition""#.into(),
                "race_condition measures no seconds",
            ),
            (format!(r#"{run}, "also": [{{"when": "x"}}]"#), "missing field `say`"),
            (format!(r#""choices": {{"a": "1", "b": "{long}"}}"#), "17 fit on a screen"),
        ] {
            let refused = read("", &step).err().unwrap_or_else(|| panic!("{step} is read"));
            assert!(refused.to_string().contains(named), "{refused}");
        }
        for (minutes, step, named) in [
            ("\"minutes\": 5,", run, "no step has a `minute`"),
            ("\"minutes\": 5,", r#""minute": 5"#, "begins at its end, minute 5"),
            ("\"minutess\": 5,", run, "unknown field `minutess`"),
        ] {
            let refused = read(minutes, step).err().unwrap_or_else(|| panic!("{minutes} is read"));
            assert!(refused.to_string().contains(named), "{refused}");
        }
        for (plan, named) in
            [("{\"title\": \"t\", \"steps\": []}", "no steps"), ("\u{feff}\n", "empty")]
        {
            let refused = Plan::parse(plan).err().unwrap_or_else(|| panic!("{plan} is read"));
            assert!(refused.to_string().contains(named), "{refused}");
        }
    }
}
