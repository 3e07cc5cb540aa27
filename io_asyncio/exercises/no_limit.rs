//! `no_limit`: forty tasks ask a site at once that serves eight.
//!
//! - **Run** `cargo run -p io_asyncio --example no_limit`
//! - **Fault** 32 requests only wait in the site's queue. Other sites would turn them away.
//! - **Reach** Never more than eight requests are under way at once, and eight at some moment, however
//!   long a page takes. All pages are answered. A page that is missing is still an error. Batches of
//!   eight may do, though each waits for its slowest page.
//! - **Hint** `cargo run -p io_asyncio --example no_limit -- --hint`
//! - **Next** `sum_blocks_the_loop`, where a task computes.

use std::process::ExitCode;
use std::time::Duration;

use io_lesson::{Behaviour, Result};
use reqwest::Client as Session;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

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

use experiment::{Goal, all_reached};
use io_lesson::{Counts, Site};

const CAPACITY: usize = 8; // requests that the site serves at once

/// 40 pages are asked of a site, 40 of a slower one, and then three of which one is missing.
pub fn check(download_all_sites: impl AsyncFn(&[String]) -> Result<()>) -> Result<[Goal; 4]> {
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    let run = |latency| -> Result<(Site, Counts)> {
        let (latency, capacity) = (Duration::from_millis(latency), Some(CAPACITY));
        let behaviour = Behaviour { latency, jitter: latency, capacity, ..Behaviour::default() };
        let site = io_lesson::open_site(behaviour)?;
        event_loop.block_on(download_all_sites(&vec![site.url("/dice"); 40]))?;
        let saw = site.counts();
        Ok((site, saw))
    };
    let ((fast, saw), (_, saw_slow)) = (run(20)?, run(60)?);
    let missing = [fast.url("/dice"), fast.url("/missing"), fast.url("/dice")];
    let error = event_loop.block_on(download_all_sites(&missing));
    Ok([
        Goal::exactly("requests at once", CAPACITY, saw.most_at_once),
        Goal::exactly("requests at once, of slower pages", CAPACITY, saw_slow.most_at_once),
        Goal::exactly("pages that the sites have answered", 80, saw.answered + saw_slow.answered),
        Goal::exactly("errors, if one of three is missing", 1, usize::from(error.is_err())),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(download_all_sites)?)))
}
