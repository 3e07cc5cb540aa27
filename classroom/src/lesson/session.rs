//! Sessions: clients that keep their connections open, as the command line wants them.

use std::sync::OnceLock;
use std::time::Duration;

use crate::error::Result;

/// What a session must know of the command line; each process has read it once.
pub(super) struct Settings {
    pub timeout: Duration,
    /// Every page is on this machine: no proxy can reach it, no certificate is needed.
    pub local: bool,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// Tells all sessions of this process what they must know; the first call counts.
pub(super) fn set(settings: Settings) {
    SETTINGS.get_or_init(|| settings);
}

/// How long a download may take.
pub(super) fn timeout() -> Option<Duration> {
    SETTINGS.get().map(|settings| settings.timeout)
}

/// A session as the command line wants it: a client that keeps its connections open.
///
/// The counterpart of `requests.Session()`.
pub fn session() -> Result<reqwest::blocking::Client> {
    // The inner client has the time limit. It holds to the last byte of the page, and its errors
    // name the page.
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
