//! The built-in website, so that nothing needs the internet, and the referee that counts what
//! really happened.
//!
//! The site lives on 127.0.0.1 in the program that needs it, on a thread of its own. It answers two
//! pages that stand for the article's two, after a latency of 90 ms, which is what the article
//! measured: 14.3 s for 160 downloads, one after the other.

use std::convert::Infallible;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::lesson::{plural, thousands};
use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep, sleep_until};

/// The paths of the two pages, in the article's order.
pub const PAGES: [&str; 2] = ["/jython", "/dice"];

/// The size of the page that stands for www.jython.org, in bytes.
const JYTHON_SIZE: usize = 10_966;

/// The size of the page that stands for olympus.realpython.org/dice, in bytes.
const DICE_SIZE: usize = 280;

/// How many clients may knock before the site has opened: the most that Linux allows by default.
/// A client over this number waits a second before it knocks again.
const BACKLOG: u32 = 4096;

/// How the site behaves.
#[derive(Clone, Debug)]
pub struct Knobs {
    /// The time from a request to its answer.
    pub latency: Duration,
    /// The most that is added to the latency of each request, at random.
    pub jitter: Duration,
    /// Makes the jitter repeatable.
    pub seed: Option<u64>,
    /// How many requests are served at once, the others wait their turn; no limit when `None`.
    pub capacity: Option<usize>,
    /// Every so many-th request is answered with status 500.
    pub fail: Option<usize>,
    /// Every so many-th request is never answered.
    pub hang: Option<usize>,
}

impl Default for Knobs {
    /// The latency that the article measured, and nothing else.
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(90),
            jitter: Duration::ZERO,
            seed: None,
            capacity: None,
            fail: None,
            hang: None,
        }
    }
}

/// What the referee counted, from the site's start to now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
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

