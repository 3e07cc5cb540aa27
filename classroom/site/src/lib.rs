//! The built-in website, so that nothing needs the internet, and the referee that counts what
//! really happened.
//!
//! The site lives on 127.0.0.1 in the program that needs it, on a thread of its own. It answers two
//! pages that stand for the article's two, after a latency of 90 ms, which is what the article
//! measured: 14.3 s for 160 downloads, one after the other.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once, mpsc};
use std::thread;
use std::time::Duration;

use basics::error::explain_time_outs;
use basics::output::warn;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{Domain, Socket, Type};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::time::sleep;

mod content;
mod referee;

pub use referee::{Behaviour, CUT_OFF, Counts, PAGES};

use referee::Referee;

/// How many clients may knock before the site has opened: the most that Linux allows by default.
/// A client over this number waits a second before it knocks again. On Windows it is turned away
/// after two seconds, and a number over 200 must be negative there (`SOMAXCONN_HINT`).
const BACKLOG: i32 = if cfg!(windows) { -4096 } else { 4096 };

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
    pub fn open(port: u16, behaviour: Behaviour) -> io::Result<Self> {
        let referee = Arc::new(Referee::new(behaviour));
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
                        // `open` waits for this answer.
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
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How the site behaves.
    pub fn behaviour(&self) -> &Behaviour {
        self.referee.behaviour()
    }

    /// Returns when a client has closed the last open connection.
    pub async fn last_closed(&self) {
        self.referee.last_closed().await;
    }

    /// How many connections are open.
    pub fn open_connections(&self) -> usize {
        self.referee.open()
    }

    /// What the referee has counted since the last time that this was asked.
    pub fn take_counts(&self) -> Counts {
        self.referee.take_counts()
    }

    /// What the referee has counted so far.
    pub fn counts(&self) -> Counts {
        self.referee.counts()
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
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    if cfg!(unix) {
        // A port that was served a moment ago can be served again. (On Windows the option means
        // something else: that two programs share the port.)
        socket.set_reuse_address(true)?;
    }
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.listen(BACKLOG)?;
    let listener = TcpListener::from_std(socket.into())?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Its clients learn nothing but that they have to wait, until their time is over.
fn say_once_that_it_is_full(error: &io::Error) {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        warn(format_args!("The built-in site can open no more connections for now: {error}"));
        explain_time_outs(format_args!(
            "the built-in site could open no more connections: {error}"
        ));
    });
}

async fn accept(listener: TcpListener, referee: Arc<Referee>) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                if error.kind() != ErrorKind::ConnectionAborted {
                    say_once_that_it_is_full(&error);
                }
                // The client has gone again, or no file is free: others may end meanwhile.
                sleep(Duration::from_millis(10)).await;
                continue;
            }
        };
        // Otherwise the end of a long page can wait 40 ms for the client's acknowledgement.
        // Where it cannot be set, pages still arrive.
        let _ = stream.set_nodelay(true);
        let referee = Arc::clone(&referee);
        tokio::spawn(async move {
            let _open = referee.count_connection();
            let is_new = AtomicBool::new(true);
            let service = service_fn(|request| {
                let (referee, is_first) = (&referee, is_new.swap(false, Ordering::Relaxed));
                async move { Ok::<_, Infallible>(referee.answer(&request, is_first).await) }
            });
            // A client that hangs up or talks nonsense has been answered as well as can be.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .half_close(!referee.behaviour().watch)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
