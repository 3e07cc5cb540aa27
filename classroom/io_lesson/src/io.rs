//! Around the download job: its options, its pages, and what the site saw.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command};
use cpu_time::ProcessTime;
use reqwest::Url;

use basics::output::{FlushAtEnd, quiet, warn};
use basics::this_process::is_worker;
use basics::{parse, workers};
use lesson::{Concurrency, Error, PictureOptions, Result, Summary};
use lesson::{cpu_time, options, say, sensible, set_time_limit, thousands};
use site::{Behaviour, PAGES, Site};
use timeline::Job;

use crate::bound::Bound;
use crate::failure::Failure;
use crate::limits::{MOST_CONNECTIONS, MOST_DOWNLOADS, by_files};
use crate::session::{self, Settings};
use crate::site_options::{site_behaviour, site_options, watches};

/// The options of a program that downloads, and the built-in site if it is used.
pub struct IoLesson {
    concurrency: usize,
    times: usize,
    sites: Vec<&'static str>,
    timeout: Duration,
    site: Option<Site>,
    picture: PictureOptions,
    summary: Option<PathBuf>,
    cpu_time: ProcessTime,
    _lines: FlushAtEnd,
}

/// Reads the command line of a program that downloads and opens the built-in site.
///
/// `sites` are the addresses of the program, which it downloads with `--live`; without it the pages
/// of the built-in site stand for them. `times` is how often it downloads each if `-n` does not say;
/// `how` is how it does several downloads at once. Wrong usage ends the program with status 2.
///
/// # Errors
///
/// The built-in site cannot be opened, or the file of `--save` cannot be written.
pub fn open(sites: &[&'static str], times: usize, how: Concurrency) -> Result<IoLesson> {
    let mut command = io_command(sites, times, how);
    let matches = command.get_matches_mut();
    let times = matches.get_one("times").copied().unwrap_or(times);
    let timeout = *matches.get_one("timeout").expect("--timeout has a default");
    let elsewhere = if matches.get_flag("live") { sites.to_vec() } else { asked_pages(&matches) };
    let built_in = elsewhere.is_empty();
    let different = if built_in { sites.len() } else { elsewhere.len() };
    let Some(items) = times.checked_mul(different).filter(|items| *items <= MOST_DOWNLOADS) else {
        let most = thousands(MOST_DOWNLOADS as u64);
        let sentence = format!("more than {most} downloads; choose a smaller --times");
        command.error(ErrorKind::ValueValidation, sentence).exit();
    };

    session::set(Settings {
        timeout,
        local: built_in || elsewhere.iter().all(|page| is_local(page)),
    });
    set_time_limit(timeout + Duration::from_secs(1));
    if matches.get_flag("quiet") {
        quiet(items as u64);
    }

    let most = if how == Concurrency::Tasks { MOST_CONNECTIONS } else { items };
    let wanted = options::asked_concurrency(&matches).unwrap_or(how.default_for(items).min(most));
    let concurrency = by_files(how, sensible(how, wanted.min(items)), built_in)?;
    let mut behaviour = site_behaviour(&matches);
    behaviour.watch = watches(&behaviour, concurrency, timeout);
    let site = (built_in && !is_worker()).then(|| open_site(behaviour)).transpose()?;
    let sites = match &site {
        Some(site) => stand_ins(site, sites.len()),
        None => elsewhere,
    };
    Ok(IoLesson {
        concurrency,
        times,
        sites,
        timeout,
        site,
        picture: PictureOptions::if_asked(&matches, Job::Download, how)?,
        summary: matches.get_one("summary").cloned(),
        cpu_time: ProcessTime::now(),
        _lines: FlushAtEnd,
    })
}

/// The pages that the command line names. Their addresses live as long as the program, so that tasks
/// can borrow them.
fn asked_pages(matches: &ArgMatches) -> Vec<&'static str> {
    let asked = matches.get_many::<String>("url").unwrap_or_default();
    asked.map(|url| &*url.clone().leak()).collect()
}

/// Opens the built-in site, for as many connections as the system allows.
///
/// This is all that an experiment needs around its downloads: [`session`](super::session()) and
/// [`async_session`](super::async_session) are then for this site.
///
/// # Errors
///
/// The system has no port, no thread or no file to give.
pub fn open_site(behaviour: Behaviour) -> Result<Site> {
    // Where the limit cannot be raised, the few connections of most experiments fit below it.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    Site::open(0, behaviour)
        .map_err(|error| Error::new(format!("Cannot open the built-in site: {error}")))
}

/// Pages of the built-in site that stand for so many others.
fn stand_ins(site: &Site, count: usize) -> Vec<&'static str> {
    PAGES.into_iter().cycle().take(count).map(|page| &*site.url(page).leak()).collect()
}

