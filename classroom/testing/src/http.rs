//! A client that sees every byte of an answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use super::waiting::DEADLINE;

/// The answers to an HTTP client's requests, read one by one from a connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

/// An answer of the site, as it came over the wire.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The first line.
    pub status: String,
    /// The other lines of the head, in lower case.
    pub head: Vec<String>,
    /// The page.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        // The space before the value is usual and not required.
        self.head.iter().find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(':')?.trim()))
    }
}

impl Connection {
    /// Connects to the server of a page.
    #[track_caller]
    pub fn to(url: &str) -> Self {
        let host = url.trim_start_matches("http://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).unwrap_or_else(|error| panic!("{url}: {error}"));
        stream.set_read_timeout(Some(DEADLINE)).expect("the time is not zero");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends bytes as they are.
    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).expect("the server takes the bytes");
    }

    /// Asks for a page: `GET /dice`.
    #[track_caller]
    pub fn ask(&mut self, request: &str) {
        self.send(format!("{request} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    /// Asks for something and sends this along.
    #[track_caller]
    pub fn ask_with(&mut self, request: &str, body: &str) {
        let length = body.len();
        self.send(format!(
            "{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{body}"
        ));
    }

    /// Reads an answer whose page is as long as its head says, or empty after `HEAD`.
    #[track_caller]
    pub fn answer(&mut self, with_page: bool) -> Answer {
        let status = self.line();
        let mut head = Vec::new();
        loop {
            let line = self.line().to_lowercase();
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let mut answer = Answer { status, head, body: Vec::new() };
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        answer.body.resize(length.filter(|_| with_page).unwrap_or(0), 0);
        self.stream.read_exact(&mut answer.body).expect("the page comes whole");
        answer
    }

    /// Reads a line of the head, without its end.
    #[track_caller]
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("an answer comes");
        assert!(line.ends_with("\r\n"), "the server hung up after {line:?}");
        line.trim_end().into()
    }

    /// Reads all that comes until the server hangs up.
    #[track_caller]
    pub fn until_closed(&mut self) -> Vec<u8> {
        let mut received = Vec::new();
        self.stream.read_to_end(&mut received).expect("the server hangs up in order");
        received
    }

    /// Whether the server has hung up, with nothing left to read.
    #[track_caller]
    pub fn is_closed(&mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(0))
    }
}
