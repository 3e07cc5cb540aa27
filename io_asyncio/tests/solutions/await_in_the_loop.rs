//! `await_in_the_loop`, solved.

use std::process::ExitCode;
use std::time::Duration;

use experiment::{Goal};
use io_lesson::{Result};
use io_lesson::Behaviour;
use reqwest::Client as Session;
use tokio::runtime::Builder;

const PAGES: usize = 40;
const LATENCY: Duration = Duration::from_millis(100);

const HINT: &str = "Start all tasks first, and keep what `spawn` returns. Then wait for them in a \
                    second loop. A future that is not spawned does nothing yet, nor does an iterator \
                    that nobody goes through. tokio's `JoinSet`, as in io_asyncio/src/main.rs, does both.";

async fn download_site(session: Session, url: String) -> Result<()> {
    session.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

async fn download_all_sites(sites: &[String]) -> Result<()> {
    let session = io_lesson::async_session()?;
    let mut tasks = Vec::new();
    for url in sites {
        tasks.push(tokio::spawn(download_site(session.clone(), url.clone())));
    }
    for task in tasks {
        task.await??;
    }
    Ok(())
}

// From here on it is the check: leave it as it is.

fn attempt() -> Result<bool> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    event_loop.block_on(download_all_sites(&vec![site.url("/dice"); PAGES]))?;
    let saw = site.counts();
    Ok(experiment::all_reached(&[
        Goal::exactly("requests at once", 40, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 40, saw.answered),
    ]))
}

fn main() -> ExitCode {
    experiment::exercise(HINT, attempt)
}
