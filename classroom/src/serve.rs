//! Runs the built-in site by itself.

use std::process::ExitCode;

use clap::{Arg, ArgMatches, Command, value_parser};
use classroom::error::{Error, Result};
use classroom::lesson::options;
use classroom::say;
use classroom::site::{PAGES, Site};

/// The command line of `classroom serve`.
pub fn command() -> Command {
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
        .args(options::site_options())
}

/// Runs the built-in site until somebody stops it.
pub fn serve(matches: &ArgMatches) -> Result<ExitCode> {
    let port = *matches.get_one("port").expect("--port has a default");
    let behaviour = options::site_behaviour(matches);
    // Each connection is a file.
    let files = rlimit::increase_nofile_limit(u64::MAX);
    let site = Site::open(port, behaviour).map_err(|error| {
        Error::new(format!("Cannot serve on port {port} of 127.0.0.1: {error}"))
    })?;
    for page in PAGES {
        say!("Serving {}", site.url(page));
    }
    let files = files.map_or(String::new(), |files| format!(", for at most {files} open files"));
    say!("Each answer takes {} ms{files}; stop with Ctrl-C.", site.behaviour().latency.as_millis());
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(stopped())?;
    say!("\n{}", site.counts());
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
