//! What the site answers, and how the referee counts it.

use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::sync::{Notify, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::content::Content;
use basics::words::{plural, thousands};

/// The paths of the two pages, in the article's order.
pub const PAGES: [&str; 2] = ["/jython", "/dice"];

/// The path of a page of which the site sends the first half, and then breaks off.
pub const CUT_OFF: &str = "/cut-off";

/// The size of the page that stands for www.jython.org, in bytes.
const JYTHON_SIZE: usize = 10_966;

/// The size of the page that stands for olympus.realpython.org/dice, in bytes.
const DICE_SIZE: usize = 280;

/// How the site behaves.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// The time from a request to its answer.
    pub latency: Duration,
    /// The most that is added to the latency of each request, at random.
    pub jitter: Duration,
    /// How much longer the first answer of each connection takes. Over a real network that is what
    /// the handshakes of TCP and TLS take.
    pub handshake: Duration,
    /// Makes the jitter repeatable.
    pub seed: Option<u64>,
    /// How many requests are served at once, the others wait their turn; no limit when `None`.
    pub capacity: Option<usize>,
    /// Every so many-th request is answered with status 500.
    pub fail: Option<usize>,
    /// Every so many-th request is never answered.
    pub hang: Option<usize>,
    /// Whether the site notices at once that a client has gone: its request is then no longer under
    /// way, and is not answered. This costs about 8 kB for each connection.
    pub watch: bool,
}

impl Default for Behaviour {
    /// The latency that the article measured, and nothing else.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(90),
            jitter: Duration::ZERO,
            handshake: Duration::ZERO,
            seed: None,
            capacity: None,
            fail: None,
            hang: None,
            watch: true,
        }
    }
}

/// What the referee counted, from the site's start to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections accepted.
    pub connections: usize,
    /// Requests answered, those with an error status included.
    pub answered: usize,
    /// The most requests that were under way at the same time: received and not yet answered.
    pub most_at_once: usize,
    /// The most requests that were served at the same time: at most the site's capacity.
    pub most_served: usize,
    /// The time that the answered requests had to take, all together.
    pub service_time: Duration,
}

impl Display for Counts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the site saw {}, at most {} at once, {} answered",
            plural(self.connections as u64, "connection"),
            plural(self.most_at_once as u64, "request"),
            thousands(self.answered as u64),
        )
    }
}

/// Answers the requests and counts them.
pub(super) struct Referee {
    behaviour: Behaviour,
    pages: [(&'static str, Bytes); 3],
    random: Mutex<fastrand::Rng>,
    turns: Option<Semaphore>,
    requests: AtomicUsize,
    connections: AtomicUsize,
    open: AtomicUsize,
    last_closed: Notify,
    answered: AtomicUsize,
    at_once: Level,
    served: Level,
    service_micros: AtomicU64,
}

impl Referee {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        let [jython, dice] = PAGES;
        let index = format!(
            "<!doctype html>\n<title>The built-in site</title>\n\
             <p>Two pages: <a href=\"{jython}\">{jython}</a> and <a href=\"{dice}\">{dice}</a>.\n"
        );
        Self {
            pages: [
                ("/", index.into()),
                (jython, page("www.jython.org", JYTHON_SIZE)),
                (dice, page("olympus.realpython.org/dice", DICE_SIZE)),
            ],
            random: Mutex::new(
                behaviour.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            ),
            turns: behaviour
                .capacity
                .map(|turns| Semaphore::new(turns.min(Semaphore::MAX_PERMITS))),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
            last_closed: Notify::new(),
            answered: AtomicUsize::new(0),
            at_once: Level::default(),
            served: Level::default(),
            service_micros: AtomicU64::new(0),
            behaviour,
        }
    }

    pub(super) fn behaviour(&self) -> &Behaviour {
        &self.behaviour
    }

    /// Counts a connection, which is open until the guard is dropped.
    pub(super) fn count_connection(&self) -> OpenConnection<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        OpenConnection(self)
    }

    /// How many connections are open.
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Returns when the last open connection has been closed.
    pub(super) async fn last_closed(&self) {
        self.last_closed.notified().await;
    }

