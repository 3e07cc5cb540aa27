//! Around the sums: their numbers, and whether they are right.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command};
use cpu_time::ProcessTime;

use basics::error::Result;
use basics::output::{FlushAtEnd, quiet, warn};
use basics::words::{plural, thousands};
use basics::workers::{self, Lost};
use basics::{parse, say};
use timeline::Job;

use super::concurrency::{Concurrency, cpu_time, set_time_limit};
use super::limits;
use super::options;
use super::picture::PictureOptions;
use super::summary::Summary;

/// The largest number to sum up to: its sum takes about ten minutes, and 20 of them still fit into
/// a `u128`.
const LARGEST_NUMBER: u64 = 1_000_000_000_000;

/// A shorter run says nothing about cores, because the CPU time is counted a little longer.
const SHORTEST: Duration = Duration::from_millis(1);

/// The most numbers of one run.
const MOST_NUMBERS: usize = 10_000_000;

/// The options of a program that computes.
pub struct CpuLesson {
    how: Concurrency,
    concurrency: usize,
    number: u64,
    count: usize,
    picture: PictureOptions,
    options: ArgMatches,
    cpu_time: ProcessTime,
    _lines: FlushAtEnd,
}

/// Reads the command line of a program that computes.
///
/// `number` is its first number and `count` how many there are if the options do not say; `how` is
/// how it computes several sums at once. Wrong usage ends the program with status 2.
///
/// # Errors
///
/// The file of `--save` cannot be written.
pub fn cpu(number: u64, count: usize, how: Concurrency) -> Result<CpuLesson> {
    cpu_with(number, count, how, Vec::new())
}

/// [`cpu`] for a program with options of its own; [`CpuLesson::option`] says what came of them.
///
/// # Errors
///
/// As [`cpu`].
pub fn cpu_with(number: u64, count: usize, how: Concurrency, own: Vec<Arg>) -> Result<CpuLesson> {
    let mut command = command(number, count, how).args(own);
    let matches = command.get_matches_mut();
    let number = matches.get_one("number").copied().unwrap_or(number);
    let count = matches.get_one("count").copied().unwrap_or(count);
    if number > LARGEST_NUMBER || count > MOST_NUMBERS {
        let sentence = format!(
            "--number is at most {} and --count at most {}",
            underscored(LARGEST_NUMBER),
            underscored(MOST_NUMBERS as u64),
        );
        command.error(ErrorKind::ValueValidation, sentence).exit();
    }
    if matches.get_flag("quiet") {
        quiet(count as u64);
    }
    // A step of the loop takes about a nanosecond: a hundred times that, and time to begin.
    set_time_limit(Duration::from_secs(10) + 100 * Duration::from_nanos(number));
    let asked = options::asked_concurrency(&matches);
    Ok(CpuLesson {
        how,
        concurrency: limits::sensible(how, asked.unwrap_or(how.default_for(count)).min(count)),
        number,
        count,
        picture: PictureOptions::if_asked(&matches, Job::Sum, how)?,
        options: matches,
        cpu_time: ProcessTime::now(),
        _lines: FlushAtEnd,
    })
}

/// The command line of a program that computes.
fn command(number: u64, count: usize, how: Concurrency) -> Command {
    let about =
        format!("Adds up the squares below {count} large numbers, {}.", how.in_words("number"));
    options::command(&about)
        .mut_arg("quiet", |quiet| quiet.help("Show a progress bar"))
        .args(how.options("number", "all"))
        .args([
            Arg::new("number")
                .long("number")
                .value_name("N")
                .value_parser(parse::whole_number)
                .help(format!("The first number [default: {}]", underscored(number))),
            Arg::new("count")
                .long("count")
                .value_name("N")
                .value_parser(parse::count)
                .help(format!("How many numbers, counted from the first [default: {count}]")),
        ])
}

/// `5000000` as Rust and Python write it: `5_000_000`.
fn underscored(number: u64) -> String {
    thousands(number).replace(',', "_")
}

/// What came back for a number.
pub trait Answer {
    /// The sum, or the reason why there is none.
    fn sum(&self) -> Result<u128, &str>;
}

impl Answer for u128 {
    fn sum(&self) -> Result<u128, &str> {
        Ok(*self)
    }
}

impl Answer for Result<u128, Lost> {
    fn sum(&self) -> Result<u128, &str> {
        self.as_ref().copied().map_err(|lost| &*lost.reason)
    }
}

