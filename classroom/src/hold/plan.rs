//! The plan of a lesson: data in a file of its own, which a teacher can change.

use std::fs;
use std::path::Path;
use std::thread::available_parallelism;

use basics::error::{Error, Result};
use basics::words::printable;
use serde_json::Value;

/// The plans that there are: the name of a lesson, and the file of its plan in the workspace.
pub const PLANS: [(&str, &str); 2] =
    [("race", "race_condition/lesson.json"), ("article", "classroom/article.json")];

/// A lesson: questions, each with a program that answers it.
pub struct Plan {
    pub title: String,
    /// How long the steps take that have a minute; no number for a lesson that is done alone.
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
pub struct Step {
    /// When it begins, in minutes; no number for a step that is only taken if there is time.
    pub minute: Option<u64>,
    pub question: String,
    pub answer: Answer,
    pub program: Program,
    /// Whether the program is played: it asks for keys, and has the screen for itself.
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

/// What is asked for.
pub enum Answer {
    /// A letter; the choices, and which of them is right.
    Choice(Vec<(char, String)>, char),
    /// A number of seconds, which the program measures.
    Seconds,
}

/// A program of the workspace, and what it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    pub package: String,
    pub example: Option<String>,
    pub arguments: Vec<String>,
}

impl Program {
    /// The command that runs it, as one types it.
    pub fn command(&self) -> String {
        let mut words = vec!["cargo run -p", &self.package];
        words.extend(self.example.iter().flat_map(|example| ["--example", example.as_str()]));
        if !self.arguments.is_empty() {
            words.push("--");
            words.extend(self.arguments.iter().map(String::as_str));
        }
        words.join(" ")
    }

    /// The name of its executable.
    pub fn name(&self) -> &str {
        self.example.as_deref().unwrap_or(&self.package)
    }
}

impl Plan {
    /// Whether hands are counted; else one learner answers.
    pub fn is_for_a_class(&self) -> bool {
        self.minutes.is_some()
    }

    /// The earlier step whose program has the first of the two files to compare at this one.
    pub fn compared_with(&self, number: usize) -> Option<usize> {
        let [before, _] = self.steps[number].diff.as_ref()?;
        let folder = before.split('/').next()?;
        self.steps[..number].iter().position(|step| step.program.package == folder)
    }

    /// Reads the plan in a file of the workspace.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or something in it is missing.
    pub fn read(workspace: &Path, file: &str) -> Result<Self> {
        let path = workspace.join(file);
        let cannot = |why: &str| {
            Error::new(format!(
                "Cannot read the plan {}: {why}",
                printable(&path.to_string_lossy())
            ))
        };
        let text = fs::read_to_string(&path).map_err(|error| cannot(&error.to_string()))?;
        let plan = serde_json::from_str(&text).map_err(|error| cannot(&error.to_string()))?;
        Self::of(&plan).map_err(|wrong| cannot(&wrong))
    }

    fn of(plan: &Value) -> Result<Self, String> {
        let title = text_in(plan, "title")?;
        let steps = plan["steps"].as_array().map_or(&[][..], Vec::as_slice);
        let read = |(number, step)| {
            Step::read(step).map_err(|wrong| format!("step {}: {wrong}", number + 1))
        };
        let steps: Vec<Step> = steps.iter().enumerate().map(read).collect::<Result<_, String>>()?;
        if steps.is_empty() {
            return Err("it has no steps".into());
        }
        Ok(Self {
            title,
            minutes: number_if_any(plan, "minutes")?,
            minutes_of_all: number_if_any(plan, "minutes_of_all")?,
            before: text_if_any(plan, "before")?,
            after: text_if_any(plan, "after")?,
            steps,
        })
    }
}

impl Step {
    /// The parts of a step, so that a part with another name is not overlooked.
    const PARTS: [&str; 13] = [
        "answer",
        "arguments",
        "choices",
        "diff",
        "example",
        "minute",
        "otherwise",
        "played",
        "program",
        "question",
        "say",
        "shows",
        "tell",
    ];

