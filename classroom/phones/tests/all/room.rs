//! A class without a network, and what a test reads of it.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use phones::{Class, Game, Phone, Phones, Race, Scene, View, Vote};

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
        self.class.phone(token, IpAddr::V4(Ipv4Addr::new(192, 168, 4, address)))
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
    pub fn view(&mut self, phone: u8) -> View {
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
