//! Each exercise fails with its fault and passes with a solution. Both stand here, because a learner's
//! file may be solved.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use std::future;
use std::hint::black_box;
use std::sync::Arc;

use io_lesson::{Result, async_session, session};
use reqwest::{Client, blocking};
use testing::{check_exercise, check_missed, example};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, spawn_blocking};

#[path = "../../exercises/await_in_the_loop.rs"]
mod await_in_the_loop;
#[path = "../../exercises/blocking_client.rs"]
mod blocking_client;
#[path = "../../exercises/no_limit.rs"]
mod no_limit;
#[path = "../../exercises/sum_blocks_the_loop.rs"]
mod sum_blocks_the_loop;

async fn download_site(session: Client, url: String) -> Result<()> {
    session.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(())
}

/// A task for each page, all at once.
async fn all_at_once(sites: &[String], session: &Client) -> Result<()> {
    at_once(sites, session, sites.len()).await
}

/// At most so many pages at once.
async fn at_once(sites: &[String], session: &Client, most: usize) -> Result<()> {
    let permits = Arc::new(Semaphore::new(most));
    let mut tasks = JoinSet::new();
    for url in sites {
        let (permits, page) = (Arc::clone(&permits), download_site(session.clone(), url.clone()));
        tasks.spawn(async move {
            let _permit = permits.acquire().await?;
            page.await
        });
    }
    tasks.join_all().await.into_iter().collect()
}

#[test]
fn await_in_the_loop() {
    let one_by_one = async |sites: &[String]| {
        let session = async_session()?;
        for url in sites {
            tokio::spawn(download_site(session.clone(), url.clone())).await??;
        }
        Ok(())
    };
    let together = async |sites: &[String]| all_at_once(sites, &async_session()?).await;
    let one = "requests at once                                  40         1   not yet";
    check_missed(await_in_the_loop::check(one_by_one), &[one]);
    check_missed(await_in_the_loop::check(together), &[]);
}

#[test]
fn blocking_client() {
    let blocks = async |sites: &[String], session: &blocking::Client| {
        let mut tasks = JoinSet::new();
        for url in sites {
            let (session, url) = (session.clone(), url.clone());
            tasks.spawn(async move { session.get(url).send()?.error_for_status().map(drop) });
        }
        Ok(tasks.join_all().await.into_iter().collect::<Result<_, reqwest::Error>>()?)
    };
    let one = "requests at once                                  20         1   not yet";
    check_missed(blocking_client::check(session, blocks), &[one]);
    check_missed(blocking_client::check(async_session, all_at_once), &[]);
}

#[test]
fn no_limit() {
    let unlimited = async |sites: &[String]| all_at_once(sites, &async_session()?).await;
    let eight = async |sites: &[String]| at_once(sites, &async_session()?, 8).await;
    let too_many = "requests at once                                   8        40   not yet";
    check_missed(no_limit::check(unlimited), &[too_many]);
    check_missed(no_limit::check(eight), &[]);
}

#[test]
fn sum_blocks_the_loop() {
    fn sum() -> u128 {
        sum_blocks_the_loop::numbers().map(|i| black_box(i) * i).sum()
    }
    let none = "beats from first to last number          at least 10         0   not yet";
    check_missed(sum_blocks_the_loop::check(|| future::ready(Ok(sum()))), &[none]);
    check_missed(sum_blocks_the_loop::check(async || Ok(spawn_blocking(sum).await?)), &[]);
}

#[test]
fn the_programs_check_what_is_in_their_files() {
    for name in ["await_in_the_loop", "blocking_client", "no_limit", "sum_blocks_the_loop"] {
        check_exercise(&example(name));
    }
}
