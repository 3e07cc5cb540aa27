//! Every claim of the texts, tried: the experiments are run, and each says what it has found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::cargo;
use basics::error::Result;
use basics::output;
use basics::parse;
use basics::say;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use experiment::Judged;
use experiment::Verdict;
use indicatif::{ProgressBar, ProgressStyle};
use lesson::options;
use timeline::save::{Form, Target};

mod built;
mod claim;
mod compiler;
mod lessons;
mod list;
mod page;
mod report;
mod trial;

use built::Built;
use claim::{Claim, TEXTS};
use report::{Outcome, Report, Tried};
use trial::{Experiment, Trial};

use crate::children::{INTERRUPTED, is_told_to_end, listen_for_the_end};
use crate::compare::machine::this_machine;

/// The file name that stands for standard output.
const STDOUT: &str = "-";

/// The command line of `classroom claims`.
pub fn command() -> Command {
    Command::new("claims")
        .about("Try every claim of the texts and say whether it holds here")
        .after_help(format!("The texts:\n{}", texts()))
        .args([
            Arg::new("only")
                .long("only")
                .value_name("CLAIM")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(number)
                .help("Try this claim only, such as C23; several with commas"),
            Arg::new("text")
                .long("text")
                .value_name("NUMBER")
                .action(ArgAction::Append)
                .value_delimiter(',')
                .value_parser(text)
                .conflicts_with("only")
                .help("Try the claims of this text only, such as 000"),
            Arg::new("list")
                .long("list")
                .action(ArgAction::SetTrue)
                .conflicts_with("save")
                .help("List the claims and how they are tried; run nothing"),
            Arg::new("timeout")
                .long("timeout")
                .value_name("SECONDS")
                .value_parser(parse::seconds)
                .default_value("60")
                .help("How long an experiment may take"),
            Arg::new("json")
                .long("json")
                .value_name("FILE")
                .num_args(0..=1)
                .default_missing_value(STDOUT)
                .value_parser(value_parser!(PathBuf))
                .help("Print JSON instead of the text, or write it to FILE"),
            options::save("Save all as a page, .html").value_parser(target),
        ])
}

/// The legend of the texts' numbers.
fn texts() -> String {
    TEXTS.map(|text| format!("  {}  {}", text.number, text.title)).join("\n")
}

/// Reads the number of a claim: `C23`, also `c23` and `23`.
fn number(text: &str) -> Result<&'static str, String> {
    let digits = text.trim().trim_start_matches(['C', 'c']);
    let wanted = format!("C{digits:0>2}");
    let found = list::claims().find(|claim| claim.number == wanted);
    found.map(|claim| claim.number).ok_or_else(|| "no claim has that number (see --list)".into())
}

/// Reads the number of a text: `000`, also `0`.
fn text(number: &str) -> Result<&'static str, String> {
    let wanted = format!("{:0>3}", number.trim());
    let found = TEXTS.iter().find(|text| text.number == wanted);
    found.map(|text| text.number).ok_or_else(|| {
        let last = TEXTS.last().map_or("", |text| text.number);
        format!("the texts are 000 to {last}")
    })
}

/// Reads the name of the file of a page.
fn target(name: &str) -> Result<Target, String> {
    let page = Target::parse(name).ok().filter(|target| target.form() == Form::Html);
    page.ok_or_else(|| "the ending must be .html (for JSON there is --json)".into())
}

/// The claims that the command line asks for, in the order of the texts.
fn chosen(matches: &ArgMatches) -> Vec<&'static Claim> {
    let named = |option| {
        let values = matches.get_many::<&'static str>(option);
        values.map(|values| values.copied().collect::<BTreeSet<&str>>())
    };
    let (only, texts) = (named("only"), named("text"));
    let is_chosen = |claim: &&Claim| {
        only.as_ref().is_none_or(|only| only.contains(claim.number))
            && texts.as_ref().is_none_or(|texts| claim.texts().any(|text| texts.contains(text)))
    };
    list::claims().filter(is_chosen).collect()
}

/// Builds what is missing, runs the experiments and prints what they found.
pub fn claims(matches: &ArgMatches) -> Result<ExitCode> {
    let done = claims_tried(matches);
    if is_told_to_end() { Ok(ExitCode::from(INTERRUPTED)) } else { done }
}

