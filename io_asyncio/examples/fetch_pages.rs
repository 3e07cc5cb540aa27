//! `fetch_pages`: three pages, fetched in one task that waits for all of them together.
//!
//! - **Run** `cargo run -p io_asyncio --example fetch_pages`
//! - **See** three starts, and then each page with its status or with its own error. The referee sees
//!   1 request at once if each page is awaited before the next begins, and 3 with `join_all`.
//! - **Why** `join_all` makes one future of several. Whoever awaits it polls each of them in turn, so
//!   all of them wait at the same time. Nothing is spawned: the pages belong to one task, and may
//!   borrow the session and the addresses.
//! - **Try** `PAGES: [&str; 160] = ["/dice"; 160]`: what does the site see, and how long does it take?
//! - **Next** `two_coroutines`, the same with two that only sleep.

use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use io_lesson::words::{COLUMNS, fill};
use io_lesson::{Behaviour, CUT_OFF, Counts, Failure, Result, Site, say};
// Not `tokio::join!`: for that macro one more crate would have to be built. This crate has been built
// for `reqwest` already.
use futures_util::future::join_all;
use reqwest::Client as Session;
use tokio::runtime::Builder;

const PAGES: [&str; 3] = ["/jython", "/not-there", CUT_OFF];
const LATENCY: Duration = Duration::from_millis(500); // of each answer
const TIMEOUT: Duration = Duration::from_secs(10); // for each page

/// The page, if there is one.
async fn fetch_url(session: &Session, url: &str) -> Option<Vec<u8>> {
    say!("Starting fetch for {url}");
    let fetched: Result<_, Failure> = async {
        let response = session.get(url).timeout(TIMEOUT).send().await?;
        Ok((response.status(), response.bytes().await?))
    }
    .await;
    match fetched {
        Ok((status, data)) => {
            say!("Finished fetching {url}, status: {}", status.as_u16());
            Some(data.into())
        }
        Err(error) => {
            say!("{}", fill(&format!("Error fetching {url}: {error}"), COLUMNS, "", "  "));
            None
        }
    }
}

async fn one_by_one(session: &Session, urls: &[String]) -> Vec<Option<Vec<u8>>> {
    let mut pages = Vec::new();
    for url in urls {
        pages.push(fetch_url(session, url).await);
    }
    pages
}

async fn together(session: &Session, urls: &[String]) -> Vec<Option<Vec<u8>>> {
    // The line that matters: one `await` for all three.
    join_all(urls.iter().map(|url| fetch_url(session, url))).await
}

// From here on: what is judged.

/// Says how long it took and what the site saw, and returns the latter.
fn report(site: &Site, start_time: Instant, pages: &[Option<Vec<u8>>]) -> Counts {
    let (seconds, counts) = (start_time.elapsed().as_secs_f64(), site.take_counts());
    say!("\nAsync fetch took: {seconds:.2} seconds\n{counts}");
    say!("Results: {} successful fetches.\n", pages.iter().flatten().count());
    counts
}

fn main() -> Result<()> {
    let site = io_lesson::open_site(Behaviour { latency: LATENCY, ..Behaviour::default() })?;
    let urls = PAGES.map(|page| site.url(page));
    let session = io_lesson::async_session()?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;

    let start_time = Instant::now();
    let pages = event_loop.block_on(one_by_one(&session, &urls));
    let in_turn = report(&site, start_time, &pages);

    let start_time = Instant::now();
    let pages = event_loop.block_on(together(&session, &urls));
    let at_once = report(&site, start_time, &pages);

    let (alone, all) = (in_turn.most_at_once, at_once.most_at_once);
    let is_measured = [in_turn, at_once].iter().all(|counts| counts.answered == PAGES.len());
    let together = Verdict::Holds.counted((alone, all) == (1, PAGES.len()));
    let together = if is_measured { together } else { Verdict::Undecided };
    let numbers = format!("{alone} request at once one by one, {all} with one await for all");
    claim("C97", together, numbers);
    Ok(())
}
