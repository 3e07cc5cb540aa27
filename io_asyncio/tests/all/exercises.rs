//! Each exercise fails with its fault. No wrong mend that a learner may try is called solved, and right
//! ones are. All of them stand here, because a learner's file may be solved.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use std::future::Future;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use experiment::Goal;
use futures_util::stream::{self, StreamExt};
use io_lesson::{Result, async_session, session};
use reqwest::{Client, blocking};
use testing::{check_exercise, check_mends, check_missed, example};
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking, yield_now};
use tokio::time::sleep;

#[path = "../../exercises/await_in_the_loop.rs"]
mod await_in_the_loop;
#[path = "../../exercises/blocking_client.rs"]
mod blocking_client;
#[path = "../../exercises/no_limit.rs"]
mod no_limit;

/// The tasks for some pages.
type Tasks = Vec<JoinHandle<Result<()>>>;

async fn download_site(session: Client, url: String) -> Result<()> {
    session.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

/// Futures of all pages, which do nothing yet.
fn pages<'a>(
    sites: &'a [String],
    session: &'a Client,
) -> impl Iterator<Item = impl Future<Output = Result<()>> + Send + use<>> + use<'a> {
    sites.iter().map(|url| download_site(session.clone(), url.clone()))
}

fn start(sites: &[String]) -> Result<Tasks> {
    Ok(pages(sites, &async_session()?).map(tokio::spawn).collect())
}

async fn wait_for(tasks: Tasks) -> Result<()> {
    for task in tasks {
        task.await??;
    }
    Ok(())
}

#[test]
fn await_in_the_loop() {
    use await_in_the_loop::check;

    let one = "requests at once                                  20         1   not yet";
    let one_by_one = check(async |sites| {
        for page in pages(sites, &async_session()?) {
            tokio::spawn(page).await??;
        }
        Ok(())
    });
    let [tasks, ..] = one_by_one.clone().expect("it comes to an end");
    assert_eq!(tasks, Goal::any("tasks started before the first wait", 1));
    check_missed(one_by_one, &[one]);
    let wrong = [
        (
            "futures that are not spawned, and a second loop",
            check(async |sites| {
                for page in pages(sites, &async_session()?).collect::<Vec<_>>() {
                    page.await?;
                }
                Ok(())
            }),
        ),
        (
            "two halves",
            check(async |sites| {
                let (one, other) = sites.split_at(sites.len() / 2);
                wait_for(start(one)?).await?;
                wait_for(start(other)?).await
            }),
        ),
        ("nobody waits", check(async |sites| start(sites).map(drop))),
        (
            "a sleep that is long enough",
            check(async |sites| {
                let _tasks = start(sites)?;
                sleep(Duration::from_millis(400)).await;
                Ok(())
            }),
        ),
        (
            "the first that ends is waited for",
            check(async |sites| {
                let mut tasks: JoinSet<_> = pages(sites, &async_session()?).collect();
                tasks.join_next().await.expect("there is a page")?
            }),
        ),
        (
            "errors are dropped",
            check(async |sites| {
                for task in start(sites)? {
                    let _ = task.await;
                }
                Ok(())
            }),
        ),
    ];
    let right = [
        ("tasks, and a second loop", check(async |sites| wait_for(start(sites)?).await)),
        (
            "a set of tasks",
            check(async |sites| {
                let tasks: JoinSet<_> = pages(sites, &async_session()?).collect();
                tasks.join_all().await.into_iter().collect()
            }),
        ),
    ];
    check_mends(wrong, right);
}

fn download_and_block(session: &blocking::Client, url: &str) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

/// A task for each page.
fn start_each<S: Clone, F: Future<Output = Result<()>> + Send + 'static>(
    sites: &[String],
    session: &S,
    page: impl Fn(S, String) -> F,
) -> Tasks {
    sites.iter().map(|url| tokio::spawn(page(session.clone(), url.clone()))).collect()
}

/// A thread for each page.
fn start_blocking(sites: &[String], session: &blocking::Client) -> Tasks {
    let start = |url: &String| {
        let (session, url) = (session.clone(), url.clone());
        spawn_blocking(move || download_and_block(&session, &url))
    };
    sites.iter().map(start).collect()
}

