//! Servers that answer in every wrong way, and one that waits for the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use testing::wait_until;

/// An address without a server: the system gives this port to nobody.
pub const NOBODY: &str = "http://127.0.0.1:1/";

/// Serves every connection on a thread of its own, for as long as the test runs, and returns the
/// server's address.
pub fn serve(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the system has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    format!("http://{address}/")
}

/// Reads the head of a request; false when the client has hung up.
pub fn read_head(stream: &mut impl BufRead) -> bool {
    let mut line = String::new();
    while let Ok(1..) = stream.read_line(&mut line) {
        if line == "\r\n" {
            return true;
        }
        line.clear();
    }
    false
}

/// The address of a server that gives everyone the same answer, to the byte, and hangs up.
pub fn server_that_answers(answer: impl Into<Vec<u8>>) -> String {
    let answer = answer.into();
    serve(move |mut stream| {
        let Ok(reading) = stream.try_clone() else { return };
        if read_head(&mut BufReader::new(reading)) {
            // The client may have hung up first.
            let _ = stream.write_all(&answer);
        }
    })
}

/// The address of a server that sends the first half of its page and hangs up.
pub fn server_that_stops_halfway() -> String {
    let mut answer = String::from("HTTP/1.1 200 OK\r\nContent-Length: 10966\r\n\r\n");
    answer.extend(std::iter::repeat_n('x', 10_966 / 2));
    server_that_answers(answer)
}

/// The address of a server that sends the first half of its page and then nothing more.
pub fn server_that_stalls_halfway() -> String {
    serve(|mut stream| {
        let Ok(reading) = stream.try_clone() else { return };
        let mut reading = BufReader::new(reading);
        if read_head(&mut reading) {
            // The client may have hung up first.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10966\r\n\r\nhalf");
            // Ends when the client hangs up.
            let _ = reading.read_to_end(&mut Vec::new());
        }
    })
}

/// The address of a server that sends everyone to another one, at `location`.
pub fn server_that_redirects_to(location: &str) -> String {
    server_that_answers(format!(
        "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    ))
}

/// The address of a server that accepts connections and answers nothing.
pub fn server_that_is_silent() -> String {
    serve(|mut stream| {
        // Ends when the client hangs up.
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// A server that holds all requests back until the test lets them through: so a test knows, without
/// a clock, that a program is in the middle of its downloads.
pub struct Gate {
    /// The server's address.
    pub url: String,
    state: Arc<(Mutex<GateState>, Condvar)>,
}

#[derive(Default)]
struct GateState {
    requests: usize,
    open: bool,
}

impl Gate {
    /// A gate that is closed.
    pub fn closed() -> Self {
        let state = Arc::new((Mutex::new(GateState::default()), Condvar::new()));
        let shared = Arc::clone(&state);
        let url = serve(move |stream| {
            let (state, changed) = &*shared;
            let Ok(mut writing) = stream.try_clone() else { return };
            let mut reading = BufReader::new(stream);
            while read_head(&mut reading) {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                state.requests += 1;
                drop(changed.wait_while(state, |state| !state.open));
                let sent = writing.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
                if sent.is_err() {
                    return;
                }
            }
        });
        Self { url, state }
    }

    /// How many requests have come so far.
    pub fn requests(&self) -> usize {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).requests
    }

    /// Waits until so many requests have come; all of them wait at the gate.
    #[track_caller]
    pub fn wait_for(&self, requests: usize) {
        wait_until("requests at the gate", || self.requests() >= requests);
    }

    /// Lets everyone through from now on.
    pub fn open(&self) {
        self.state.0.lock().unwrap_or_else(PoisonError::into_inner).open = true;
        self.state.1.notify_all();
    }
}
