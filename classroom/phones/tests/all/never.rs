//! What must never happen, each with the attempt.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use phones::{Game, MOST_PHONES, Phones, Scene};
use serde_json::Value;
use testing::{Connection, Phone, wait_until};

use crate::room::{counts, open, question};

fn address(phones: &Phones) -> SocketAddr {
    phones.url().trim_start_matches("http://").parse().expect("it is an address")
}

/// The whole answer to these bytes.
fn send(phones: &Phones, request: &str) -> String {
    let mut connection = Connection::to(&phones.url());
    connection.send(request);
    String::from_utf8(connection.until_closed()).expect("an answer is text")
}

#[test]
fn the_right_answer_is_on_no_phone() {
    // A vote does not know it: nothing that a phone gets can depend on it. So it has no page either
    // that it could get too early.
    let phones = open();
    let mut phone = Phone::of(&phones.url());
    for (scene, has_level) in [
        (Scene::Vote(question(false)), false),
        (Scene::Game(Game::new(0, false).expect("there is a level")), true),
        (Scene::Front, false),
        (Scene::End, true),
    ] {
        phones.class().show(scene);
        let level = phone.ask("GET /level/0").status;
        assert_eq!(level.contains(" 200 "), has_level, "{level}");
    }
    phones.class().show(Scene::Game(Game::new(0, false).expect("there is a level")));
    assert!(phone.ask("GET /level/1").status.contains(" 404 "), "it was not shown yet");
}

#[test]
fn a_vote_counts_once_for_a_browser() {
    let phones = open();
    phones.class().show(Scene::Vote(question(false)));
    let mut phone = Phone::of(&phones.url());
    phone.tap("a");
    // The page is loaded again: the cookie stays.
    let again = phone.ask("GET /");
    assert_eq!(again.header("set-cookie"), None);
    // A second tab, and a cookie that was copied, have the same cookie on other connections.
    for letter in ["b", "c", "c"] {
        phone.reconnect();
        phone.now();
        phone.tap(letter);
    }
    assert_eq!(counts(&phones.class()), [0, 0, 1]);
    assert_eq!(phones.class().count(), 1);
}

#[test]
fn a_phone_cannot_lead_the_lesson_or_send_a_text() {
    let phones = open();
    phones.class().show(Scene::Vote(question(false)));
    let mut phone = Phone::of(&phones.url());
    let at = phone.view["at"].clone();
    for button in [
        "x",
        "ab",
        "%61",
        "A",
        "answer",
        "close",
        "right",
        "skip",
        "enter",
        "quit",
        "read",
        "write",
        "add",
        "121212",
        "1",
        "impossible",
        "Ada",
        "",
    ] {
        let answer = phone.ask(&format!("POST /tap/{at}/{button}"));
        let view: Value = serde_json::from_slice(&answer.body).expect("a view is JSON");
        assert_eq!(view, phone.view, "{button}");
    }
    for request in [
        "POST /close",
        "GET /close",
        "PUT /now",
        "GET /tap/1/a",
        "POST /tap/1/a/b",
        "DELETE /",
        "POST /",
    ] {
        assert!(phone.ask(request).status.contains(" 404 "), "{request}");
    }
    assert_eq!(counts(&phones.class()), [0, 0, 0]);
}

#[test]
fn nothing_of_a_phone_comes_back_but_its_number() {
    let phones = open();
    let mut connection = Connection::to(&phones.url());
    connection.send(
        "GET /now HTTP/1.1\r\nHost: Ada\r\nUser-Agent: Ada's phone\r\n\
         Cookie: name=Ada; phone=0123456789abcdef0123456789abcdef\r\n\r\n",
    );
    let answer = connection.answer(true);
    let view = String::from_utf8_lossy(&answer.body);
    let front = concat!(
        r#"{"phone":1,"at":0,"pause":1000,"title":"Look to the front.","text":"","buttons":[],"said":"","#,
        r#""level":null,"number":"","code":"","is_goal":false,"levels":0}"#
    );
    assert_eq!(view, front);
    assert!(answer.head.iter().all(|line| !line.contains("ada") && !line.contains("cookie")));
}

#[test]
fn a_request_with_content_or_a_long_head_is_refused() {
    let phones = open();
    let body = "x".repeat(100_000);
    let length = body.len();
    for (request, status) in [
        (format!("POST /tap/0/a HTTP/1.1\r\nHost: l\r\nContent-Length: {length}\r\n\r\n"), " 413 "),
        ("POST /now HTTP/1.1\r\nHost: l\r\nTransfer-Encoding: chunked\r\n\r\n".into(), " 413 "),
        (format!("GET /{body} HTTP/1.1\r\nHost: l\r\n\r\n"), " 4"),
        (format!("GET / HTTP/1.1\r\nHost: l\r\nX: {body}\r\n\r\n"), " 431 "),
    ] {
        let answer = send(&phones, &request);
        assert!(answer.lines().next().is_some_and(|line| line.contains(status)), "{answer}");
    }
}