fn io_command(sites: &[&str], times: usize, how: Concurrency) -> Command {
    let live = format!("Download the program's own addresses instead:\n{}", sites.join("\n"));
    options::command(&format!(
        "Downloads pages {}.\n\nWithout URLs it reads the pages of its built-in site, which needs \
         no network,\n{} times each.",
        how.in_words("page"),
        thousands(times as u64)
    ))
    .args(how.options("page", &thousands(MOST_CONNECTIONS as u64)))
    .args([
        Arg::new("url")
            .value_name("URL")
            .action(ArgAction::Append)
            .value_parser(address)
            .help("Pages to download instead of the built-in site's"),
        Arg::new("times")
            .short('n')
            .long("times")
            .value_name("N")
            .value_parser(parse::count)
            .help(format!("How often to download each page [default: {times}]")),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .value_parser(parse::seconds)
            .default_value("10")
            .help("How long a download may take"),
        Arg::new("live").long("live").action(ArgAction::SetTrue).conflicts_with("url").help(live),
    ])
    .args(site_options().into_iter().map(|site| site.conflicts_with_all(["url", "live"])))
}

/// Reads the address of a page.
fn address(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => {
            // Nothing that a terminal would obey is printed with the address later.
            Ok(if text.chars().any(char::is_control) { url.into() } else { text.into() })
        }
        Err(_) if text.starts_with("http") => Err("it is not the address of a page".into()),
        // `example.com:80` parses too, with a scheme of its own.
        _ if text.contains("://") => Err("an address begins with http:// or https://".into()),
        _ => Err(format!("an address begins with http:// or https://, as in http://{text}")),
    }
}

/// Whether a page is on this machine.
fn is_local(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

impl IoLesson {
    /// The addresses of the different pages.
    pub fn sites(&self) -> &[&'static str] {
        &self.sites
    }

    /// How often to download each page.
    pub fn times(&self) -> usize {
        self.times
    }

    /// How many downloads to have under way at once.
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Says what the measured time means, and names the downloads that failed.
    ///
    /// The exit code is 1 if anything failed.
    ///
    /// # Errors
    ///
    /// A picture cannot be saved.
    pub fn report(self, downloads: &[Result<(), Failure>], duration: Duration) -> Result<ExitCode> {
        let cpu_time = cpu_time(self.cpu_time);
        let width = workers::width(self.concurrency);
        let read = downloads.iter().filter(|download| download.is_ok()).count();
        let mut summary = Summary::default()
            .with("seconds", duration.as_secs_f64())
            .with("cpu_seconds", cpu_time.as_secs_f64())
            .with("at_once", width)
            .with("items", downloads.len())
            .with("ok", read);
        if let Some(site) = &self.site {
            let counts = site.counts();
            summary = summary
                .with("connections", counts.connections)
                .with("answered", counts.answered)
                .with("most_at_once", counts.most_at_once);
            say!("{counts}");
            let bound = Bound::of(downloads, width, self.timeout, &counts, site.behaviour());
            if let Some(bound) = bound {
                say!("{}", bound.sentence);
                summary = summary.with("bound_seconds", bound.seconds);
            }
        } else {
            say!("(Only the built-in site counts what it sees and knows how long it must take.)");
        }
        name_failures(downloads);
        summary.write(self.summary.as_deref())?;
        self.picture.show(duration)?;
        let well = read == downloads.len() && workers::lost() == 0;
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Names every page that could not be read, with its reason and how often it happened.
fn name_failures(downloads: &[Result<(), Failure>]) {
    let mut failures = BTreeMap::<&Failure, u64>::new();
    for failure in downloads.iter().filter_map(|download| download.as_ref().err()) {
        *failures.entry(failure).or_default() += 1;
    }
    if failures.is_empty() {
        return;
    }
    let failed: u64 = failures.values().sum();
    let mut lines =
        format!("{} of {} failed:", thousands(failed), thousands(downloads.len() as u64));
    for (Failure { url, reason, .. }, times) in failures {
        lines.extend(["\n  ", url, ": ", reason]);
        if times > 1 {
            lines.extend([" (", &thousands(times), " times)"]);
        }
    }
    warn(format_args!("{lines}"));
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{address, is_local, open_site};
    use crate::session;
    use site::Behaviour;

    #[test]
    fn an_address_needs_its_scheme() {
        for right in ["http://127.0.0.1:1", "https://example.com/a?b=c", "http://[::1]:80/"] {
            assert_eq!(address(right), Ok(right.into()));
        }
        for wrong in ["example.com", "localhost:8000", "ftp://example.com", "http://", "", "/dice"]
        {
            assert!(address(wrong).is_err(), "{wrong:?} is no page's address");
        }
    }

    #[test]
    fn an_experiment_reads_its_own_site() {
        let latency = Duration::from_millis(1);
        let site =
            open_site(Behaviour { latency, ..Behaviour::default() }).expect("a port is free");
        let page =
            session().and_then(|session| Ok(session.get(site.url("/dice")).send()?.bytes()?));
        assert_eq!(page.expect("the site answers").len(), 280);
        assert_eq!(site.counts().answered, 1);
    }

    #[test]
    fn only_this_machine_is_local() {
        for local in ["http://127.0.0.1:8000/dice", "http://localhost/", "https://[::1]:80/"] {
            assert!(is_local(local), "{local} is on this machine");
        }
        for other in ["http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/"] {
            assert!(!is_local(other), "{other} is somewhere else");
        }
    }
}
