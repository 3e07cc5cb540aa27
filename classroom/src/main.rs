//! The command-line program of the classroom: the built-in site by itself, all programs compared, and
//! saved runs drawn again.
//!
//! ```text
//! cargo run -p classroom -- serve --port 8000
//! cargo run -p classroom -- compare --save report.html
//! cargo run -p classroom -- replay run.json --speed 1
//! ```

mod compare;
mod comparison;
mod replay;
mod report;

use std::process::ExitCode;

use clap::{Arg, Command, value_parser};
use classroom::lesson::{Error, Result, options};
use classroom::output::warn;
use classroom::say;
use classroom::site::{PAGES, Site};

fn main() -> ExitCode {
    let matches = Command::new("classroom")
        .version(env!("CARGO_PKG_VERSION"))
        .about("The built-in site by itself, all programs compared, and saved runs drawn again")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("serve")
                .about("Run the built-in site until Ctrl-C, then say what it saw")
                .arg(
                    Arg::new("port")
                        .long("port")
                        .value_name("PORT")
                        .value_parser(value_parser!(u16))
                        .default_value("8000")
                        .help("Port on 127.0.0.1, 0 for any that is free"),
                )
                .args(options::site_options()),
        )
        .subcommand(compare::command())
        .subcommand(replay::command())
        .get_matches();
    let done = match matches.subcommand() {
        Some(("serve", matches)) => {
            let port = *matches.get_one("port").expect("--port has a default");
            serve(port, options::knobs(matches))
        }
        Some(("compare", matches)) => compare::compare(matches),
        Some(("replay", matches)) => replay::replay(matches),
        _ => unreachable!("a subcommand is required, and there are three"),
    };
    done.unwrap_or_else(|error| {
        warn(format_args!("Error: {error}"));
        ExitCode::FAILURE
    })
}

/// Runs the built-in site until somebody stops it.
fn serve(port: u16, knobs: classroom::site::Knobs) -> Result<ExitCode> {
    // Each connection is a file.
    let files = rlimit::increase_nofile_limit(u64::MAX);
    let site = Site::open(port, knobs).map_err(|error| {
        Error::new(format!("Cannot serve on port {port} of 127.0.0.1: {error}"))
    })?;
    for page in PAGES {
        say!("Serving {}", site.url(page));
    }
    let files = files.map_or(String::new(), |files| format!(", for at most {files} open files"));
    say!("Each answer takes {} ms{files}; stop with Ctrl-C.", site.knobs().latency.as_millis());
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(stopped())?;
    say!("\n{}", site.report());
    Ok(ExitCode::SUCCESS)
}

/// Returns when the program is asked to stop.
async fn stopped() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        let mut interrupted = signal(SignalKind::interrupt())?;
        std::future::poll_fn(|context| {
            let either = [terminated.poll_recv(context), interrupted.poll_recv(context)];
            if either.iter().any(std::task::Poll::is_ready) {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
