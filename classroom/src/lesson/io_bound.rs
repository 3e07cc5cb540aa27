//! Around the download job: its pages, its sessions, and what the site saw.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use cpu_time::ProcessTime;
use reqwest::Url;

use super::picture::Picture;
use super::{
    Concurrency, Error, Result, Summary, TIME_LIMIT, cpu_time, is_worker, options, plural,
    thousands, with_causes,
};
use crate::output::{end_of_items, quiet, warn};
use crate::say;
use crate::site::{PAGES, Report, Site};
use crate::timeline::record;

/// The article's two pages.
const LIVE: [&str; 2] = ["https://www.jython.org", "http://olympus.realpython.org/dice"];

/// Files that a program has open besides its connections: standard input, output and error, the
/// event queues of its runtimes, the site's listener; and some to spare.
const OTHER_FILES: u64 = 24;

/// The most connections that one thread keeps by itself. It cannot serve more of them at once: with
/// 5,000 the same 100,000 pages take longer than with 2,000, and twice the memory.
const MOST_CONNECTIONS: usize = 2_000;

/// The most downloads of one run: a list of this many addresses takes about 1 GB.
const MOST_DOWNLOADS: usize = 10_000_000;

/// What became of one download.
pub type Download = std::result::Result<(), Failure>;

/// A download that failed: the page's address and the reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    url: String,
    reason: String,
}

/// Names the page in an error.
pub trait At<T> {
    /// The same result; an error becomes the failure of the download of `url`.
    fn at(self, url: &str) -> std::result::Result<T, Failure>;
}

impl<T> At<T> for reqwest::Result<T> {
    fn at(self, url: &str) -> std::result::Result<T, Failure> {
        self.map_err(reason).at(url)
    }
}

/// What went wrong, without the address, which `reqwest` would repeat.
fn reason(error: reqwest::Error) -> String {
    if let Some(status) = error.status() {
        return status.to_string();
    }
    if error.is_timeout() {
        return match SETTINGS.get() {
            Some(settings) => format!("no answer within {} s", settings.timeout.as_secs_f64()),
            None => "no answer in time".into(),
        };
    }
    if error.is_redirect() {
        return "redirected too often".into();
    }
    let what = if error.is_connect() {
        "cannot connect"
    } else if error.is_body() || error.is_decode() {
        "cut off"
    } else if error.is_request() {
        "no proper answer"
    } else {
        return with_causes(&error.without_url());
    };
    // Between the two stands only which layer told which.
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("{what}: {cause}")
}

impl<T> At<T> for Result<T> {
    fn at(self, url: &str) -> std::result::Result<T, Failure> {
        self.map_err(|error| error.to_string()).at(url)
    }
}

impl<T> At<T> for std::result::Result<T, String> {
    /// A thread that has a result has waited for it; that is recorded, too.
    fn at(self, url: &str) -> std::result::Result<T, Failure> {
        record::waited(self.as_ref().err());
        self.map_err(|reason| Failure { url: url.into(), reason })
    }
}

#[cfg(feature = "pool")]
impl From<crate::pool::Lost> for Failure {
    fn from(lost: crate::pool::Lost) -> Self {
        Self { url: lost.item, reason: lost.reason }
    }
}

#[cfg(feature = "pool")]
impl serde::Serialize for Failure {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        (&self.url, &self.reason).serialize(to)
    }
}

#[cfg(feature = "pool")]
impl<'de> serde::Deserialize<'de> for Failure {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        serde::Deserialize::deserialize(from).map(|(url, reason)| Self { url, reason })
    }
}

