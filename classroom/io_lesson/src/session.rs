//! Sessions: clients that keep their connections open, as the command line wants them.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;

use basics::error::Result;

/// What a session must know of the command line; each process has read it once.
pub struct Settings {
    pub timeout: Duration,
    /// Every page is on this machine, where no proxy can reach it.
    pub local: bool,
    /// Every page is the built-in site's, which needs no certificates.
    pub built_in: bool,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// For an experiment, which reads no command line and downloads from its own site.
const BUILT_IN: Settings =
    Settings { timeout: Duration::from_secs(10), local: true, built_in: true };

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
/// The counterpart of `requests.Session()`.
pub fn session() -> Result<reqwest::blocking::Client> {
    // The inner client has the time limit. It holds to the last byte of the page, and its errors
    // name the page.
    let builder = reqwest::blocking::ClientBuilder::from(client_builder()?);
    Ok(builder.timeout(None).build()?)
}

/// A session for tasks: like [`session`], but its downloads are awaited.
///
/// The counterpart of `aiohttp.ClientSession()`.
pub fn async_session() -> Result<reqwest::Client> {
    Ok(client_builder()?.build()?)
}

fn client_builder() -> Result<reqwest::ClientBuilder> {
    // A second call finds the provider in place, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder();
    let settings = SETTINGS.get().unwrap_or(&BUILT_IN);
    // Watching for a peer that has vanished costs six system calls a connection, and the time limit
    // finds it anyway.
    let builder = builder
        .timeout(settings.timeout)
        .tcp_keepalive(None)
        .tcp_keepalive_interval(None)
        .tcp_keepalive_retries(None);
    // Other systems have no such option.
    #[cfg(target_os = "linux")]
    let builder = builder.tcp_user_timeout(None);
    let builder = if settings.local { builder.no_proxy() } else { builder };
    Ok(if settings.built_in {
        builder.tls_certs_only([]).http1_only().retry(reqwest::retry::never())
    } else {
        builder.tls_backend_preconfigured(tls()?)
    })
}

/// How to speak TLS, with the authorities that the system trusts.
///
/// Read once and shared by all sessions, because that takes longer than a page to arrive.
fn tls() -> Result<ClientConfig> {
    static TLS: Mutex<Option<ClientConfig>> = Mutex::new(None);
    // The other threads wait for the first instead of reading the same.
    let mut shared = TLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(tls) = &*shared {
        return Ok(tls.clone());
    }
    let tls = ClientConfig::with_platform_verifier()?;
    *shared = Some(tls.clone());
    Ok(tls)
}
