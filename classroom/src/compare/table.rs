//! The figures of several programs, as a table, in sentences and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use basics::say;
use basics::words::{fill, printable, thousands};
use lesson::Summary;
use serde_derive::Deserialize;
use serde_json::{Value, json};
use timeline::{Job, Timeline};

/// A program of the article, the job it does and the article's own time for it, in seconds.
pub struct Lesson {
    pub name: &'static str,
    pub job: Job,
    /// Whether it has the option `-c`.
    pub is_concurrent: bool,
    pub article: Option<f64>,
}

const fn sequential(name: &'static str, job: Job, article: f64) -> Lesson {
    Lesson { name, job, is_concurrent: false, article: Some(article) }
}

const fn concurrent(name: &'static str, job: Job, article: f64) -> Lesson {
    Lesson { name, job, is_concurrent: true, article: Some(article) }
}

/// All programs, in the article's order, with the times of its sample runs.
pub const LESSONS: [Lesson; 8] = [
    sequential("io_non_concurrent", Job::Download, 14.289_619),
    concurrent("io_threading", Job::Download, 3.723_883),
    concurrent("io_asyncio", Job::Download, 2.572_790),
    concurrent("io_mp", Job::Download, 5.718_175),
    sequential("cpu_non_concurrent", Job::Sum, 7.834_432),
    concurrent("cpu_threading", Job::Sum, 10.407_078),
    concurrent("cpu_mp", Job::Sum, 2.517_540),
    Lesson { name: "race_condition", job: Job::Race, is_concurrent: false, article: None },
];

/// The first number of the article's sums.
pub const ARTICLES_NUMBER: u64 = 5_000_000;

/// How often the article downloads each page.
pub const ARTICLES_TIMES: &str = "80";

/// How long the article's downloads wait for an answer, in milliseconds: 14.3 s / 160.
pub const ARTICLES_LATENCY: &str = "90";

/// Several programs, each with its runs.
pub struct Comparison {
    /// Where and when it was measured.
    pub machine: String,
    /// Each program once, in the article's order.
    pub rows: Vec<Row>,
}

/// One run of a program, with what was recorded of it.
pub struct Run {
    pub figures: Summary,
    pub timeline: Option<Timeline>,
}

/// The figures of all runs of one program, the fastest first.
pub struct Row {
    pub program: &'static Lesson,
    pub runs: Vec<Run>,
}

impl Row {
    pub fn new(program: &'static Lesson, mut runs: Vec<Run>) -> Self {
        let seconds = |run: &Run| run.figures.number("seconds").unwrap_or(f64::INFINITY);
        runs.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        Self { program, runs }
    }

    /// A figure of the fastest run.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.runs.first()?.figures.number(name)
    }

    pub fn seconds(&self) -> f64 {
        self.figure("seconds").unwrap_or(f64::INFINITY)
    }

    pub fn at_once(&self) -> f64 {
        self.figure("at_once").unwrap_or(1.0)
    }

    /// How much longer the slowest run took, as a part of the fastest.
    pub fn spread(&self) -> f64 {
        let slowest = self.runs.last().and_then(|run| run.figures.number("seconds"));
        slowest.map_or(0.0, |slowest| slowest / self.seconds() - 1.0)
    }

    /// The time of the fastest run as a multiple of its bound.
    pub fn ratio(&self) -> Option<f64> {
        self.figure("bound_seconds")
            .filter(|bound| *bound > 0.0)
            .map(|bound| self.seconds() / bound)
    }

    /// The article's time, if these runs did the job that the article's script did.
    pub fn article(&self) -> Option<f64> {
        let is = |name, value: &str| self.figure(name) == value.parse().ok();
        let is_the_same = match self.program.job {
            Job::Download => {
                is("times", ARTICLES_TIMES)
                    && is("latency_ms", ARTICLES_LATENCY)
                    && self.figure("asked_at_once").is_none()
            }
            Job::Sum => is("number", &ARTICLES_NUMBER.to_string()),
            Job::Race => false,
        };
        self.program.article.filter(|_| is_the_same)
    }

    /// The cells of the table, in the order of its columns.
    pub fn cells(&self) -> [String; 8] {
        let optional = |value: Option<f64>, digits: usize| {
            value.map_or(String::new(), |value| format!("{value:.digits$}"))
        };
        [
            // Hardly ever are two of the race's threads at work at once.
            if self.program.job == Job::Race { String::new() } else { self.at_once().to_string() },
            format!("{:.3}", self.seconds()),
            // One run has nothing to differ from.
            if self.runs.len() > 1 {
                format!("{:.0}%", 100.0 * self.spread())
            } else {
                String::new()
            },
            optional(self.figure("bound_seconds"), 3),
            optional(self.ratio(), 2),
            optional(self.figure("cpu_seconds"), 3),
            optional(self.figure("most_at_once"), 0),
            optional(self.article(), 2),
        ]
    }

    /// The recording of the fastest run.
    pub fn timeline(&self) -> Option<&Timeline> {
        self.runs.first()?.timeline.as_ref()
    }

    fn to_json(&self) -> Value {
        let run = |run: &Run| -> Value {
            let figures = run.figures.numbers();
            Value::Object(figures.map(|(name, figure)| (name.into(), figure.into())).collect())
        };
        json!({
            "program": self.program.name,
            "article_seconds": self.article(),
            "spread": self.spread(),
            "ratio": self.ratio(),
            "runs": self.runs.iter().map(run).collect::<Vec<_>>(),
        })
    }
}

