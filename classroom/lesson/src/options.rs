//! Options that several programs take, in the same words and with the same numbers.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};

use basics::parse;
use basics::this_process::program_name;
use timeline::save::Target;

/// The command line of the running program, with the options that every program has.
///
/// All help is written for 80 columns: to wrap it at run time takes four more crates.
pub fn command(about: &str) -> Command {
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
pub fn save(help: &'static str) -> Arg {
    Arg::new("save").long("save").value_name("FILE").value_parser(Target::parse).help(help)
}

/// How a pool starts a worker: `--worker NAME`, then the program's own arguments.
pub fn worker() -> Arg {
    Arg::new("worker").long("worker").value_parser(value_parser!(OsString)).hide(true)
}

/// `-c`: its help, and the default that the help names.
///
/// Who has read another program's page may type what it counts.
pub fn concurrency(help: &str, default: &str) -> Arg {
    Arg::new("concurrency")
        .short('c')
        .long("concurrency")
        .aliases(["threads", "tasks", "processes", "workers"])
        .short_alias('t')
        .value_name("N")
        .value_parser(parse::count)
        .help(format!("{help} [default: {default}]"))
}

/// What `-c` says, if the program has that option and it was used.
pub fn asked_concurrency(matches: &ArgMatches) -> Option<usize> {
    matches.try_get_one("concurrency").ok().flatten().copied()
}
