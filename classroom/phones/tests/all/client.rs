//! Phones without a screen: in a class without a network, and in a network.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use phones::{Class, Game, Phone, Phones, Race, Scene, Token, View, Vote};
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

    /// Opens a vote.
    pub fn ask(&mut self) {
        self.class.show(Scene::Vote(question(false)));
    }

    /// How many have voted for each choice.
    pub fn counts(&self) -> Vec<u32> {
        counts(&self.class)
    }

    /// The round of the race that is shown.
    pub fn race(&self) -> &Race {
        race(&self.class)
    }

    /// The level that is shown.
    pub fn game(&self) -> &Game {
        game(&self.class).expect("a level is played")
    }

    /// What a phone shows.
    pub fn view(&self, phone: u8) -> View {
        self.class.view(Phone(phone))
    }

    /// Presses a button of what is shown now.
    pub fn tap(&mut self, phone: u8, button: &str) {
        let scene = self.view(phone).at;
        self.class.tap(Phone(phone), scene, button);
    }
}

pub fn question(is_second: bool) -> Vote {
    let choices = [('a', "two"), ('b', "one"), ('c', "either")];
    let choices = choices.into_iter().map(|(letter, text)| (letter, text.to_string())).collect();
    Vote::new("What is it at the end?".into(), choices, is_second)
}

pub fn counts(class: &Class) -> Vec<u32> {
    let Scene::Vote(vote) = class.scene() else { panic!("there is no vote") };
    vote.counts().into_values().collect()
}

pub fn race(class: &Class) -> &Race {
    let Scene::Race(race) = class.scene() else { panic!("there is no race") };
    race
}

pub fn game(class: &Class) -> Option<&Game> {
    if let Scene::Game(game) = class.scene() { Some(game) } else { None }
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
        &self.view
    }

    /// Presses a button of what it shows.
    pub fn tap(&mut self, button: &str) -> &Value {
        let scene = &self.view["at"];
        let answer = self.ask(&format!("POST /tap/{scene}/{button}"));
        self.show(&answer);
        &self.view
    }

    /// Begins anew with another connection, as after a sleep.
    pub fn reconnect(&mut self) {
        self.connection = Connection::to(&self.url);
    }
}
