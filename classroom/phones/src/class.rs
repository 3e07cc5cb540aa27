//! The class: which phones are here, what they are shown, and what they have pressed.
//!
//! It knows of no network and has no clock: [`Class::advance`] tells it the time.

use std::collections::BTreeMap;
use std::mem;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use basics::words::plural;
use every_interleaving::LEVELS;

use crate::activity::{Activity, Phone, counts};
use crate::game::Game;
use crate::level::JSON;
use crate::race::Race;
use crate::view::View;
use crate::vote::Vote;

/// The most phones of a class.
pub const MOST_PHONES: u8 = 60;

/// A phone that was not heard of for so long is not here: its screen is dark, or it has left.
const AWAY: Duration = Duration::from_secs(10);

/// So long a full class keeps the place of a phone that is not here.
const KEPT: Duration = Duration::from_secs(60);

/// If no phone has come after so long, the network may not let them through.
const SILENCE: Duration = Duration::from_secs(30);

/// What tells one browser from all others: a random number in its cookie.
pub type Token = u128;

/// What the phones do now.
pub enum Scene {
    /// They say: look to the front.
    Front,
    /// They vote.
    Vote(Vote),
    /// They are the threads.
    Race(Race),
    /// They play a level.
    Game(Game),
    /// They take the levels with them.
    End,
}

/// The phones and what they do now.
pub struct Class {
    opened: Instant,
    now: Instant,
    phones: BTreeMap<Phone, Guest>,
    scene: Scene,
    is_open: bool,
    /// Counts the scenes, so that a late tap is not taken for one on the next scene.
    number: u64,
}

/// The owner of a number. It is kept in memory alone, and nothing shows it.
struct Guest {
    token: Token,
    address: IpAddr,
    seen: Instant,
}

impl Scene {
    fn activity(&mut self) -> Option<&mut dyn Activity> {
        match self {
            Self::Vote(vote) => Some(vote),
            Self::Race(race) => Some(race),
            Self::Game(game) => Some(game),
            Self::Front | Self::End => None,
        }
    }
}

impl Class {
    /// A class without phones that looks to the front.
    pub fn new(now: Instant) -> Self {
        let (phones, scene) = (BTreeMap::new(), Scene::Front);
        Self { opened: now, now, phones, scene, is_open: false, number: 0 }
    }

    /// Tells the time, and does what is due.
    pub fn advance(&mut self, now: Instant) {
        self.now = now;
        if let Some(activity) = self.scene.activity() {
            activity.advance(now, self.is_open);
        }
    }

    /// Lets the phones do this; returns what they did before.
    pub fn show(&mut self, scene: Scene) -> Scene {
        self.is_open = true;
        self.number += 1;
        mem::replace(&mut self.scene, scene)
    }

    /// What the phones do.
    pub fn scene(&self) -> &Scene {
        &self.scene
    }

    /// Lets the phones go on with what they do, or stop and look to the front.
    pub fn set_open(&mut self, is_open: bool) {
        self.is_open = is_open;
    }

    fn here(&self) -> impl Iterator<Item = &Guest> {
        self.phones.values().filter(|guest| self.now - guest.seen < AWAY)
    }

    /// How many phones are here.
    pub fn count(&self) -> usize {
        self.here().count()
    }

    /// What stands beside the address: how many phones are here, and whether this network lets them
    /// reach this computer.
    pub fn welcome(&self) -> String {
        if !self.phones.is_empty() {
            let here = self.count();
            let phones = plural(here as u64, "phone");
            let most = most_frequent(self.here().map(|guest| guest.address));
            return match most.map_or(0, |(_, most)| most) {
                most if most < 4 || most == here => format!("{phones} here."),
                most => format!("{phones} here. {most} of them share one address."),
            };
        }
        if self.now - self.opened < SILENCE {
            return "Open this address with one phone first, to see whether this network lets it \
                    through. No phone has come yet."
                .into();
        }
        "No phone has come through. If a phone says that the page cannot be reached: is it in the same \
         network as this laptop? Does a firewall ask something here? Many networks keep their guests \
         apart; then open a network of your own, with this laptop or a phone, and begin again there."
            .into()
    }

    /// The phone with this token, which is a new one if nobody has it; nothing if the class is full.
    pub fn phone(&mut self, token: Token, address: IpAddr) -> Option<Phone> {
        let seen = self.now;
        if let Some((phone, guest)) = self.phones.iter_mut().find(|(_, it)| it.token == token) {
            guest.seen = seen;
            return Some(*phone);
        }
        let free = (1..=MOST_PHONES).map(Phone).find(|it| !self.phones.contains_key(it));
        let phone = free.or_else(|| self.least_missed(address))?;
        if let Some(activity) = self.scene.activity() {
            activity.forget(phone);
        }
        self.phones.insert(phone, Guest { token, address, seen });
        Some(phone)
    }

    /// Which phone gives its place in a full class to one from this address: one of the address with
    /// most phones, so that one computer can neither keep nor drive the others out; or else one that has
    /// been away for long, of this address if it has any.
    fn least_missed(&self, newcomer: IpAddr) -> Option<Phone> {
        let addresses = || self.phones.values().map(|guest| guest.address);
        let own = addresses().filter(|address| *address == newcomer).count();
        let (most, phones) = most_frequent(addresses())?;
        let of_most = self.phones.iter().filter(|(_, guest)| guest.address == most);
        let of_most = of_most.filter(|_| phones > own + 1).min_by_key(|(_, guest)| guest.seen);
        let away = self.phones.iter().filter(|(_, guest)| {
            self.now - guest.seen >= KEPT && (own == 0 || guest.address == newcomer)
        });
        let away = away.min_by_key(|(_, guest)| guest.seen);
        of_most.or(away).map(|(phone, _)| *phone)
    }

    /// Does what a button says, if it belongs to the scene with this number.
    pub fn tap(&mut self, phone: Phone, number: u64, button: &str) {
        if number == self.number
            && self.is_open
            && let Some(activity) = self.scene.activity()
        {
            activity.tap(phone, button, self.now);
        }
    }

    /// The level with this number, counted from 0, as JSON, if phones may have it now.
    pub(crate) fn level(&self, number: usize) -> Option<&'static String> {
        let is_shown = matches!(&self.scene, Scene::Game(game) if game.number == number);
        JSON.get(number).filter(|_| is_shown || matches!(self.scene, Scene::End))
    }

    /// What a phone shows.
    pub fn view(&mut self, phone: Phone) -> View {
        let is_end = matches!(self.scene, Scene::End);
        let stay = "Keep this page open and do not reload it: the levels go on without the laptop.";
        let view = match self.scene.activity() {
            Some(activity) => activity.view(phone, self.is_open),
            None if is_end => View {
                text: stay.into(),
                levels: LEVELS.len(),
                ..View::new("That was the lesson.", "")
            },
            None => View::new("Look to the front.", ""),
        };
        // In the race they wait for each other.
        let pause = if matches!(self.scene, Scene::Race(_)) { 500 } else { 1000 };
        View { phone: phone.0, at: self.number, pause, ..view }
    }
}

/// The address that comes most often, and how often.
pub(crate) fn most_frequent(all: impl Iterator<Item = IpAddr>) -> Option<(IpAddr, usize)> {
    counts(all).into_iter().max_by_key(|(_, count)| *count)
}
