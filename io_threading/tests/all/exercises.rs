//! Each exercise fails with its fault and passes with a solution. Both stand here, because a learner's
//! file may be solved.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use io_lesson::{Result, session};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use reqwest::blocking::Client as Session;
use testing::{check_exercise, check_missed, example};

#[path = "../../exercises/errors_vanish.rs"]
mod errors_vanish;
#[path = "../../exercises/session_per_page.rs"]
mod session_per_page;

fn download_site(url: &str, session: &Session) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

fn five_threads() -> Result<ThreadPool> {
    Ok(ThreadPoolBuilder::new().num_threads(5).build()?)
}

#[test]
fn session_per_page() {
    fn a_session_for_each(sites: &[String]) -> Result<()> {
        let sites = sites.par_iter().with_max_len(1);
        five_threads()?.install(|| sites.try_for_each(|url| download_site(url, &session()?)))
    }
    fn a_session_for_all(sites: &[String]) -> Result<()> {
        let (session, sites) = (session()?, sites.par_iter().with_max_len(1));
        five_threads()?.install(|| sites.try_for_each(|url| download_site(url, &session)))
    }
    let too_many = "connections                                at most 5       160   not yet";
    check_missed(session_per_page::check(a_session_for_each), &[too_many]);
    check_missed(session_per_page::check(a_session_for_all), &[]);
}

#[test]
fn errors_vanish() {
    fn ignored(sites: &[String]) -> Result<usize> {
        counted(sites)?;
        Ok(sites.len())
    }
    fn counted(sites: &[String]) -> Result<usize> {
        let (session, sites) = (session()?, sites.par_iter().with_max_len(1));
        let pages = sites.map(|url| download_site(url, &session)).filter(Result::is_ok);
        Ok(five_threads()?.install(|| pages.count()))
    }
    let too_many = "pages counted as read                             15        20   not yet";
    check_missed(errors_vanish::check(ignored), &[too_many]);
    check_missed(errors_vanish::check(counted), &[]);
}

#[test]
fn the_programs_check_what_is_in_their_files() {
    for name in ["errors_vanish", "session_per_page"] {
        check_exercise(&example(name));
    }
}
