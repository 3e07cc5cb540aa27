//! Every claim of the texts, tried: the experiments are run, and each says what it has found.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};
use basics::output;
use basics::parse;
use basics::say;
use clap_derive::Args;
use experiment::{Claim, Finding, Text, Verdict};
use indicatif::ProgressBar;
use timeline::save::{Form, Target};

mod compiler;
mod lessons;
mod page;
mod report;
mod trial;

use crate::cargo::{self, Executables};
use crate::children::{is_told_to_end, listen_for_the_end};
use crate::compare::bar;
use crate::compare::machine::this_machine;
use report::{ClaimResult, Outcome, Report};
use trial::Experiment;

/// The file name that stands for standard output.
const STDOUT: &str = "-";

#[derive(Args)]
#[command(after_help = format!("The texts:\n{}", texts()))]
pub struct Options {
    /// Try this claim only, such as C23; several with commas
    #[arg(long, value_name = "CLAIM", value_delimiter = ',', value_parser = number)]
    only: Vec<&'static str>,
    /// Try the claims of this text only, such as 000
    #[arg(long, value_name = "NUMBER", value_delimiter = ',', value_parser = text, conflicts_with = "only")]
    text: Vec<&'static str>,
    /// List the claims and how they are tried; run nothing
    #[arg(long, conflicts_with = "save")]
    list: bool,
    /// How long one run of a program may take
    #[arg(long, value_name = "SECONDS", value_parser = parse::seconds, default_value = "60")]
    timeout: Duration,
    /// Print JSON instead of the text, or write it to FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = STDOUT)]
    json: Option<PathBuf>,
    /// Save all as a page, .html or .md
    #[arg(long, value_name = "FILE", value_parser = PageFile::parse)]
    save: Option<PageFile>,
}

/// The texts by their numbers.
fn texts() -> String {
    let line = |text: &Text| {
        let link = text.link.map_or(String::new(), |link| format!(", {link}"));
        format!("  {}  {}\n       {}{link}", text.number, text.title, text.publisher)
    };
    experiment::texts().iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Reads the number of a claim: `C23`, also `c23` and `23`.
fn number(text: &str) -> Result<&'static str, String> {
    let digits = text.trim().trim_start_matches(['C', 'c']);
    let wanted = format!("C{digits:0>2}");
    let claim = experiment::claims().iter().find(|claim| claim.number == wanted);
    claim.map(|claim| claim.number).ok_or_else(|| "no claim has that number (see --list)".into())
}

/// Reads the number of a text: `000`, also `0`.
fn text(number: &str) -> Result<&'static str, String> {
    let number = number.trim();
    let wanted = format!("{number:0>3}");
    let texts = experiment::texts();
    let text = texts.iter().find(|text| text.number == wanted && !number.is_empty());
    text.map(|text| text.number).ok_or_else(|| {
        let last = texts.last().map_or("", |text| text.number);
        format!("the texts are 000 to {last}")
    })
}

/// Reads the name of the file of a page.
pub fn page_target(name: &str) -> Result<Target, String> {
    let target = Target::parse(name).ok().filter(|target| target.form() == Form::Html);
    target.ok_or_else(|| "the ending must be .html".into())
}

/// A file that a page is saved in.
#[derive(Clone)]
struct PageFile {
    target: Target,
    is_markdown: bool,
}

impl PageFile {
    /// Reads its name.
    fn parse(name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        let is_markdown = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
        let target = if is_markdown { Ok(Target::of_any_form(path)) } else { page_target(name) };
        let target = target.map_err(|_| "the ending must be .html or .md")?;
        Ok(Self { target, is_markdown })
    }
}

impl Options {
    /// The claims that are asked for, in the order of the texts.
    fn claims(&self) -> Vec<&'static Claim> {
        let is_wanted = |claim: &&Claim| {
            (self.only.is_empty() || self.only.contains(&claim.number))
                && (self.text.is_empty() || claim.texts.iter().any(|text| self.text.contains(text)))
        };
        experiment::claims().iter().filter(is_wanted).collect()
    }

    /// Whether text is printed, and not JSON.
    fn is_text(&self) -> bool {
        self.json.as_ref().is_none_or(|path| path.as_os_str() != STDOUT)
    }

    /// The file that JSON is written to beside the text.
    fn json_file(&self) -> Option<Target> {
        self.json.clone().filter(|_| self.is_text()).map(Target::of_any_form)
    }
}

