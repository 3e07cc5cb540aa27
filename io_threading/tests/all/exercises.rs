//! Each exercise fails with its fault. No wrong mend that a learner may try is called solved, and right
//! ones are. All of them stand here, because a learner's file may be solved.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use std::sync::{Mutex, PoisonError};
use std::thread::{self, sleep};
use std::time::Duration;

use io_lesson::{Result, session};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use reqwest::blocking::Client as Session;
use testing::{check_exercise, check_mends, check_missed, example};

#[path = "../../exercises/errors_vanish.rs"]
mod errors_vanish;
#[path = "../../exercises/session_per_page.rs"]
mod session_per_page;

fn download_site(url: &str, session: &Session) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

fn threads(number: usize) -> Result<ThreadPool> {
    Ok(ThreadPoolBuilder::new().num_threads(number).build()?)
}

/// Downloads all pages on so many threads, which share a session.
fn on_threads(number: usize, sites: &[String]) -> Result<()> {
    let (session, sites) = (session()?, sites.par_iter().with_max_len(1));
    threads(number)?.install(|| sites.try_for_each(|url| download_site(url, &session)))
}

/// Starts all downloads on five threads, and waits for none.
fn start(sites: &[String]) -> Result<()> {
    let (pool, session) = (threads(5)?, session()?);
    for url in sites {
        let (url, session) = (url.clone(), session.clone());
        pool.spawn(move || _ = download_site(&url, &session));
    }
    Ok(())
}

#[test]
fn session_per_page() {
    let check = session_per_page::check;
    let a_session_for_each = check(|sites| {
        let sites = sites.par_iter().with_max_len(1);
        threads(5)?.install(|| sites.try_for_each(|url| download_site(url, &session()?)))
    });
    let too_many = "connections                                at most 5       160   not yet";
    check_missed(a_session_for_each, &[too_many]);
    let wrong = [
        (
            "a session for each batch of eight",
            check(|sites| {
                threads(5)?.install(|| {
                    sites.par_chunks(8).try_for_each(|batch| {
                        let session = session()?;
                        batch.iter().try_for_each(|url| download_site(url, &session))
                    })
                })
            }),
        ),
        (
            "a session for each piece of the work, which is a page",
            check(|sites| {
                let sites = sites.par_iter().with_max_len(1);
                let sites = sites.map_init(session, |session, url| match session {
                    Ok(session) => download_site(url, session),
                    Err(error) => Err(error.clone()),
                });
                threads(5)?.install(|| sites.collect())
            }),
        ),
        ("one session, and one thread", check(|sites| on_threads(1, sites))),
        ("no page twice", check(|sites| on_threads(5, &sites[..1]))),
        (
            "one session, and a sleep that is long enough",
            check(|sites| {
                start(sites)?;
                sleep(Duration::from_millis(600));
                Ok(())
            }),
        ),
        (
            "one session, and errors are dropped",
            check(|sites| {
                let _ = on_threads(5, sites);
                Ok(())
            }),
        ),
    ];
    let right = [
        ("one session for all", check(|sites| on_threads(5, sites))),
        (
            "a session for each thread",
            check(|sites| {
                thread::scope(|scope| {
                    let download = |sites: &[String]| {
                        let session = session()?;
                        sites.iter().try_for_each(|url| download_site(url, &session))
                    };
                    let threads: Vec<_> = sites
                        .chunks(sites.len().div_ceil(5))
                        .map(|sites| scope.spawn(move || download(sites)))
                        .collect();
                    threads.into_iter().try_for_each(|it| it.join().expect("it does not panic"))
                })
            }),
        ),
    ];
    check_mends(wrong, right);
}

/// Asks for all pages on so many threads, and keeps those of which this is true.
fn keep(
    number: usize,
    sites: &[String],
    is_kept: fn(&str, &Session) -> bool,
) -> Result<Vec<String>> {
    let (session, sites) = (session()?, sites.par_iter().with_max_len(1));
    let kept = sites.filter(|url| is_kept(url, &session)).cloned();
    Ok(threads(number)?.install(|| kept.collect()))
}

fn is_read(url: &str, session: &Session) -> bool {
    download_site(url, session).is_ok()
}

#[test]
fn errors_vanish() {
    let check = errors_vanish::check;
    let missing = "missing pages returned                     at most 0         5   not yet";
    let all = check(|sites| {
        keep(5, sites, |url, session| {
            is_read(url, session);
            true
        })
    });
    check_missed(all, &[missing]);
    let wrong = [
        ("the first error ends all", check(|sites| on_threads(5, sites).map(|()| sites.to_vec()))),
        ("those that failed", check(|sites| keep(5, sites, |url, session| !is_read(url, session)))),
        (
            "a page has come, and nobody looks at its status",
            check(|sites| keep(5, sites, |url, session| session.get(url).send().is_ok())),
        ),
        ("fifteen of them", check(|sites| keep(5, &sites[..15], is_read))),
        (
            "a second try",
            check(|sites| keep(5, sites, |url, it| is_read(url, it) || is_read(url, it))),
        ),
        ("one after the other", check(|sites| keep(1, sites, is_read))),
        (
            "nobody waits",
            check(|sites| {
                start(sites)?;
                Ok(Vec::new())
            }),
        ),
    ];
    let right = [
        ("those that were read", check(|sites| keep(5, sites, is_read))),
        (
            "a list with a lock",
            check(|sites| {
                let (session, read) = (session()?, Mutex::new(Vec::new()));
                threads(5)?.install(|| {
                    sites.par_iter().with_max_len(1).for_each(|url| {
                        if is_read(url, &session) {
                            read.lock().unwrap_or_else(PoisonError::into_inner).push(url.clone());
                        }
                    });
                });
                Ok(read.into_inner()?)
            }),
        ),
    ];
    check_mends(wrong, right);
}

#[test]
fn the_programs_check_what_is_in_their_files() {
    for name in ["errors_vanish", "session_per_page"] {
        check_exercise(&example(name));
    }
}
