//! The server of the phones, with a limit on everything.
//!
//! Nothing that a phone sends is kept or shown: a request is a path of known words and numbers, and has
//! no content.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::{Body, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, yield_now};
use tokio::time::{sleep, timeout};

use crate::class::{Class, Token, most_frequent};

const PAGE: &str = include_str!("page.html");

/// The page may use its own script and style and this server, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
                      connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The most connections at once: two for each phone, and fewer than the files that macOS gives.
const MOST_CONNECTIONS: usize = 160;

/// The connections and requests of one address in a second. A whole class can be behind one address.
const MOST_REQUESTS: u32 = 500;

/// How long a client may take to send a request, or to send none. Phones ask every second.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// How long a connection may last, whatever its client does. Phones then open another one.
const CONNECTION_TIME: Duration = Duration::from_secs(60);

/// How long an answer may take to leave after that.
const LAST_ANSWER_TIME: Duration = Duration::from_secs(5);

/// The size of a request's head, in bytes: the least that hyper has.
const MOST_HEAD: usize = 8192;

/// How long a browser keeps its cookie, in seconds: longer than a lesson, and not until tomorrow.
const COOKIE_TIME: u32 = 4 * 60 * 60;

/// Why there is no answer. The page shows the sentence.
type Refusal = (StatusCode, &'static str);

const TOO_MANY: Refusal =
    (StatusCode::TOO_MANY_REQUESTS, "Too many requests from here. One moment.");
const HAS_CONTENT: Refusal = (StatusCode::PAYLOAD_TOO_LARGE, "A request has no content here.");
const NOT_FOUND: Refusal = (StatusCode::NOT_FOUND, "There is no such thing.");
const FULL: Refusal = (StatusCode::SERVICE_UNAVAILABLE, "The class is full: there are 60 phones.");
const NO_NUMBERS: Refusal =
    (StatusCode::INTERNAL_SERVER_ERROR, "The laptop has no random numbers.");
const NO_COOKIE: Refusal = (
    StatusCode::FORBIDDEN,
    "This page needs its one cookie, and the browser has not kept it. Allow it and load the page again.",
);

/// The server and its class.
pub(crate) struct Server {
    class: Arc<Mutex<Class>>,
    clients: Mutex<Clients>,
}

/// Who is connected, and who asks how often.
struct Clients {
    connections: VecDeque<(IpAddr, AbortHandle)>,
    /// The requests of each address in this second.
    requests: HashMap<IpAddr, u32>,
    second: Instant,
}

/// Serves until it is dropped.
pub(crate) async fn accept(listener: TcpListener, class: Arc<Mutex<Class>>) {
    let (connections, requests) = (VecDeque::new(), HashMap::new());
    let clients = Clients { connections, requests, second: Instant::now() };
    let server = Arc::new(Server { class, clients: Mutex::new(clients) });
    loop {
        let Ok((stream, client)) = listener.accept().await else {
            // The client has gone again, or no file is free.
            lock(&server.clients).make_room();
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        if !lock(&server.clients).may_ask(client.ip()) {
            continue;
        }
        // Where it cannot be set, answers are late by some milliseconds.
        let _ = stream.set_nodelay(true);
        let serving = tokio::spawn(serve(stream, client.ip(), Arc::clone(&server)));
        lock(&server.clients).admit(client.ip(), serving.abort_handle());
        // Lets a connection go that has lost its place.
        yield_now().await;
    }
}

async fn serve(stream: TcpStream, client: IpAddr, server: Arc<Server>) {
    let service = service_fn(|request| {
        let server = &server;
        async move { Ok::<_, Infallible>(server.answer(&request, client).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIME)
        .max_buf_size(MOST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A client that hangs up or talks nonsense has been answered as well as can be.
    if timeout(CONNECTION_TIME, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        let _ = timeout(LAST_ANSWER_TIME, connection).await;
    }
}

/// A mutex whose value is whole even if its last owner has failed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Clients {
    fn admit(&mut self, client: IpAddr, connection: AbortHandle) {
        self.connections.retain(|(_, connection)| !connection.is_finished());
        self.connections.push_back((client, connection));
        if self.connections.len() > MOST_CONNECTIONS {
            self.make_room();
        }
    }

    /// The address with most connections loses its oldest, so that one client cannot keep the others
    /// out.
    fn make_room(&mut self) {
        let most = most_frequent(self.connections.iter().map(|(address, _)| *address));
        let oldest = most.and_then(|(most, _)| {
            self.connections.iter().position(|(address, _)| *address == most)
        });
        if let Some((_, connection)) = oldest.and_then(|oldest| self.connections.remove(oldest)) {
            connection.abort();
        }
    }

    /// Whether an address may ask once more now.
    fn may_ask(&mut self, client: IpAddr) -> bool {
        if self.second.elapsed() >= Duration::from_secs(1) {
            self.requests.clear();
            self.second = Instant::now();
        }
        let requests = self.requests.entry(client).or_default();
        *requests += 1;
        *requests <= MOST_REQUESTS
    }
}

impl Server {
    async fn answer(&self, request: &Request<Incoming>, client: IpAddr) -> Response<String> {
        if lock(&self.clients).may_ask(client) {
            return self.find(request, client).unwrap_or_else(refuse);
        }
        // Whoever asks too often waits, which costs nothing here.
        sleep(Duration::from_secs(1)).await;
        refuse(TOO_MANY)
    }

    fn find(
        &self,
        request: &Request<Incoming>,
        client: IpAddr,
    ) -> Result<Response<String>, Refusal> {
        let path: Vec<&str> = request.uri().path().split('/').skip(1).collect();
        match (request.method(), &path[..]) {
            _ if !request.body().is_end_stream() => Err(HAS_CONTENT),
            (&Method::GET, [""]) => page(token(request)),
            (&Method::GET, ["now"]) => self.view(token(request), client, "", ""),
            (&Method::POST, ["tap", scene, button]) => {
                self.view(token(request), client, scene, button)
            }
            (&Method::GET, ["level", number]) => {
                let number = number.parse().map_err(|_| NOT_FOUND)?;
                Ok(json(lock(&self.class).level(number).ok_or(NOT_FOUND)?.clone()))
            }
            _ => Err(NOT_FOUND),
        }
    }

    /// Does what a button of a scene says, if there is one, and answers what the phone shows.
    fn view(
        &self,
        token: Option<Token>,
        client: IpAddr,
        scene: &str,
        button: &str,
    ) -> Result<Response<String>, Refusal> {
        let mut class = lock(&self.class);
        class.advance(Instant::now());
        let phone = class.phone(token.ok_or(NO_COOKIE)?, client).ok_or(FULL)?;
        if let Ok(scene) = scene.parse() {
            class.tap(phone, scene, button);
        }
        Ok(json(class.view(phone).to_json()))
    }
}

/// The token in the cookie of a request.
fn token(request: &Request<Incoming>) -> Option<Token> {
    let cookies = request.headers().get(header::COOKIE)?.to_str().ok()?;
    let token = cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix("phone="))?;
    let is_token = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    u128::from_str_radix(token, 16).ok().filter(|_| is_token)
}

/// The page, and a random number as its cookie for a browser that has none.
fn page(token: Option<Token>) -> Result<Response<String>, Refusal> {
    let mut page = answer(StatusCode::OK, "text/html; charset=utf-8", PAGE.into());
    if token.is_none() {
        let mut bytes = [0; 16];
        getrandom::getrandom(&mut bytes).map_err(|_| NO_NUMBERS)?;
        let new = u128::from_ne_bytes(bytes);
        let cookie =
            format!("phone={new:032x}; Path=/; Max-Age={COOKIE_TIME}; HttpOnly; SameSite=Lax");
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| NO_NUMBERS)?;
        page.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(page)
}

/// An answer for the script of the page.
fn json(text: String) -> Response<String> {
    answer(StatusCode::OK, "application/json", text)
}

fn refuse((status, sentence): Refusal) -> Response<String> {
    answer(status, "text/plain", sentence.into())
}

fn answer(status: StatusCode, kind: &'static str, content: String) -> Response<String> {
    let mut response = Response::new(content);
    *response.status_mut() = status;
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
