//! Runs the built-in site by itself.

use std::future::poll_fn;
use std::pin::pin;
use std::process::ExitCode;

use std::time::Duration;

use basics::error::{Error, Result};
use basics::say;
use basics::words::thousands;
use clap::{Arg, ArgMatches, Command, value_parser};
use io_lesson::{PAGES, Site};
use tokio::sync::oneshot;
use tokio::time::sleep;

/// A limit on open files that is no limit.
const MOST_FILES: u64 = 1 << 32;

/// How long all clients must be gone until the site says what it saw.
const PAUSE: Duration = Duration::from_secs(1);

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
        .args(io_lesson::site_options())
}

/// Runs the built-in site until it is stopped.
pub fn serve(matches: &ArgMatches) -> Result<ExitCode> {
    let port = *matches.get_one("port").expect("--port has a default");
    let behaviour = io_lesson::site_behaviour(matches);
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let site = Site::open(port, behaviour).map_err(|error| {
        Error::new(format!("Cannot serve on port {port} of 127.0.0.1: {error}"))
    })?;
    for page in PAGES {
        say!("Serving {}", site.url(page));
    }
    // Each connection is a file. A system without a limit names an absurd number.
    let most = if files < MOST_FILES {
        format!(", for at most about {} connections", thousands(files))
    } else {
        String::new()
    };
    let latency = site.behaviour().latency.as_millis();
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    // A second signal finds the site closing already.
    ctrlc::set_handler(move || {
        let _ = stop.take().map(|stop| stop.send(()));
    })?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let mut stopped = pin!(stopped);
        say!("Each answer takes {latency} ms{most}; stop with Ctrl-C.");
        let mut reports = pin!(report_each_client(&site));
        poll_fn(|context| {
            let _ = reports.as_mut().poll(context);
            stopped.as_mut().poll(context).map(drop)
        })
        .await;
    });
    let counts = site.take_counts();
    if counts.connections > 0 || counts.answered > 0 {
        say!("\n{counts}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what the site saw whenever all clients have gone.
async fn report_each_client(site: &Site) {
    loop {
        site.last_closed().await;
        // A client may open one connection after the other.
        sleep(PAUSE).await;
        if site.open_connections() == 0 {
            let counts = site.take_counts();
            if counts.connections > 0 {
                say!("{counts}");
            }
        }
    }
}