fn claims_tried(matches: &ArgMatches) -> Result<ExitCode> {
    let chosen = chosen(matches);
    let limit: Duration = *matches.get_one("timeout").expect("--timeout has a default");
    // A file that cannot be written is found out before the experiments.
    let json = matches.get_one::<PathBuf>("json");
    let is_text = json.is_none_or(|path| path.as_os_str() != STDOUT);
    let json = json.filter(|_| is_text).cloned().map(Target::json);
    let save = matches.get_one::<Target>("save");
    let is_saved = json.is_some() || save.is_some();
    for target in json.iter().chain(save) {
        target.check()?;
    }
    let mut report = Report::of(this_machine());
    if matches.get_flag("list") {
        report.claims = chosen.into_iter().map(Tried::listed).collect();
        if is_text {
            report.claims.iter().for_each(|tried| say!("{}\n", tried.in_words()));
        }
    } else {
        listen_for_the_end()?;
        if is_text {
            say!("{}\n{}\n", report.machine, texts());
        }
        let on_tried = |tried: &Tried| {
            if is_text {
                say!("{}\n", tried.in_words());
            }
        };
        (report.claims, report.time) = tried(&chosen, limit, is_saved, on_tried)?;
        if is_told_to_end() {
            return Ok(ExitCode::FAILURE);
        }
        if is_text {
            say!("{}", report.summary());
        }
    }
    if !is_text {
        say!("{:#}", report.to_json());
    }
    if let Some(target) = json {
        target.write(|file| writeln!(file, "{:#}", report.to_json()))?;
    }
    if let Some(target) = save {
        target.write(|file| file.write_all(page::document(&report).as_bytes()))?;
        if is_text {
            say!("\nSaved as {target}");
        }
    }
    Ok(if report.has_failed() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What an experiment has said about its claims, or why it has not.
type Found = std::result::Result<Vec<Judged>, String>;

/// Runs the experiments of these claims, each once and each when the first of its claims comes;
/// returns how long they took together, too.
fn tried(
    claims: &[&'static Claim],
    limit: Duration,
    is_saved: bool,
    on_tried: impl Fn(&Tried),
) -> Result<(Vec<Tried>, Duration)> {
    let mut experiments = Vec::new();
    for claim in claims {
        if let Trial::By(experiment) = claim.trial
            && !experiments.contains(&experiment)
        {
            experiments.push(experiment);
        }
    }
    let bar = ProgressBar::new(experiments.len() as u64);
    let template = "{bar:24} {pos} of {len} experiments, {elapsed}: {msg}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    let programs = experiments.iter().flat_map(|experiment| experiment.programs());
    let built = Built::new(&cargo::workspace()?, programs, |message| bar.set_message(message));
    let start = Instant::now();
    let mut found = BTreeMap::<Experiment, Found>::new();
    let mut all = Vec::new();
    for claim in claims {
        if output::is_gone() && !is_saved {
            break; // With `| head` nobody reads on.
        }
        let outcome = match claim.trial {
            Trial::Idea(_) => Outcome::Idea,
            Trial::By(experiment) => {
                let said = found.entry(experiment).or_insert_with(|| {
                    bar.set_message(experiment.name());
                    let said = experiment.run(&built, limit).map_err(|error| error.to_string());
                    bar.inc(1);
                    said
                });
                outcome(claim, said)
            }
        };
        if is_told_to_end() {
            break;
        }
        let tried = Tried { claim, outcome: Some(outcome) };
        bar.suspend(|| on_tried(&tried));
        all.push(tried);
    }
    bar.finish_and_clear();
    Ok((all, start.elapsed()))
}

/// What an experiment has said about this claim.
fn outcome(claim: &Claim, said: &Found) -> Outcome {
    let said = match said {
        Ok(said) => said,
        Err(reason) => return Outcome::Failed(format!("the experiment failed: {reason}")),
    };
    match said.iter().find(|judged| judged.claim == claim.number) {
        Some(judged) => Outcome::Judged(judged.verdict, judged.numbers.clone()),
        None if cfg!(target_os = "linux") => {
            Outcome::Failed("the experiment said nothing about it".into())
        }
        // Some look into what only Linux tells about its processes.
        None => Outcome::Judged(Verdict::Undecided, "it cannot be tried on this system".into()),
    }
}
