//! The options of the built-in site.

use std::time::Duration;

use basics::parse::{count, whole_number};
use clap::{Arg, ArgMatches};

use site::Behaviour;

/// The options of the built-in site.
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
#[must_use]
pub fn site_behaviour(matches: &ArgMatches) -> Behaviour {
    let number = |name| matches.get_one::<u64>(name).copied();
    let size = |name| matches.get_one::<usize>(name).copied();
    let milliseconds = |name| Duration::from_millis(number(name).unwrap_or(0));
    Behaviour {
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
