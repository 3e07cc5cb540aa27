//! Runs the built-in site by itself.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use basics::error::{Error, Result};
use basics::say;
use basics::words::thousands;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use clap_derive::Args;
use io_lesson::{Behaviour, PAGES, Site};
use tokio::sync::oneshot;
use tokio::time::sleep;

use crate::children::on_signal;

/// A limit on open files that is no limit.
const MOST_FILES: u64 = 1 << 32;

/// How long all clients must be gone until the site says what it saw.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Args)]
pub struct Options {
    /// Port on 127.0.0.1, 0 for any that is free
    #[arg(long, default_value_t = 8000)]
    port: u16,
    #[command(flatten)]
    site: SiteOptions,
}

/// The options of the site, as the programs that download have them.
struct SiteOptions(Behaviour);

impl FromArgMatches for SiteOptions {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(io_lesson::site_behaviour(matches)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for SiteOptions {
    fn augment_args(command: Command) -> Command {
        command.args(io_lesson::site_options())
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// Runs the built-in site until it is stopped.
pub fn serve(options: Options) -> Result<ExitCode> {
    let Options { port, site: SiteOptions(behaviour) } = options;
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let site = Arc::new(Site::open(port, behaviour).map_err(|error| {
        Error::new(format!("Cannot serve on port {port} of 127.0.0.1: {error}"))
    })?);
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
    on_signal(move || {
        let _ = stop.take().map(|stop| stop.send(()));
    })?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        say!("Each answer takes {latency} ms{most}; stop with Ctrl-C.");
        tokio::spawn(report_each_client(Arc::clone(&site)));
        // Fails only if nobody listens for Ctrl-C any more.
        let _ = stopped.await;
    });
    let counts = site.take_counts();
    if counts.connections > 0 || counts.answered > 0 {
        say!("\n{counts}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what the site saw whenever all clients have gone.
async fn report_each_client(site: Arc<Site>) {
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
