//! `await_in_the_loop`: a task for each page, and yet one page after the other.
//!
//! - **Run** `cargo run -p io_asyncio --example await_in_the_loop`
//! - **Fault** Each task is awaited as soon as it is started, so the next one does not exist yet.
//! - **Reach** All requests are under way at once, and all are answered. A page that is missing is still
//!   an error.
//! - **Hint** `cargo run -p io_asyncio --example await_in_the_loop -- --hint`
//! - **Next** `blocking_client`, where all tasks exist, and only one gets on.

use std::process::ExitCode;
use std::time::Duration;

use io_lesson::{Behaviour, Result};
use reqwest::Client as Session;
use tokio::runtime::Builder;

async fn download_site(session: Session, url: String) -> Result<()> {
    session.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

async fn download_all_sites(sites: &[String]) -> Result<()> {
    let session = io_lesson::async_session()?;
    for url in sites {
        tokio::spawn(download_site(session.clone(), url.clone())).await??;
    }
    Ok(())
}

// From here on it is the check: leave it as it is.

use std::future::poll_fn;
use std::pin::pin;

use experiment::{Goal, all_reached};

const LATENCY: Duration = Duration::from_millis(80);
const JITTER: Duration = Duration::from_millis(40);

/// Twenty pages are asked of the site, and then three of which one is missing.
pub fn check(download_all_sites: impl AsyncFn(&[String]) -> Result<()>) -> Result<[Goal; 4]> {
    let behaviour = Behaviour { latency: LATENCY, jitter: JITTER, ..Behaviour::default() };
    let site = io_lesson::open_site(behaviour)?;
    let sites = vec![site.url("/dice"); 20];
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    let mut tasks = None;
    let mut download = pin!(download_all_sites(&sites));
    event_loop.block_on(poll_fn(|context| {
        let progress = download.as_mut().poll(context);
        // Later the session has tasks, too.
        tasks.get_or_insert(event_loop.metrics().num_alive_tasks());
        progress
    }))?;
    let saw = site.counts();
    let missing = [site.url("/dice"), site.url("/missing"), site.url("/dice")];
    let error = event_loop.block_on(download_all_sites(&missing));
    Ok([
        Goal::any("tasks started before the first wait", tasks.unwrap_or(0)),
        Goal::exactly("requests at once", 20, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 20, saw.answered),
        Goal::exactly("errors, if one of three is missing", 1, usize::from(error.is_err())),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(download_all_sites)?)))
}