impl Comparison {
    /// How many runs the program with the most of them has.
    fn most_runs(&self) -> usize {
        self.rows.iter().map(|row| row.runs.len()).max().unwrap_or(0)
    }

    /// What the figures of the table are.
    pub fn what_counts(&self) -> String {
        match self.most_runs() {
            1 => "One run of each program, times in seconds.".into(),
            runs => format!(
                "The fastest of {runs} runs, in seconds; spread: how much longer the slowest took."
            ),
        }
    }

    /// Prints the table and a sentence for each job.
    pub fn print(&self) {
        say!("{}\n{}\n", self.machine, self.what_counts());
        let heads = COLUMNS.map(|(head, _)| head);
        print_row("", heads.map(String::from));
        for row in &self.rows {
            print_row(row.program.name, row.cells());
        }
        say!("");
        // The first three are clear from their heads.
        for (head, meaning) in &COLUMNS[3..] {
            say!("{head}: {meaning}");
        }
        if let Some(note) = self.note_on_sums() {
            say!("{}", fill(&note, 80, "sums: ", ""));
        }
        for job in Job::ALL {
            if let Some(sentence) = self.sentence(job) {
                say!("\n{}", fill(&sentence, 80, "", ""));
            }
        }
    }

    /// Which sums were computed, if that is known.
    pub fn note_on_sums(&self) -> Option<String> {
        let sums = self.rows_of(Job::Sum);
        let figure = |name| sums.first().and_then(|row| row.figure(name));
        let number = figure("number")?;
        let mut note = format!("the first number is {}", thousands(number as u64));
        if figure("number_chosen").is_some() {
            note += ", so that one core is busy for about half a second";
        }
        if sums.iter().all(|row| row.article().is_none()) {
            let articles = thousands(ARTICLES_NUMBER);
            let _ = write!(note, "; the article's is {articles}, so its times are not shown");
        }
        Some(note)
    }

    /// The programs that do a job.
    pub fn rows_of(&self, job: Job) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.program.job == job).collect()
    }

    /// All figures.
    pub fn to_json(&self) -> Value {
        json!({
            "machine": self.machine,
            "runs": self.most_runs(),
            "programs": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }

    /// The comparison with these figures, whose fastest runs were recorded; `None` if something is
    /// missing or makes no sense.
    pub fn from_json(figures: Value, mut timelines: Vec<Timeline>) -> Option<Self> {
        let saved: SavedComparison = serde_json::from_value(figures).ok()?;
        let mut rows = Vec::new();
        for SavedRow { program, runs } in saved.programs {
            let program = LESSONS.iter().find(|lesson| lesson.name == program)?;
            let runs = runs.into_iter().map(SavedRun::read).collect::<Option<Vec<Run>>>()?;
            let mut row = Row::new(program, runs);
            let recorded = timelines.iter().position(|run| run.program == program.name);
            row.runs.first_mut()?.timeline = recorded.map(|at| timelines.swap_remove(at));
            rows.push(row);
        }
        (!rows.is_empty()).then_some(Self { machine: printable(&saved.machine), rows })
    }
}

/// What of a comparison is read again; all else follows from it.
#[derive(Deserialize)]
struct SavedComparison {
    machine: String,
    programs: Vec<SavedRow>,
}

#[derive(Deserialize)]
struct SavedRow {
    program: String,
    runs: Vec<SavedRun>,
}

#[derive(Deserialize)]
struct SavedRun(BTreeMap<String, f64>);

impl SavedRun {
    fn read(self) -> Option<Run> {
        self.0.get("seconds").filter(|seconds| **seconds > 0.0)?;
        let all = self.0.iter();
        let figures = all.fold(Summary::default(), |all, (name, figure)| all.with(name, figure));
        Some(Run { figures, timeline: None })
    }
}

/// The heads of the table's columns, and what they mean.
pub const COLUMNS: [(&str, &str); 8] = [
    ("at once", "how many downloads or sums were under way at once"),
    ("time", "seconds"),
    ("spread", "how much longer the slowest run took"),
    ("bound", "the least time for this much waiting (or CPU time) with so many at once"),
    ("ratio", "the time divided by the bound"),
    ("CPU", "seconds of CPU time, of all cores"),
    ("seen", "the most requests that the built-in site saw at once"),
    ("article", "the article's own time, where the job is the same"),
];

fn print_row(name: &str, cells: [String; 8]) {
    let widths = [7, 7, 6, 7, 5, 6, 6, 9];
    let cells = cells.iter().zip(widths).map(|(cell, width)| format!(" {cell:>width$}"));
    say!("{name:18}{}", cells.collect::<String>());
}