/// The sum of the squares below `number`, by the closed formula.
fn sum_of_squares_below(number: u64) -> u128 {
    let n = u128::from(number);
    n.saturating_sub(1) * n * (2 * n).saturating_sub(1) / 6
}

impl CpuLesson {
    /// The first number.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How many numbers.
    pub fn count(&self) -> u64 {
        self.count as u64
    }

    /// How many sums to have under way at once.
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// What the command line says of an option of the program's own, or its default.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get_one::<String>(name).map(String::as_str)
    }

    /// Says how many cores were busy and checks the sums, which are in the order of the numbers.
    ///
    /// The exit code is 1 if a sum is missing or wrong.
    pub fn report(self, answers: &[impl Answer], duration: Duration) -> Result<ExitCode> {
        let (cores, at_once) = (num_cpus::get(), workers::width(self.concurrency));
        // It is counted from a moment before the clock to a moment after it, and the cores can have
        // given no more than this in that time.
        let cpu_time = cpu_time(self.cpu_time).min(duration * u32::try_from(cores)?);
        // The cores of other machines are not known here.
        if !matches!(self.how, Concurrency::Workers(_)) {
            say!("{}", busy(cores, cpu_time, duration));
        }
        let right = self.check(answers);
        let width = at_once.min(cores).max(1) as f64;
        Summary::default()
            .with("seconds", duration.as_secs_f64())
            .with("cpu_seconds", cpu_time.as_secs_f64())
            .with("at_once", at_once)
            .with("cores", cores)
            .with("items", answers.len())
            .with("ok", right)
            // No run is faster than its bound, though CPU time is counted a moment longer.
            .with("bound_seconds", (cpu_time.as_secs_f64() / width).min(duration.as_secs_f64()))
            .write(self.options.get_one::<PathBuf>("summary").map(PathBuf::as_path))?;
        self.picture.show(duration)?;
        let all_well = right == answers.len() && workers::lost() == 0;
        Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Checks the sums, says how many are right, and returns that number.
    fn check(&self, answers: &[impl Answer]) -> usize {
        let mut failed = 0;
        let mut total = 0;
        for (number, answer) in (self.number..).zip(answers) {
            let right = sum_of_squares_below(number);
            match answer.sum() {
                Ok(sum) if sum == right => total += sum,
                Ok(sum) => {
                    failed += 1;
                    warn(format_args!("The sum for {number} is {right}, not {sum}"));
                }
                Err(reason) => {
                    failed += 1;
                    warn(format_args!("There is no sum for {number}: {reason}"));
                }
            }
        }
        let right = answers.len() - failed;
        let (sums, total) = (plural(answers.len() as u64, "sum"), thousands(total));
        match (failed, right) {
            (0, 1) => say!("the sum was checked; it is {total}"),
            (0, _) => say!("all {sums} checked; together they are {total}"),
            _ => say!("{right} of {sums} checked, {failed} failed"),
        }
        right
    }
}

/// How many of the cores were busy.
fn busy(cores: usize, cpu_time: Duration, duration: Duration) -> String {
    let (cpu, clock) = (cpu_time.as_secs_f64(), duration.as_secs_f64());
    let used = format!("{cpu:.3} s of CPU time in {clock:.3} s");
    if duration < SHORTEST {
        return format!("too short to tell how many cores were busy: {used}");
    }
    format!("{:.2} of {} busy: {used}", cpu / clock, plural(cores as u64, "core"))
}

#[cfg(test)]
mod tests {
    use super::sum_of_squares_below;

    #[test]
    fn the_formula_agrees_with_the_sum() {
        for number in 0..100 {
            let sum: u128 = (0..number).map(|i| u128::from(i) * u128::from(i)).sum();
            assert_eq!(sum_of_squares_below(number), sum);
        }
    }

    #[test]
    fn the_articles_sums() {
        assert_eq!(sum_of_squares_below(5_000_000), 41_666_654_166_667_500_000);
        assert_eq!(sum_of_squares_below(5_000_019), 41_667_129_168_377_502_109);
        let total: u128 = (5_000_000..5_000_020).map(sum_of_squares_below).sum();
        assert_eq!(total, 833_337_833_344_750_010_830);
    }

    #[test]
    fn the_largest_sums_fit() {
        let largest = sum_of_squares_below(super::LARGEST_NUMBER + super::MOST_NUMBERS as u64);
        assert!(largest.checked_mul(20).is_some());
    }
}
