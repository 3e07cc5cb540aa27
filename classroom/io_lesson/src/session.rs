//! Sessions: clients that keep their connections open, as the command line wants them.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::retry;

use crate::tls;
use basics::error::Result;

/// What a session must know of the command line; each process has read it once.
pub struct Settings {
    pub timeout: Duration,
    /// Every page is on this machine, where no proxy can reach it.
    pub local: bool,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// For an experiment, which reads no command line and downloads from its own site.
const BUILT_IN: Settings = Settings { timeout: Duration::from_secs(10), local: true };

/// Tells all sessions of this process what they must know; the first call counts.
pub fn set(settings: Settings) {
    SETTINGS.get_or_init(|| settings);
}

/// How long a download may take.
pub fn timeout() -> Option<Duration> {
    SETTINGS.get().map(|settings| settings.timeout)
}

/// A session as the command line wants it: a client that keeps its connections open.
///
/// In an experiment, which has not called [`open`](super::open()), it is for the built-in site alone, and
/// a download may take 10 s.
///
/// The counterpart of `requests.Session()`, but it keeps no cookies.
pub fn session() -> Result<reqwest::blocking::Client> {
    // The inner client has the time limit. It holds to the last byte of the page, and its errors
    // name the page.
    let builder = reqwest::blocking::ClientBuilder::from(client_builder());
    Ok(builder.timeout(None).build()?)
}

/// A session for tasks: like [`session`], but its downloads are awaited.
///
/// The counterpart of `aiohttp.ClientSession()`, but it keeps no cookies.
pub fn async_session() -> Result<reqwest::Client> {
    Ok(client_builder().build()?)
}

fn client_builder() -> reqwest::ClientBuilder {
    let settings = SETTINGS.get().unwrap_or(&BUILT_IN);
    // Watching for a peer that has vanished costs six system calls a connection, and the time limit
    // finds it anyway.
    let builder = reqwest::Client::builder()
        .timeout(settings.timeout)
        .retry(retry::never())
        .tls_backend_preconfigured(tls::config())
        .tcp_keepalive(None)
        .tcp_keepalive_interval(None)
        .tcp_keepalive_retries(None);
    // Other systems have no such option.
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(None);
    if settings.local { builder.no_proxy() } else { builder }
}