#[test]
fn blocking_client() {
    use blocking_client::check;

    let one = "requests at once                                  10         1   not yet";
    let blocks = check(session, async |sites, session| {
        let page = async |session, url: String| download_and_block(&session, &url);
        wait_for(start_each(sites, session, page)).await
    });
    check_missed(blocks, &[one]);
    let wrong = [
        (
            "a turn for the others before each page",
            check(session, async |sites, session| {
                let page = async |session, url: String| {
                    yield_now().await;
                    download_and_block(&session, &url)
                };
                wait_for(start_each(sites, session, page)).await
            }),
        ),
        (
            "a thread for each page, and the task blocks until it ends",
            check(session, async |sites, session| {
                let page = async |session, url: String| {
                    let thread = thread::spawn(move || download_and_block(&session, &url));
                    thread.join().expect("it does not panic")
                };
                wait_for(start_each(sites, session, page)).await
            }),
        ),
        (
            "a thread for each page, and the loop waits for each",
            check(session, async |sites, session| {
                for url in sites {
                    wait_for(start_blocking(std::slice::from_ref(url), session)).await?;
                }
                Ok(())
            }),
        ),
        (
            "nobody waits",
            check(session, async |sites, session| {
                drop(start_blocking(sites, session));
                Ok(())
            }),
        ),
        (
            "errors are dropped",
            check(async_session, async |sites, session| {
                for task in start_each(sites, session, download_site) {
                    let _ = task.await;
                }
                Ok(())
            }),
        ),
    ];
    let right = [
        (
            "a client that is awaited",
            check(async_session, async |sites, session| {
                wait_for(start_each(sites, session, download_site)).await
            }),
        ),
        (
            "a thread for each page",
            check(session, async |sites, session| wait_for(start_blocking(sites, session)).await),
        ),
    ];
    check_mends(wrong, right);
}

/// A task for each page, of which each does this with the permits.
fn start_with<F: Future<Output = Result<()>> + Send + 'static>(
    permits: usize,
    sites: &[String],
    page: impl Fn(Arc<Semaphore>, Client, String) -> F,
) -> Result<Tasks> {
    let (permits, session) = (Arc::new(Semaphore::new(permits)), async_session()?);
    let start = |url: &String| tokio::spawn(page(permits.clone(), session.clone(), url.clone()));
    Ok(sites.iter().map(start).collect())
}

async fn with_permit(permits: Arc<Semaphore>, session: Client, url: String) -> Result<()> {
    let _permit = permits.acquire().await?;
    download_site(session, url).await
}

#[test]
fn no_limit() {
    use no_limit::check;

    let too_many = [
        "requests at once                                   8        40   not yet",
        "requests at once, of slower pages                  8        40   not yet",
    ];
    check_missed(check(async |sites| wait_for(start(sites)?).await), &too_many);
    let wrong = [
        (
            "a permit that is given back at once",
            check(async |sites| {
                let page = async |permits: Arc<Semaphore>, session, url| {
                    let _ = permits.acquire().await?;
                    download_site(session, url).await
                };
                wait_for(start_with(8, sites, page)?).await
            }),
        ),
        (
            "a permit until the page is asked for",
            check(async |sites| {
                let page = async |permits: Arc<Semaphore>, session: Client, url: String| {
                    let permit = permits.acquire().await?;
                    let request = session.get(url).send();
                    drop(permit);
                    request.await?.error_for_status()?.bytes().await?;
                    Ok(())
                };
                wait_for(start_with(8, sites, page)?).await
            }),
        ),
        ("four permits", check(async |sites| wait_for(start_with(4, sites, with_permit)?).await)),
        (
            "a pause after each start",
            check(async |sites| {
                let mut tasks = Vec::new();
                for page in pages(sites, &async_session()?) {
                    tasks.push(tokio::spawn(page));
                    sleep(Duration::from_millis(4)).await;
                }
                wait_for(tasks).await
            }),
        ),
        ("eight pages", check(async |sites| wait_for(start(&sites[..sites.len().min(8)])?).await)),
        ("nobody waits", check(async |sites| start_with(8, sites, with_permit).map(drop))),
        (
            "errors are dropped",
            check(async |sites| {
                for task in start_with(8, sites, with_permit)? {
                    let _ = task.await;
                }
                Ok(())
            }),
        ),
    ];
    let right = [
        ("permits", check(async |sites| wait_for(start_with(8, sites, with_permit)?).await)),
        (
            "a stream that keeps eight",
            check(async |sites| {
                let session = async_session()?;
                let results = stream::iter(pages(sites, &session)).buffer_unordered(8);
                results.collect::<Vec<_>>().await.into_iter().collect()
            }),
        ),
        (
            "batches of eight",
            check(async |sites| {
                for batch in sites.chunks(8) {
                    wait_for(start(batch)?).await?;
                }
                Ok(())
            }),
        ),
    ];
    check_mends(wrong, right);
}

#[test]
fn the_programs_check_what_is_in_their_files() {
    for name in ["await_in_the_loop", "blocking_client", "no_limit", "sum_blocks_the_loop"] {
        check_exercise(&example(name));
    }
}
