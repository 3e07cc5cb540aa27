//! `no_limit`: forty tasks ask a site at once that serves eight.
//!
//! - **Run** `cargo run -p io_asyncio --example no_limit`
//! - **Fault** 32 requests only wait in the site's queue. Other sites would turn them away.
//! - **Reach** Never more than eight requests are under way at once, eight at some moment, and all
//!   pages are answered.
//! - **Hint** `cargo run -p io_asyncio --example no_limit -- --hint`
//! - **Next** `sum_blocks_the_loop`, where a task computes.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use experiment::Goal;
use io_lesson::Behaviour;
use io_lesson::Result;
use reqwest::Client as Session;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

const PAGES: usize = 40;
const CAPACITY: usize = 8; // requests that the site serves at once
const LATENCY: Duration = Duration::from_millis(50);

const HINT: &str = "A `tokio::sync::Semaphore` with 8 permits: each task waits for a permit before it \
                    asks, and keeps it until the page has come. The tasks share it in an `Arc`.";

async fn download_site(session: Session, url: Arc<str>) -> Result<()> {
    session.get(&*url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

async fn download_all_sites(url: Arc<str>) -> Result<()> {
    let session = io_lesson::async_session()?;
    let mut tasks = JoinSet::new();
    for _ in 0..PAGES {
        tasks.spawn(download_site(session.clone(), Arc::clone(&url)));
    }
    tasks.join_all().await.into_iter().collect()
}

// From here on it is the check: leave it as it is.

fn attempt() -> Result<bool> {
    let behaviour =
        Behaviour { latency: LATENCY, capacity: Some(CAPACITY), ..Behaviour::default() };
    let site = io_lesson::open_site(behaviour)?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    event_loop.block_on(download_all_sites(site.url("/dice").into()))?;
    let saw = site.counts();
    Ok(experiment::all_reached(&[
        Goal::exactly("requests at once", 8, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 40, saw.answered),
    ]))
}

fn main() -> ExitCode {
    experiment::exercise(HINT, attempt)
}