/// Builds what is missing, runs the experiments and prints what they found.
pub fn claims(options: &Options) -> Result<ExitCode> {
    let json = options.json_file();
    // A file that cannot be written is found out before the experiments.
    for target in json.iter().chain(options.save.as_ref().map(|page| &page.target)) {
        target.check()?;
    }
    let claims = options.claims();
    let report = if options.list { list(&claims, options) } else { try_all(&claims, options)? };
    if !options.is_text() {
        say!("{:#}", report.to_json());
    }
    if let Some(target) = json {
        target.write(|file| writeln!(file, "{:#}", report.to_json()))?;
    }
    if let Some(PageFile { target, is_markdown }) = &options.save {
        let page = if *is_markdown { page::markdown(&report) } else { page::html(&report) };
        target.write(|file| file.write_all(page.as_bytes()))?;
        if options.is_text() {
            say!("\nSaved as {target}");
        }
    }
    Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Lists the claims; nothing is run.
fn list(claims: &[&'static Claim], options: &Options) -> Report {
    let claims: Vec<ClaimResult> = claims.iter().map(|claim| ClaimResult::of(claim)).collect();
    if options.is_text() {
        for claim in &claims {
            say!("{}\n", claim.in_words());
        }
    }
    Report { machine: this_machine(), claims, time: Duration::ZERO }
}

/// Tries the claims and prints each when it has been tried.
fn try_all(claims: &[&'static Claim], options: &Options) -> Result<Report> {
    listen_for_the_end()?;
    let machine = this_machine();
    if options.is_text() {
        say!("{machine}\n{}\n", texts());
    }
    if options.save.is_some() || options.json_file().is_some() {
        output::finish_without_reader();
    }
    let mut experiments = Experiments::build(claims, options.timeout)?;
    let start = Instant::now();
    let mut results = Vec::new();
    for claim in claims {
        let result = ClaimResult { claim, outcome: Some(experiments.outcome(claim)) };
        if is_told_to_end() {
            return Err(Error::new("told to end"));
        }
        if options.is_text() {
            experiments.bar.suspend(|| say!("{}\n", result.in_words()));
        }
        results.push(result);
    }
    experiments.bar.finish_and_clear();
    let report = Report { machine, claims: results, time: start.elapsed() };
    if options.is_text() {
        say!("{}", report.summary());
    }
    Ok(report)
}

/// The experiments of some claims, each run once, when the first of its claims comes.
struct Experiments {
    executables: Executables,
    workspace: PathBuf,
    limit: Duration,
    bar: ProgressBar,
    /// What each has found, or why it has not.
    findings: BTreeMap<Experiment, Result<Vec<Finding>, String>>,
}

impl Experiments {
    fn build(claims: &[&'static Claim], limit: Duration) -> Result<Self> {
        let mut experiments: Vec<Experiment> =
            claims.iter().filter_map(|claim| Experiment::of(claim)).collect();
        experiments.sort_unstable();
        experiments.dedup();
        let bar = bar(experiments.len(), "experiments");
        let workspace = cargo::workspace()?;
        let programs = experiments.iter().flat_map(|experiment| experiment.programs());
        let executables = Executables::build(&workspace, programs, |what| {
            bar.set_message(what.to_string());
        })?;
        Ok(Self { executables, workspace, limit, bar, findings: BTreeMap::new() })
    }

    /// What the experiment of a claim has found about it.
    fn outcome(&mut self, claim: &'static Claim) -> Outcome {
        let Some(experiment) = Experiment::of(claim) else { return Outcome::Idea };
        let findings = self.findings.entry(experiment).or_insert_with(|| {
            self.bar.set_message(experiment.name());
            let findings = experiment.run(&self.workspace, &self.executables, self.limit);
            self.bar.inc(1);
            findings.map_err(|error| in_one_line(&error))
        });
        let findings = match findings {
            Ok(findings) => findings,
            Err(reason) => return Outcome::Failed(format!("the experiment failed: {reason}")),
        };
        match findings.iter().find(|finding| finding.claim == claim.number) {
            Some(finding) => Outcome::Verdict(finding.verdict, finding.numbers.clone()),
            None if cfg!(target_os = "linux") => {
                Outcome::Failed("the experiment said nothing about it".into())
            }
            // Some look into what only Linux tells about its processes.
            None => {
                Outcome::Verdict(Verdict::Undecided, "it cannot be tried on this system".into())
            }
        }
    }
}

/// The beginning of an error: a compiler says much more.
fn in_one_line(error: &Error) -> String {
    let error = error.to_string();
    let lines = error.lines().filter(|line| !line.trim().is_empty());
    lines.take(2).collect::<Vec<_>>().join(" ")
}