impl Display for Report {
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

/// The built-in site, running until it is dropped.
pub struct Site {
    address: SocketAddr,
    referee: Arc<Referee>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Site {
    /// Opens the site on a port of 127.0.0.1; port 0 lets the system choose one.
    ///
    /// # Errors
    ///
    /// The port is taken, or the system has no thread or no file to give.
    pub fn open(port: u16, knobs: Knobs) -> io::Result<Self> {
        let referee = Arc::new(Referee::new(knobs));
        let (stop, stopped) = oneshot::channel();
        let (opened, answer) = mpsc::channel();
        let site = Arc::clone(&referee);
        let thread = thread::Builder::new().name("site".into()).spawn(move || {
            let started = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let runtime = match started {
                Ok(runtime) => runtime,
                Err(error) => return drop(opened.send(Err(error))),
            };
            runtime.block_on(async {
                match listen(port) {
                    Ok((listener, address)) => {
                        // Whoever asked for the site is waiting for this answer.
                        let _ = opened.send(Ok(address));
                        tokio::spawn(accept(listener, site));
                        // Ends when the site is dropped, and every connection with it.
                        let _ = stopped.await;
                    }
                    Err(error) => drop(opened.send(Err(error))),
                }
            });
        })?;
        let address = answer.recv().map_err(io::Error::other)??;
        Ok(Self { address, referee, stop: Some(stop), thread: Some(thread) })
    }

    /// The address of a page of the site.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How the site behaves.
    #[must_use]
    pub fn knobs(&self) -> &Knobs {
        &self.referee.knobs
    }

    /// What the referee has counted so far.
    #[must_use]
    pub fn report(&self) -> Report {
        self.referee.report()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // The site's thread may have ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            // A panic of the site has been printed; there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

fn listen(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = TcpSocket::new_v4()?;
    if cfg!(unix) {
        // A port that was served a moment ago can be served again. (On Windows the option means
        // something else: that two programs share the port.)
        socket.set_reuseaddr(true)?;
    }
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    let listener = socket.listen(BACKLOG)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

async fn accept(listener: TcpListener, referee: Arc<Referee>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // The client has gone again, or no file is free: others may end meanwhile.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        referee.connections.fetch_add(1, Ordering::Relaxed);
        // Otherwise the end of a long page can wait 40 ms for the client's acknowledgement.
        // Where it cannot be set, pages still arrive.
        let _ = stream.set_nodelay(true);
        let referee = Arc::clone(&referee);
        tokio::spawn(async move {
            let service = service_fn(|request| {
                let referee = &referee;
                async move { Ok::<_, Infallible>(referee.answer(&request).await) }
            });
            // A client that hangs up or talks nonsense has been answered as well as can be.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                // Not to watch for clients that hang up while they wait saves 8 kB for each; their
                // requests count until the latency is over. It would be for ever if they hang.
                .half_close(referee.knobs.hang.is_none())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Answers the requests and counts them.
struct Referee {
    knobs: Knobs,
    pages: [(&'static str, Bytes); 3],
    random: Mutex<fastrand::Rng>,
    turns: Option<Semaphore>,
    requests: AtomicUsize,
    connections: AtomicUsize,
    answered: AtomicUsize,
    at_once: Level,
    served: Level,
    service_micros: AtomicU64,
}

impl Referee {
    fn new(knobs: Knobs) -> Self {
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
                knobs.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            ),
            turns: knobs.capacity.map(|turns| Semaphore::new(turns.min(Semaphore::MAX_PERMITS))),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            at_once: Level::default(),
            served: Level::default(),
            service_micros: AtomicU64::new(0),
            knobs,
        }
    }

    fn report(&self) -> Report {
        Report {
            connections: self.connections.load(Ordering::Relaxed),
            answered: self.answered.load(Ordering::Relaxed),
            most_at_once: self.at_once.highest.load(Ordering::Relaxed),
            most_served: self.served.highest.load(Ordering::Relaxed),
            service_time: Duration::from_micros(self.service_micros.load(Ordering::Relaxed)),
        }
    }

    async fn answer<B>(&self, request: &Request<B>) -> Response<Full<Bytes>> {
        let arrival = Instant::now();
        let number = 1 + self.requests.fetch_add(1, Ordering::Relaxed);
        let is_nth = |nth: Option<usize>| nth.is_some_and(|nth| number.is_multiple_of(nth));

        // Both levels fall when this function returns and when the client hangs up before that.
        let _under_way = self.at_once.rise();
        let mut start = arrival;
        let mut _turn = None;
        if let Some(turns) = &self.turns {
            // Nobody closes the semaphore, so a turn comes.
            _turn = turns.acquire().await.ok();
            start = Instant::now();
        }
        let _served = self.served.rise();
        let latency = self.latency();
        if is_nth(self.knobs.hang) {
            std::future::pending::<()>().await;
        }
        sleep_until(start + latency).await;

        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.service_micros.fetch_add(micros, Ordering::Relaxed);
        self.answered.fetch_add(1, Ordering::Relaxed);
        if is_nth(self.knobs.fail) {
            return plain(StatusCode::INTERNAL_SERVER_ERROR);
        }
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return plain(StatusCode::METHOD_NOT_ALLOWED);
        }
        match self.pages.iter().find(|(path, _)| *path == request.uri().path()) {
            Some((_, page)) => {
                let mut response = Response::new(Full::new(page.clone()));
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                response.headers_mut().insert(CONTENT_TYPE, html);
                response
            }
            None => plain(StatusCode::NOT_FOUND),
        }
    }

    /// The time that the next request takes.
    fn latency(&self) -> Duration {
        let Knobs { latency, jitter, .. } = self.knobs;
        if jitter.is_zero() {
            return latency;
        }
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        latency + jitter.mul_f64(random.f64())
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
        Risen(self)
    }
}

struct Risen<'a>(&'a Level);

impl Drop for Risen<'_> {
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
fn plain(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(format!("{status}\n")));
    *response.status_mut() = status;
    response
}