/// What a session must know of the command line; each process has read it once.
struct Settings {
    timeout: Duration,
    /// Every page is on this machine: no proxy can reach it, no certificate is needed.
    local: bool,
    quiet: bool,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// A session as the command line wants it: a client that keeps its connections open.
///
/// The counterpart of `requests.Session()`.
pub fn session() -> Result<reqwest::blocking::Client> {
    // The time limit is the inner client's: its errors say of which page they speak, and it holds
    // to the last byte of the page.
    let builder = reqwest::blocking::ClientBuilder::from(client_builder());
    Ok(builder.timeout(None).build()?)
}

/// A session for tasks: like [`session`], but its downloads are awaited.
///
/// The counterpart of `aiohttp.ClientSession()`.
pub fn async_session() -> Result<reqwest::Client> {
    Ok(client_builder().build()?)
}

fn client_builder() -> reqwest::ClientBuilder {
    // A second call finds the provider in place, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder();
    let Some(settings) = SETTINGS.get() else { return builder };
    // Watching for a peer that has vanished costs six system calls a connection, and the time limit
    // finds it anyway.
    let builder = builder
        .timeout(settings.timeout)
        .tcp_keepalive(None)
        .tcp_keepalive_interval(None)
        .tcp_keepalive_retries(None);
    // Others have no such option.
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(None);
    // The system's certificates take longer to read than a page to arrive.
    if settings.local {
        let builder = builder.no_proxy().tls_certs_only([]);
        builder.http1_only().retry(reqwest::retry::never())
    } else {
        builder
    }
}

/// The options of a program that downloads, and the built-in site if it is used.
pub struct IoLesson {
    concurrency: usize,
    times: usize,
    pages: Vec<&'static str>,
    site: Option<Site>,
    picture: Picture,
    summary: Option<PathBuf>,
    cpu_time: ProcessTime,
}

/// Reads the command line of a program that downloads and opens the built-in site.
///
/// `times` is how often it downloads each page if `-n` does not say; `how` is how it does several
/// downloads at once. Wrong usage ends the program with status 2.
pub fn io(times: usize, how: Concurrency) -> Result<IoLesson> {
    let mut command = io_command(times, how);
    let matches = command.get_matches_mut();
    let times = matches.get_one("times").copied().unwrap_or(times);
    let timeout = *matches.get_one("timeout").expect("--timeout has a default");
    // The addresses live as long as the program, so that tasks can borrow them.
    let asked = matches.get_many::<String>("url").unwrap_or_default();
    let mut pages: Vec<&'static str> = asked.map(|url| &*url.clone().leak()).collect();
    if matches.get_flag("live") {
        pages = LIVE.to_vec();
    }
    let built_in = pages.is_empty();
    let count = times.checked_mul(if built_in { PAGES.len() } else { pages.len() });
    let Some(items) = count.filter(|count| *count <= MOST_DOWNLOADS) else {
        let most = thousands(MOST_DOWNLOADS as u64);
        let sentence = format!("more than {most} downloads; choose a smaller --times");
        command.error(ErrorKind::ValueValidation, sentence).exit();
    };

    let settings = Settings {
        timeout,
        local: built_in || pages.iter().all(|page| is_local(page)),
        quiet: matches.get_flag("quiet"),
    };
    if settings.quiet {
        quiet(items as u64);
    }
    TIME_LIMIT.get_or_init(|| timeout + Duration::from_secs(1));
    SETTINGS.get_or_init(|| settings);

    let asked = if how == Concurrency::None { None } else { matches.get_one("concurrency") };
    let mut concurrency = asked.copied().unwrap_or(how.default_for(items));
    if how == Concurrency::Tasks {
        let wanted = if asked.is_some() { concurrency } else { items.min(MOST_CONNECTIONS) };
        concurrency = limit_connections(wanted.min(items), built_in);
    }
    let site = if built_in && !is_worker() {
        let knobs = options::knobs(&matches);
        let site = Site::open(0, knobs)
            .map_err(|error| Error::new(format!("Cannot open the built-in site: {error}")))?;
        pages = PAGES.map(|page| &*site.url(page).leak()).to_vec();
        Some(site)
    } else {
        None
    };
    let picture = Picture::asked_for(&matches)?;
    let summary = matches.get_one("summary").cloned();
    let cpu_time = ProcessTime::now();
    Ok(IoLesson { concurrency, times, pages, site, picture, summary, cpu_time })
}

fn io_command(times: usize, how: Concurrency) -> Command {
    let (engine, at_once) = match how {
        Concurrency::None => ("one after the other".into(), None),
        Concurrency::Threads(n) => (
            "with a pool of threads".to_string(),
            Some(options::concurrency("Threads, so downloads", &n.to_string())),
        ),
        Concurrency::Tasks => (
            "on one thread, with one task per page".into(),
            Some(options::concurrency(
                "Tasks, so downloads",
                &format!("one per page, up to {}", thousands(MOST_CONNECTIONS as u64)),
            )),
        ),
        Concurrency::Processes(n) => (
            "with a pool of processes".into(),
            Some(options::concurrency("Processes, so downloads", &format!("{n}, one per CPU"))),
        ),
    };
    options::command(format!(
        "Downloads pages {engine}.\n\nWithout URLs it reads the two pages of its built-in site, \
         which needs no\nnetwork, {} times each.",
        thousands(times as u64)
    ))
    .args(at_once)
    .args(matches!(how, Concurrency::Processes(_)).then(options::worker))
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
            .value_parser(options::count)
            .help(format!("How often to download each page [default: {times}]")),
        Arg::new("timeout")
            .long("timeout")
            .value_name("SECONDS")
            .value_parser(options::seconds)
            .default_value("10")
            .help("How long a download may take"),
        Arg::new("live")
            .long("live")
            .action(ArgAction::SetTrue)
            .conflicts_with("url")
            .help("Download the article's two pages from the internet"),
    ])
    .args(options::site_options().into_iter().map(|knob| knob.conflicts_with_all(["url", "live"])))
}

