//! A phone without a screen, in a class.

use serde_json::Value;

use super::http::{Answer, Connection};
use super::waiting::wait_until;

/// A browser with the cookie of a phone.
pub struct Phone {
    connection: Connection,
    url: String,
    cookie: String,
    /// What it shows.
    pub view: Value,
}

impl Phone {
    /// Loads the page at this address, keeps its cookie, and asks what to show.
    #[track_caller]
    pub fn of(url: &str) -> Self {
        let mut connection = Connection::to(url);
        connection.ask("GET /");
        let page = connection.answer(true);
        let cookie = page.header("set-cookie").expect("a new phone gets a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_string();
        let mut phone = Self { connection, url: url.into(), cookie, view: Value::Null };
        phone.now();
        phone
    }

    /// A request with the cookie.
    pub fn ask(&mut self, request: &str) -> Answer {
        self.connection.send(format!(
            "{request} HTTP/1.1\r\nHost: laptop\r\nCookie: {}\r\nContent-Length: 0\r\n\r\n",
            self.cookie
        ));
        self.connection.answer(true)
    }

    #[track_caller]
    fn show(&mut self, answer: &Answer) -> &Value {
        assert!(answer.status.contains(" 200 "), "{}", answer.status);
        self.view = serde_json::from_slice(&answer.body).expect("a view is JSON");
        &self.view
    }

    /// Asks what to show.
    #[track_caller]
    pub fn now(&mut self) -> &Value {
        let answer = self.ask("GET /now");
        self.show(&answer)
    }

    /// Asks until it shows this text.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        wait_until(text, || self.now().to_string().contains(text));
    }

    /// Presses a button of what it shows.
    #[track_caller]
    pub fn tap(&mut self, button: &str) -> &Value {
        let answer = self.ask(&format!("POST /tap/{}/{button}", self.view["at"]));
        self.show(&answer)
    }

    /// Begins anew with another connection, as after a sleep.
    pub fn reconnect(&mut self) {
        self.connection = Connection::to(&self.url);
    }

    /// Whether the server has closed the connection.
    pub fn is_closed(&mut self) -> bool {
        self.connection.is_closed()
    }
}
