//! `blocking_client`: ten tasks share one thread, and each keeps it until its page has come.
//!
//! - **Run** `cargo run -p io_asyncio --example blocking_client`
//! - **Fault** The client blocks its thread while it waits, so the event loop cannot turn to another
//!   task. It is the article's warning about `requests` in a task.
//! - **Reach** All requests are under way at once, and all are answered. A page that is missing is still
//!   an error.
//! - **Hint** `cargo run -p io_asyncio --example blocking_client -- --hint`
//! - **Next** `no_limit`, where too many get on at once.

use std::process::ExitCode;
use std::time::Duration;

use io_lesson::{Behaviour, Result};
use reqwest::blocking::Client as Session;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// Called before the event loop is there.
fn get_session() -> Result<Session> {
    io_lesson::session()
}

#[allow(clippy::unused_async, reason = "a solution may wait here")]
async fn download_site(session: Session, url: String) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

async fn download_all_sites(sites: &[String], session: &Session) -> Result<()> {
    let mut tasks = JoinSet::new();
    for url in sites {
        tasks.spawn(download_site(session.clone(), url.clone()));
    }
    tasks.join_all().await.into_iter().collect()
}

// From here on it is the check: leave it as it is.

use experiment::{Goal, all_reached};

const LATENCY: Duration = Duration::from_millis(80);
const JITTER: Duration = Duration::from_millis(40);

/// Ten pages are asked of the site, and then three of which one is missing.
pub fn check<S>(
    get_session: fn() -> Result<S>,
    download_all_sites: impl AsyncFn(&[String], &S) -> Result<()>,
) -> Result<[Goal; 3]> {
    let site = io_lesson::open_site(Behaviour {
        latency: LATENCY,
        jitter: JITTER,
        ..Behaviour::default()
    })?;
    let session = get_session()?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    event_loop.block_on(download_all_sites(&vec![site.url("/dice"); 10], &session))?;
    let saw = site.counts();
    let missing = [site.url("/dice"), site.url("/missing"), site.url("/dice")];
    let error = event_loop.block_on(download_all_sites(&missing, &session));
    Ok([
        Goal::exactly("requests at once", 10, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 10, saw.answered),
        Goal::exactly("errors, if one of three is missing", 1, usize::from(error.is_err())),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(get_session, download_all_sites)?)))
}