#[test]
fn a_cookie_of_another_form_is_none() {
    let phones = open();
    for cookie in [
        "phone=1",
        "phone=+123456789abcdef0123456789abcdef",
        "other=0123456789abcdef0123456789abcdef",
    ] {
        let mut connection = Connection::to(&phones.url());
        connection.send(format!("GET /now HTTP/1.1\r\nHost: l\r\nCookie: {cookie}\r\n\r\n"));
        assert!(connection.answer(true).status.contains(" 403 "), "{cookie}");
    }
    assert_eq!(phones.class().count(), 0);
}

#[test]
fn half_requests_and_slow_readers_keep_nobody_out() {
    let phones = open();
    let address = address(&phones);
    let mut attackers = Vec::new();
    for number in 0..308 {
        let mut stream = TcpStream::connect(address).expect("the server accepts");
        let text = if number < 300 {
            "GET / HTTP/1.1\r\nHost: half".to_string()
        } else {
            // Asks for the page again and again, and reads none of them.
            "GET / HTTP/1.1\r\nHost: slow\r\n\r\n".repeat(10)
        };
        // The server may have closed the oldest by now.
        let _ = stream.write_all(text.as_bytes());
        attackers.push(stream);
    }
    let begin = Instant::now();
    let mut student = Phone::of(&phones.url());
    phones.class().show(Scene::Vote(question(false)));
    student.now();
    student.tap("a");
    assert_eq!(counts(&phones.class()), [1, 0, 0]);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    // What was never finished is closed in time.
    let mut half = TcpStream::connect(address).expect("the server accepts");
    half.write_all(b"GET / HTTP/1.1\r\n").expect("the server takes the bytes");
    half.set_read_timeout(Some(testing::DEADLINE)).expect("the time is not zero");
    let mut answer = Vec::new();
    let _ = half.read_to_end(&mut answer);
    assert!(begin.elapsed() < Duration::from_secs(40), "{:?}", begin.elapsed());
}

#[test]
fn who_asks_without_a_pause_is_slowed_down() {
    let phones = open();
    let mut connection = Connection::to(&phones.url());
    let many = 600;
    connection.send("GET /now HTTP/1.1\r\nHost: l\r\n\r\n".repeat(many));
    let statuses: Vec<String> = (0..many)
        .map_while(|number| {
            // The first refusal is enough: each of them takes a second.
            (number < 560).then(|| connection.answer(true).status)
        })
        .take_while(|status| !status.contains(" 429 "))
        .collect();
    assert!((499..560).contains(&statuses.len()), "{}", statuses.len());
}

#[test]
fn a_class_is_full_with_sixty_phones() {
    let phones = open();
    for token in 0..MOST_PHONES {
        let mut connection = Connection::to(&phones.url());
        connection
            .send(format!("GET /now HTTP/1.1\r\nHost: l\r\nCookie: phone={token:032x}\r\n\r\n"));
        assert!(connection.answer(true).status.contains(" 200 "));
    }
    let mut connection = Connection::to(&phones.url());
    connection.ask("GET /");
    assert!(connection.answer(true).status.contains(" 200 "), "the page says that it is full");
    connection.send(format!("GET /now HTTP/1.1\r\nHost: l\r\nCookie: phone={:032x}\r\n\r\n", 99));
    assert!(connection.answer(true).status.contains(" 503 "));
    assert_eq!(phones.class().count(), usize::from(MOST_PHONES));
}

#[test]
fn nothing_listens_before_or_after() {
    let address = {
        let phones = open();
        let mut open_connection = Connection::to(&phones.url());
        open_connection.ask("GET /");
        open_connection.answer(true);
        let address = address(&phones);
        drop(phones);
        assert!(open_connection.is_closed(), "an open connection ends, too");
        address
    };
    wait_until("the port is closed", || TcpStream::connect(address).is_err());
}

#[test]
fn the_lesson_never_waits_for_the_network() {
    let phones = open();
    let mut phone = Phone::of(&phones.url());
    phones.class().show(Scene::Vote(question(false)));
    phone.now();
    phone.tap("a");
    drop(phone);
    let begin = Instant::now();
    for _ in 0..1000 {
        phones.class().set_open(false);
        counts(&phones.class());
        phones.class().show(Scene::Vote(question(true)));
    }
    let time = begin.elapsed();
    assert!(time < Duration::from_millis(500), "{time:?} for 3,000 questions to nobody");
    // With the class in somebody's hands the phones wait, and not the other way round.
    let class = phones.class();
    let url = phones.url();
    let waiting = thread::spawn(move || {
        let mut connection = Connection::to(&url);
        connection.ask("GET /");
        connection.answer(true);
    });
    drop(class);
    waiting.join().expect("the page comes");
}
