//! Options that several programs take, in the same words and with the same numbers.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use crate::this_process::program_name;
use crate::timeline::save::Target;

/// The command line of the running program, with the options that every program has.
///
/// All help is written for 80 columns: to wrap it at run time takes four more crates.
pub(crate) fn command(about: &str) -> Command {
    Command::new(program_name())
        .version(env!("CARGO_PKG_VERSION"))
        .about(about.to_string())
        .arg(
            Arg::new("quiet")
                .short('q')
                .long("quiet")
                .action(ArgAction::SetTrue)
                .help("Show a progress bar instead of a line per item"),
        )
        .arg(
            Arg::new("diagram")
                .long("diagram")
                .action(ArgAction::SetTrue)
                .help("Draw who worked and who waited, when"),
        )
        .arg(save("Save the picture: .svg, .html or .json (a trace)"))
        .arg(
            // Where `compare` has a program write the figures of its run.
            Arg::new("summary").long("summary").value_parser(value_parser!(PathBuf)).hide(true),
        )
}

/// `--save`, the file that a picture is written to.
#[must_use]
pub fn save(help: &'static str) -> Arg {
    Arg::new("save").long("save").value_name("FILE").value_parser(Target::parse).help(help)
}

/// How a pool starts a worker: `--worker NAME`, then the program's own arguments.
pub(crate) fn worker() -> Arg {
    Arg::new("worker").long("worker").value_parser(value_parser!(OsString)).hide(true)
}

/// `-c`: its help, and the default that the help names.
pub(crate) fn concurrency(help: &str, default: &str) -> Arg {
    Arg::new("concurrency")
        .short('c')
        .long("concurrency")
        .value_name("N")
        .value_parser(count)
        .help(format!("{help} [default: {default}]"))
}

/// What `-c` says, if the program has that option and it was used.
pub(crate) fn asked_concurrency(matches: &ArgMatches) -> Option<usize> {
    matches.try_get_one("concurrency").ok().flatten().copied()
}

/// The options of the built-in site.
#[cfg(feature = "site")]
#[must_use]
pub fn site_options() -> Vec<Arg> {
    let option = |name: &'static str, unit: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(unit)
            .help(help)
            .help_heading("Options of the built-in site")
    };
    vec![
        option("latency", "MS", "Time to each answer, in milliseconds")
            .value_parser(whole_number)
            .default_value("90"),
        option("jitter", "MS", "Add up to this to each latency, at random")
            .value_parser(whole_number)
            .default_value("0"),
        option("handshake", "MS", "Add this to a connection's first answer")
            .value_parser(whole_number)
            .default_value("0"),
        option("seed", "N", "Make the jitter the same in every run").value_parser(whole_number),
        option("capacity", "N", "Serve this many requests at once; let the others queue")
            .value_parser(count),
        option("fail", "N", "Answer every N-th request with status 500").value_parser(count),
        option("hang", "N", "Leave every N-th request unanswered").value_parser(count),
    ]
}

/// The built-in site as its options want it.
#[cfg(feature = "site")]
#[must_use]
pub fn site_behaviour(matches: &ArgMatches) -> crate::site::Behaviour {
    let number = |name| matches.get_one::<u64>(name).copied();
    let size = |name| matches.get_one::<usize>(name).copied();
    let milliseconds = |name| Duration::from_millis(number(name).unwrap_or(0));
    crate::site::Behaviour {
        latency: milliseconds("latency"),
        jitter: milliseconds("jitter"),
        handshake: milliseconds("handshake"),
        seed: number("seed"),
        capacity: size("capacity"),
        fail: size("fail"),
        hang: size("hang"),
        watch: true,
    }
}

/// Reads a whole number as Rust writes it: `5000000` or `5_000_000`.
pub fn whole_number(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("not a whole number such as 160 or 5_000_000".into());
    }
    digits.parse().map_err(|_| format!("larger than {}", u64::MAX))
}

/// Reads a whole number of at least 1.
pub fn count(text: &str) -> Result<usize, String> {
    match usize::try_from(whole_number(text)?) {
        Ok(0) => Err("it must be at least 1".into()),
        // A length of a vector can be no larger; no machine comes near it.
        Ok(number) if isize::try_from(number).is_ok() => Ok(number),
        _ => Err(format!("larger than {}", isize::MAX)),
    }
}

/// Reads a time in seconds, such as `10` or `0.5`.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let time = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    // A day: longer than anybody waits, and short enough to be added to a clock.
    let longest = Duration::from_secs(86_400);
    time.filter(|time| !time.is_zero() && *time <= longest)
        .ok_or_else(|| "not a time in seconds between 0 and 86400, such as 10 or 0.5".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_grouped_by_underscores() {
        assert_eq!(whole_number("5_000_000"), Ok(5_000_000));
        assert_eq!(whole_number("0"), Ok(0));
        for wrong in ["", "_", "abc", "-1", "1.5", "1e6", "18446744073709551616"] {
            assert!(whole_number(wrong).is_err(), "{wrong:?} is no whole number");
        }
    }

    #[test]
    fn a_count_is_at_least_one() {
        assert_eq!(count("1"), Ok(1));
        assert!(count("0").is_err());
        assert!(count("18446744073709551615").is_err());
    }

    #[test]
    fn a_time_is_more_than_nothing_and_less_than_for_ever() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "inf", "NaN", "1e300", "ten", ""] {
            assert!(seconds(wrong).is_err(), "{wrong:?} is no time limit");
        }
    }
}
