//! Draws a saved run or a saved comparison again.

use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command, value_parser};
use classroom::error::{Error, Result};
use classroom::lesson::options;
use classroom::output;
use classroom::say;
use classroom::timeline::save::Target;
use classroom::timeline::{Timeline, terminal, trace};
use classroom::words::{plural, printable};
use console::{Term, truncate_str};

use crate::compare::page;
use crate::compare::table::Comparison;

/// How long a picture stands before the next one takes its place.
const FRAME: Duration = Duration::from_millis(50);

/// The command line of `classroom replay`.
pub fn command() -> Command {
    Command::new("replay")
        .about("Draw a saved run or a saved comparison again")
        .arg(
            Arg::new("file")
                .value_name("FILE.json")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("What a program or compare has saved with --save FILE.json"),
        )
        .args([
            Arg::new("speed")
                .long("speed")
                .value_name("TIMES")
                .value_parser(speed)
                .conflicts_with("save")
                .help("Play it in the terminal, so many times as fast as it was"),
            options::save("Save it in another form: .svg, .html or .json"),
        ])
}

/// Reads how many times as fast.
fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (1e-6..=1e6).contains(speed));
    speed.ok_or_else(|| "not a number between 0.000001 and 1000000, such as 1 or 0.1".into())
}

/// Prints, plays or saves what was saved.
pub fn replay(matches: &ArgMatches) -> Result<ExitCode> {
    let path: &PathBuf = matches.get_one("file").expect("the file is required");
    let (runs, comparison) = trace::read_file(path)?;
    let save = matches.get_one::<Target>("save");
    let holds = |what: &str| {
        let name = printable(&path.to_string_lossy());
        Error::new(format!("{name} holds {}{what}", plural(runs.len() as u64, "run")))
    };
    let is_drawn = comparison.is_null() || matches.contains_id("speed");
    if runs.is_empty() && is_drawn {
        return Err(holds("; there is nothing to draw"));
    }
    if let Some(&speed) = matches.get_one("speed") {
        play(&runs, speed)?;
    } else if comparison.is_null() {
        match (save, &runs[..]) {
            (Some(target), [run]) => {
                target.save(run)?;
                say!("Saved as {target}");
            }
            (Some(_), _) => return Err(holds("; a picture is of one")),
            (None, runs) => runs.iter().for_each(print),
        }
    } else {
        let comparison = Comparison::from_json(&comparison, runs).ok_or_else(|| {
            let name = printable(&path.to_string_lossy());
            Error::new(format!("Cannot read {name}: figures in it are missing or make no sense"))
        })?;
        match save {
            Some(target) => {
                if let Err(error) = page::check_form(target) {
                    let mut command = command().bin_name("classroom replay");
                    command.error(ErrorKind::ValueValidation, error).exit();
                }
                page::save(&comparison, target)?;
                say!("Saved as {target}");
            }
            None => show(&comparison),
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the table, and the pictures under it.
fn show(comparison: &Comparison) {
    comparison.print();
    for row in &comparison.rows {
        if let Some(timeline) = row.timeline() {
            say!("");
            print(timeline);
        }
    }
}

/// Prints the picture of a run.
fn print(run: &Timeline) {
    let width = terminal::width();
    let program = truncate_str(&run.program, width / 2, "…");
    say!("{program}: {:.3} s\n", run.duration.as_secs_f64());
    say!("{}", terminal::draw(run, width));
    say!("{}", terminal::sentence(run));
}

/// Plays one run after the other in the terminal.
fn play(runs: &[Timeline], speed: f64) -> Result<()> {
    let terminal = Term::stdout();
    for run in runs {
        let film = terminal::Film::of(run);
        let start = Instant::now();
        // Elsewhere than in a terminal there is only the last picture, in its time.
        let end = run.duration;
        let mut lines = 0;
        loop {
            let now = start.elapsed().mul_f64(speed).min(end);
            let is_over = now == end;
            if terminal.is_term() || is_over {
                let width = terminal::width();
                let picture =
                    if is_over { terminal::draw(run, width) } else { film.draw_until(width, now) };
                terminal.clear_last_lines(lines)?;
                // A line that wraps would be two to clear.
                let program = truncate_str(&run.program, width / 2, "…");
                let head = format!("{program}: {:.3} s", now.as_secs_f64());
                let frame = format!("{head}\n\n{picture}");
                lines = frame.lines().count();
                say!("{frame}");
            }
            if is_over || output::is_gone() {
                break;
            }
            thread::sleep(FRAME.min(end.saturating_sub(now).div_f64(speed)));
        }
        say!("{}\n", terminal::sentence(run));
    }
    Ok(())
}
