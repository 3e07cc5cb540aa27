//! `blocking_client`: twenty tasks share one thread, and each keeps it until its page has come.
//!
//! - **Run** `cargo run -p io_asyncio --example blocking_client`
//! - **Fault** The client blocks its thread while it waits, so the event loop cannot turn to another
//!   task. It is the article's warning about `requests` in a task.
//! - **Reach** All requests are under way at once, and all are answered.
//! - **Hint** `cargo run -p io_asyncio --example blocking_client -- --hint`
//! - **Next** `no_limit`, where too many get on at once.

use std::process::ExitCode;
use std::time::Duration;

use experiment::Goal;
use io_lesson::Behaviour;
use io_lesson::Result;
use reqwest::blocking::Client as Session;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

const PAGES: usize = 20;
const LATENCY: Duration = Duration::from_millis(100);

const HINT: &str = "`io_lesson::async_session` makes a client whose `send` and `bytes` are awaited. If \
                    you have to keep the blocking one, `tokio::task::spawn_blocking` gives each call a \
                    thread of its own.";

#[allow(clippy::unused_async, reason = "a solution may wait here")]
async fn download_site(session: Session, url: String) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

async fn download_all_sites(sites: Vec<String>, session: Session) -> Result<()> {
    let mut tasks = JoinSet::new();
    for url in sites {
        tasks.spawn(download_site(session.clone(), url));
    }
    tasks.join_all().await.into_iter().collect()
}

// From here on it is the check: leave it as it is.

fn attempt() -> Result<bool> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    let session = io_lesson::session()?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    let sites = vec![site.url("/dice"); PAGES];
    event_loop.block_on(download_all_sites(sites, session.clone()))?;
    let saw = site.counts();
    Ok(experiment::all_reached(&[
        Goal::exactly("requests at once", 20, saw.most_at_once),
        Goal::exactly("pages that the site has answered", 20, saw.answered),
    ]))
}

fn main() -> ExitCode {
    experiment::exercise(HINT, attempt)
}