    /// What was counted since the last time this was asked.
    pub(super) fn take_counts(&self) -> Counts {
        self.read(
            |number| number.swap(0, Ordering::Relaxed),
            |micros| micros.swap(0, Ordering::Relaxed),
        )
    }

    pub(super) fn counts(&self) -> Counts {
        self.read(|number| number.load(Ordering::Relaxed), |micros| micros.load(Ordering::Relaxed))
    }

    fn read(&self, number: fn(&AtomicUsize) -> usize, micros: fn(&AtomicU64) -> u64) -> Counts {
        Counts {
            connections: number(&self.connections),
            answered: number(&self.answered),
            most_at_once: number(&self.at_once.highest),
            most_served: number(&self.served.highest),
            service_time: Duration::from_micros(micros(&self.service_micros)),
        }
    }

    /// Answers a request. `is_first` says whether it is the first of its connection.
    pub(super) async fn answer<B>(
        &self,
        request: &Request<B>,
        is_first: bool,
    ) -> Response<Content> {
        let mut start = Instant::now();
        let number = 1 + self.requests.fetch_add(1, Ordering::Relaxed);
        let is_nth = |nth: Option<usize>| nth.is_some_and(|nth| number.is_multiple_of(nth));

        // Both levels fall when this function returns and when the client hangs up before that.
        let _under_way = self.at_once.rise();
        if is_first {
            start += self.behaviour.handshake;
            sleep_until(start).await;
        }
        let mut _turn = None;
        if let Some(turns) = &self.turns {
            // The semaphore is never closed, so a turn comes.
            _turn = turns.acquire().await.ok();
            start = Instant::now();
        }
        let _served = self.served.rise();
        let latency = self.latency();
        if is_nth(self.behaviour.hang) {
            std::future::pending::<()>().await;
        }
        sleep_until(start + latency).await;

        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.service_micros.fetch_add(micros, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
        if is_nth(self.behaviour.fail) {
            return plain(StatusCode::INTERNAL_SERVER_ERROR);
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        self.page(request.uri().path())
    }

    fn page(&self, path: &str) -> Response<Content> {
        let [_, (_, jython), _] = &self.pages;
        if path == CUT_OFF {
            return Response::new(Content::half(jython));
        }
        match self.pages.iter().find(|(page, _)| *page == path) {
            Some((_, page)) => {
                let mut response = Response::new(Content::whole(page.clone()));
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                response.headers_mut().insert(CONTENT_TYPE, html);
                response
            }
            None => plain(StatusCode::NOT_FOUND),
        }
    }

    /// The time that the next request takes.
    fn latency(&self) -> Duration {
        let Behaviour { latency, jitter, .. } = self.behaviour;
        if jitter.is_zero() {
            return latency;
        }
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        latency + jitter.mul_f64(random.f64())
    }
}

/// A connection that is open until this is dropped.
pub(super) struct OpenConnection<'a>(&'a Referee);

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.last_closed.notify_one();
        }
    }
}

/// A number that rises and falls, and the highest that it has been.
#[derive(Default)]
struct Level {
    now: AtomicUsize,
    highest: AtomicUsize,
}

impl Level {
    /// Rises by one until the guard is dropped.
    fn rise(&self) -> impl Drop + use<'_> {
        let now = 1 + self.now.fetch_add(1, Ordering::Relaxed);
        self.highest.fetch_max(now, Ordering::Relaxed);
        LevelGuard(self)
    }
}

struct LevelGuard<'a>(&'a Level);

impl Drop for LevelGuard<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A page of exactly `size` bytes that says what it stands for.
fn page(name: &str, size: usize) -> Bytes {
    let head = format!("<!doctype html>\n<title>{name}</title>\n<p>This page stands for {name}.\n");
    let filler = "<p>It is as long as the page that the article downloaded.\n";
    let mut page = head + &filler.repeat(size / filler.len());
    page.truncate(size);
    while page.len() < size {
        page.push('\n');
    }
    page.into()
}

/// An answer that is only its status.
fn plain(status: StatusCode) -> Response<Content> {
    let mut response = Response::new(Content::whole(format!("{status}\n")));
    *response.status_mut() = status;
    response
}