/// Reads the address of a page.
fn address(text: &str) -> std::result::Result<String, String> {
    match Url::parse(text) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) => Ok(text.into()),
        // `example.com:80` parses too, with a scheme of its own.
        Err(_) if text.contains("://") => Err("it is not the address of a page".into()),
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

/// As many connections as are wanted, or as the system's limit on open files allows.
///
/// Raises the soft limit to the hard one first. The built-in site holds the other end of each
/// connection in the same process, so there one connection is two files.
fn limit_connections(wanted: usize, built_in: bool) -> usize {
    // A system without such a limit reports the number that was asked for.
    let Ok(files) = rlimit::increase_nofile_limit(u64::MAX) else { return wanted };
    let files_each = if built_in { 2 } else { 1 };
    let allowed = (files.saturating_sub(OTHER_FILES) / files_each).max(1);
    let allowed = usize::try_from(allowed).unwrap_or(wanted);
    if wanted > allowed {
        warn(format_args!(
            "Keeping at most {} under way at once (open files: at most {})",
            plural(allowed as u64, "download"),
            thousands(files),
        ));
    }
    wanted.min(allowed)
}

impl IoLesson {
    /// The addresses of the pages to download.
    #[must_use]
    pub fn pages(&self) -> &[&'static str] {
        &self.pages
    }

    /// How often to download each page.
    #[must_use]
    pub fn times(&self) -> usize {
        self.times
    }

    /// How many downloads to have under way at once.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        self.concurrency
    }

    /// Says what the measured time means, and names the downloads that failed.
    ///
    /// The exit code is 1 if anything failed.
    pub fn report(self, downloads: &[Download], duration: Duration) -> Result<ExitCode> {
        let cpu_time = cpu_time(self.cpu_time);
        end_of_items();
        let mut summary = Summary::default()
            .with("seconds", duration.as_secs_f64())
            .with("cpu_seconds", cpu_time.as_secs_f64())
            .with("at_once", self.concurrency)
            .with("items", downloads.len())
            .with("ok", downloads.iter().flatten().count());
        if let Some(site) = &self.site {
            let report = site.report();
            let bound = Bound::of(&report, site, self.concurrency);
            say!("{report}");
            say!("{}", bound.sentence);
            summary = summary
                .with("connections", report.connections)
                .with("answered", report.answered)
                .with("most_at_once", report.most_at_once)
                .with("bound_seconds", bound.seconds);
        } else {
            say!("(Only the built-in site counts what it sees and knows how long it must take.)");
        }
        name_failures(downloads);
        summary.write(self.summary.as_deref())?;
        self.picture.show(duration)?;
        #[cfg(feature = "pool")]
        if crate::pool::lost_workers() > 0 {
            return Ok(ExitCode::FAILURE);
        }
        let all_read = downloads.iter().all(std::result::Result::is_ok);
        Ok(if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The least time that a run can take, whatever the program does.
struct Bound {
    seconds: f64,
    sentence: String,
}

impl Bound {
    fn of(report: &Report, site: &Site, concurrency: usize) -> Self {
        let knobs = site.knobs();
        let width = concurrency.min(knobs.capacity.unwrap_or(usize::MAX)).max(1);
        // With jitter the requests differ, so what counts is the time of all of them together.
        #[expect(clippy::cast_precision_loss, reason = "no list of addresses is that long")]
        let (rounds, width_f64) = (report.answered.div_ceil(width) as f64, width as f64);
        let in_rounds = rounds * knobs.latency.as_secs_f64();
        let seconds = in_rounds.max(report.service_time.as_secs_f64() / width_f64);

        let mut latency = format!("{} ms", knobs.latency.as_millis());
        if !knobs.jitter.is_zero() {
            let most = knobs.latency + knobs.jitter;
            latency = format!("{} to {} ms", knobs.latency.as_millis(), most.as_millis());
        }
        let sentence = format!(
            "{} of {latency}, {} at a time, cannot take less than {seconds:.3} s",
            plural(report.answered as u64, "request"),
            thousands(width as u64),
        );
        Self { seconds, sentence }
    }
}

/// Names every page that could not be read, with its reason and how often it happened.
fn name_failures(downloads: &[Download]) {
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
    for (Failure { url, reason }, times) in failures {
        lines.extend(["\n  ", url, ": ", reason]);
        if times > 1 {
            lines.extend([" (", &thousands(times), " times)"]);
        }
    }
    warn(format_args!("{lines}"));
}

#[cfg(test)]
mod tests {
    use super::{address, is_local};

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
    fn only_this_machine_is_local() {
        for local in ["http://127.0.0.1:8000/dice", "http://localhost/", "https://[::1]:80/"] {
            assert!(is_local(local), "{local} is on this machine");
        }
        for other in ["http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/"] {
            assert!(!is_local(other), "{other} is somewhere else");
        }
    }
}
