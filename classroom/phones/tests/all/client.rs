//! Phones without a screen: in a class without a network, and in a network.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use phones::{Class, Counts, Phone, Phones, Question, Token, Vote};
use serde_json::Value;
use testing::{Answer, Connection};

/// A class and a clock that only the test moves.
pub struct Room {
    pub class: Class,
    pub now: Instant,
}

impl Room {
    pub fn new() -> Self {
        let now = Instant::now();
        Self { class: Class::new(now), now }
    }

    /// A room with so many phones, each with an address of its own.
    pub fn with_phones(phones: u8) -> Self {
        let mut room = Self::new();
        for number in 1..=phones {
            assert_eq!(room.enter(number.into(), number), Some(Phone(number)));
        }
        room
    }

    /// A phone with this token comes from the address that ends with this number.
    pub fn enter(&mut self, token: u128, address: u8) -> Option<Phone> {
        self.class.phone(Token(token), IpAddr::V4(Ipv4Addr::new(192, 168, 4, address)))
    }

    pub fn wait(&mut self, seconds: f64) {
        self.now += Duration::from_secs_f64(seconds);
        self.class.advance(self.now);
    }

    /// The vote that is shown.
    pub fn vote(&mut self) -> &mut Vote {
        self.class.vote().expect("there is a vote")
    }

    /// What a phone shows.
    pub fn view(&mut self, phone: u8) -> Value {
        self.class.view(Phone(phone))
    }

    /// The scene on a phone.
    pub fn scene(&mut self, phone: u8) -> Value {
        self.view(phone)["scene"].clone()
    }

    /// Presses a button of what is shown now.
    pub fn tap(&mut self, phone: u8, button: &str) {
        let at = self.view(phone)["at"].as_u64().expect("a scene has a number");
        self.class.tap(Phone(phone), at, button);
    }
}

pub fn question() -> Question {
    let choices = [('a', "two"), ('b', "one"), ('c', "either")];
    let choices = choices.into_iter().map(|(letter, text)| (letter, text.to_string())).collect();
    Question { text: "What is it at the end?".into(), choices }
}

pub fn counts<const N: usize>(counts: [u32; N]) -> Counts {
    ('a'..).zip(counts).collect::<BTreeMap<_, _>>()
}

/// A server for phones on this machine.
pub fn open() -> Phones {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    Phones::open(listener).expect("a server starts")
}

/// A browser without a screen.
pub struct Client {
    connection: Connection,
    url: String,
    pub cookie: String,
    pub view: Value,
}

impl Client {
    /// Loads the page, and keeps its cookie.
    pub fn of(phones: &Phones) -> Self {
        let mut connection = Connection::to(&phones.url());
        connection.ask("GET /");
        let page = connection.answer(true);
        let cookie = page.header("set-cookie").expect("a new phone gets a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_string();
        let mut client = Self { connection, url: phones.url(), cookie, view: Value::Null };
        client.now();
        client
    }

    /// A request with the cookie.
    pub fn ask(&mut self, request: &str) -> Answer {
        self.connection.send(format!(
            "{request} HTTP/1.1\r\nHost: laptop\r\nCookie: {}\r\nContent-Length: 0\r\n\r\n",
            self.cookie
        ));
        self.connection.answer(true)
    }

    fn show(&mut self, answer: &Answer) {
        assert!(answer.status.contains(" 200 "), "{}", answer.status);
        self.view = serde_json::from_slice(&answer.body).expect("a view is JSON");
    }

    /// Asks what to show.
    pub fn now(&mut self) -> &Value {
        let answer = self.ask("GET /now");
        self.show(&answer);
        &self.view["scene"]
    }

    /// Presses a button of what it shows.
    pub fn tap(&mut self, button: &str) -> &Value {
        let at = &self.view["at"];
        let answer = self.ask(&format!("POST /tap/{at}/{button}"));
        self.show(&answer);
        &self.view["scene"]
    }

    /// Begins anew with another connection, as after a sleep.
    pub fn reconnect(&mut self) {
        self.connection = Connection::to(&self.url);
    }
}
