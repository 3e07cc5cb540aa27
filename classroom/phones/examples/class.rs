//! Holds a class by itself: type a word and press Enter.
//!
//! `vote`, `again`, `close`, `right c`, `hands 12 3 7`, `read`, `mutex`, `add`, `swap` (rounds of the
//! race), `play 1`, `steer 1`, `front`, `end`, `quit`; an empty line shows what the projector shows.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead};
use std::net::{IpAddr, Ipv4Addr};

use phones::{Phones, Question, Round, listen, picture};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).and_then(|address| address.parse().ok());
    let times = env::args().nth(2).and_then(|times| times.parse().ok()).unwrap_or(10);
    let phones = Phones::open(listen(address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)))?)?;
    println!("{}", phones.poster(true));
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let number = rest.parse::<usize>().unwrap_or(1) - 1;
        match word {
            "vote" => phones.class().ask(question()),
            "again" => phones.class().ask_again(),
            "close" => phones.class().close(),
            "right" => phones.class().answer(rest.chars().next().unwrap_or('c')),
            "hands" => {
                let hands = rest.split(' ').filter_map(|count| count.parse().ok());
                let hands = ('a'..).zip(hands).collect();
                if let Some(vote) = phones.class().vote() {
                    vote.hands(hands);
                }
            }
            "read" => phones.class().race(Round::ReadWrite, times),
            "mutex" => phones.class().race(Round::Mutex, times),
            "add" => phones.class().race(Round::FetchAdd, times),
            "swap" => phones.class().race(Round::CompareAndSwap, times),
            "play" => phones.class().play(number),
            "steer" => phones.class().steer(number),
            "front" => phones.class().front(),
            "end" => phones.class().end(),
            "quit" => break,
            _ => {}
        }
        show(&phones);
    }
    Ok(())
}

fn question() -> Question {
    let choices = [
        ('a', "40,000,000"),
        ('b', "always less, and always the same"),
        ('c', "mostly less, and not always the same"),
    ];
    let choices: BTreeMap<char, String> =
        choices.into_iter().map(|(letter, text)| (letter, text.into())).collect();
    let text = "Two threads run `counter += 1` on one counter, 20,000,000 times each. What is it at \
                the end?";
    Question { text: text.into(), choices }
}

fn show(phones: &Phones) {
    println!("{}", phones.poster(true));
    let mut class = phones.class();
    if let Some(vote) = class.vote() {
        println!("{} have voted: {:?}", vote.voted(), vote.counts());
    }
    if let Some(race) = class.racing() {
        println!("{}", race.lock().unwrap_or_default());
        println!("{}", picture(race.events()).unwrap_or_default());
        println!("{:?}\n{}", race.result(), class.rounds());
    }
    if let Some(game) = class.game() {
        println!("{} there, {} claims, {:?}", game.successes(), game.claims(), game.orders());
        println!("{}{:?} {:?} {:?}", game.board(), game.order(), game.votes(), game.end());
    }
}
