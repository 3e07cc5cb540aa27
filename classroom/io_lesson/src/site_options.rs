//! The options of the built-in site.

use std::time::Duration;

use basics::parse::{count, whole_number};
use clap::{Arg, ArgMatches};

use site::Behaviour;

/// The options of the built-in site.
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

/// The most connections on which the site always watches for clients that leave: 4 MB.
const MOST_WATCHED: usize = 500;

/// Whether the site watches for clients that leave: always with few connections, with many only if
/// time-outs are likely.
pub(crate) fn watches(behaviour: &Behaviour, concurrency: usize, timeout: Duration) -> bool {
    let longest = behaviour.handshake + behaviour.latency + behaviour.jitter;
    concurrency <= MOST_WATCHED
        || behaviour.hang.is_some()
        || behaviour.capacity.is_some()
        || longest + Duration::from_secs(1) > timeout
}

/// The built-in site as its options want it.
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