    fn read(step: &Value) -> Result<Self, String> {
        let mut parts = step.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        if let Some(other) = parts.find(|name| !Self::PARTS.contains(name)) {
            return Err(format!("there is no part called {other:?}"));
        }
        let program = Program {
            package: text_in(step, "program")?,
            example: text_if_any(step, "example")?,
            arguments: words(step, "arguments")?,
        };
        let files = words(step, "diff")?;
        let diff = if files.is_empty() {
            None
        } else {
            Some(files.try_into().map_err(|_| "its diff needs two files")?)
        };
        Ok(Self {
            minute: number_if_any(step, "minute")?,
            question: text_in(step, "question")?,
            answer: Answer::read(step)?,
            program,
            is_played: step["played"] == true,
            tell: text_if_any(step, "tell")?,
            shows: text_if_any(step, "shows")?,
            say: text_in(step, "say")?,
            otherwise: text_if_any(step, "otherwise")?,
            diff,
        })
    }
}

impl Answer {
    fn read(step: &Value) -> Result<Self, String> {
        let choices = match &step["choices"] {
            Value::Null => return Ok(Self::Seconds),
            choices => choices.as_object().ok_or("its choices are no texts called a, b, c")?,
        };
        let mut read = Vec::new();
        for (letter, text) in choices {
            match (letter.parse(), text.as_str()) {
                (Ok(letter @ 'a'..='d'), Some(text)) => read.push((letter, printable(text))),
                _ => return Err("a choice is not a text called a, b, c or d".into()),
            }
        }
        read.sort_unstable_by_key(|(letter, _)| *letter);
        let answer = text_in(step, "answer")?;
        let right = read.iter().find(|(letter, _)| answer == letter.to_string());
        let right = right.ok_or("its answer is none of its choices")?.0;
        Ok(Self::Choice(read, right))
    }
}

/// The text called `name`, as it may stand on a projector: nothing in it that a terminal would obey.
/// `{cores}` stands for the number of cores.
fn text_in(value: &Value, name: &str) -> Result<String, String> {
    text_if_any(value, name)?.ok_or_else(|| format!("it has no text {name:?}"))
}

fn text_if_any(value: &Value, name: &str) -> Result<Option<String>, String> {
    match &value[name] {
        Value::Null => Ok(None),
        Value::String(text) => {
            let cores = available_parallelism().map_or(1, usize::from);
            Ok(Some(printable(text).replace("{cores}", &cores.to_string())))
        }
        _ => Err(format!("its {name:?} is no text")),
    }
}

fn number_if_any(value: &Value, name: &str) -> Result<Option<u64>, String> {
    match &value[name] {
        Value::Null => Ok(None),
        number => number.as_u64().map(Some).ok_or_else(|| format!("its {name:?} is no number")),
    }
}

/// The texts in the list called `name`; none if there is no such list.
fn words(value: &Value, name: &str) -> Result<Vec<String>, String> {
    let wrong = || format!("its {name:?} is no list of texts");
    if value[name].is_null() {
        return Ok(Vec::new());
    }
    let list = value[name].as_array().ok_or_else(wrong)?.iter();
    list.map(|word| word.as_str().map(printable)).collect::<Option<_>>().ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the classroom is in the workspace")
    }

    #[test]
    fn every_plan_can_be_read() {
        for (name, file) in PLANS {
            let plan =
                Plan::read(workspace(), file).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(plan.steps.len() >= 5, "{name} has {} steps", plan.steps.len());
            for step in &plan.steps {
                let folder = workspace().join(&step.program.package);
                let Some(example) = &step.program.example else {
                    assert!(folder.join("src/main.rs").exists(), "{:?}", step.program);
                    continue;
                };
                let places =
                    [format!("examples/{example}.rs"), format!("examples/{example}/main.rs")];
                let exists = places.iter().any(|place| folder.join(place).exists());
                assert!(exists, "{:?}", step.program);
                for file in step.diff.iter().flatten() {
                    assert!(workspace().join(file).exists(), "{file}");
                }
            }
        }
    }

    #[test]
    fn a_step_without_its_parts_is_refused() {
        let read = |text| Step::read(&serde_json::from_str(text).expect("it is JSON")).map(|_| ());
        let whole = r#"{"program": "p", "question": "q", "say": "s"}"#;
        assert_eq!(read(whole), Ok(()));
        for (text, missing) in [
            ("{}", "program"),
            (r#"{"program": "p"}"#, "question"),
            (r#"{"program": "p", "question": "q"}"#, "say"),
            (r#"{"program": "p", "question": "q", "say": "s", "choices": {"a": "1"}}"#, "answer"),
            (
                r#"{"program": "p", "question": "q", "say": "s", "choices": {"a": "1"}, "answer": "b"}"#,
                "answer",
            ),
            (
                r#"{"program": "p", "question": "q", "say": "s", "choices": {"x": "1"}, "answer": "x"}"#,
                "choice",
            ),
            (r#"{"program": "p", "question": "q", "say": "s", "choises": {}}"#, "choises"),
            (r#"{"program": "p", "question": "q", "say": "s", "choices": []}"#, "choices"),
            (r#"{"program": "p", "question": "q", "say": "s", "minute": "4"}"#, "minute"),
            (r#"{"program": "p", "question": "q", "say": "s", "diff": ["one"]}"#, "diff"),
            (r#"{"program": "p", "question": "q", "say": "s", "arguments": [1]}"#, "arguments"),
        ] {
            let refused = read(text).expect_err(text);
            assert!(refused.contains(missing), "{refused}");
        }
    }

    #[test]
    fn a_command_can_be_typed() {
        let program = Program {
            package: "race_condition".into(),
            example: Some("scheduler".into()),
            arguments: vec!["--level".into(), "1".into()],
        };
        assert_eq!(
            program.command(),
            "cargo run -p scheduler -- --level 1"
        );
        let program = Program { example: None, arguments: Vec::new(), ..program };
        assert_eq!(program.command(), "cargo run -p race_condition");
    }
}
