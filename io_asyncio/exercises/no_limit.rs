//! `no_limit`: forty tasks ask a site at once that serves eight.
//!
//! - **Run** `cargo run -p io_asyncio --example no_limit`
//! - **Fault** 32 requests only wait in the site's queue. Other sites would turn them away.
//! - **Reach** Never more than eight requests are under way at once, eight at some moment, and all
//!   pages are answered.
//! - **Hint** `cargo run -p io_asyncio --example no_limit -- --hint`
//! - **Next** `sum_blocks_the_loop`, where a task computes.

use std::process::ExitCode;
use std::time::Duration;

use experiment::{Goal, all_reached};
use io_lesson::{Behaviour, Result};
use reqwest::Client as Session;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

const CAPACITY: usize = 8; // requests that the site serves at once

async fn download_site(session: Session, url: String) -> Result<()> {
    session.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

async fn download_all_sites(sites: &[String]) -> Result<()> {
    let session = io_lesson::async_session()?;
    let mut tasks = JoinSet::new();
    for url in sites {
        tasks.spawn(download_site(session.clone(), url.clone()));
    }
    tasks.join_all().await.into_iter().collect()
}

// From here on it is the check: leave it as it is.

const LATENCY: Duration = Duration::from_millis(50);

const HINT: &str = "A `tokio::sync::Semaphore` with 8 permits: each task waits for a permit before it \
                    asks, and keeps it until the page has come. The tasks share it in an `Arc`.";

/// 40 pages are asked of the site.
pub fn check(download_all_sites: impl AsyncFn(&[String]) -> Result<()>) -> Result<[Goal; 2]> {
    let behaviour =
        Behaviour { latency: LATENCY, capacity: Some(CAPACITY), ..Behaviour::default() };
    let site = io_lesson::open_site(behaviour)?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    event_loop.block_on(download_all_sites(&vec![site.url("/dice"); 40]))?;
    let saw = site.counts();
    Ok([
        Goal::exactly("requests at once", 8, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 40, saw.answered),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(HINT, || Ok(all_reached(&check(download_all_sites)?)))
}
