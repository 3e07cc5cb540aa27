//! What the built-in site answers, to well-behaved clients and to others, and what its referee
//! counts.

use std::time::Duration;

use site::{Behaviour, CUT_OFF, Counts, PAGES, Site};
use testing::{Connection, DEADLINE, wait_until};

/// A site that answers at once, but for what `change` says.
fn site(change: impl FnOnce(&mut Behaviour)) -> Site {
    let mut behaviour = Behaviour { latency: Duration::ZERO, ..Behaviour::default() };
    change(&mut behaviour);
    Site::open(0, behaviour).expect("a port is free")
}

/// The size of a page, asked for on a connection of its own.
#[track_caller]
fn size_of(site: &Site, page: &str) -> usize {
    let mut connection = Connection::to(&site.url(page));
    connection.ask(&format!("GET {page}"));
    let answer = connection.answer(true);
    assert_eq!(answer.status, "HTTP/1.1 200 OK");
    answer.body.len()
}

#[test]
fn the_pages_have_the_sizes_of_the_articles() {
    let site = site(|_| ());
    assert_eq!(PAGES.map(|page| size_of(&site, page)), [10_966, 280]);
    let mut connection = Connection::to(&site.url("/"));
    connection.ask("GET /");
    let index = connection.answer(true);
    assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
    let index = String::from_utf8(index.body).expect("a page is text");
    for page in PAGES {
        assert!(index.contains(&format!("href=\"{page}\"")), "{index}");
    }
}

#[test]
fn a_page_breaks_off_in_the_middle() {
    let site = site(|_| ());
    for _ in 0..20 {
        let mut connection = Connection::to(&site.url(CUT_OFF));
        connection.ask(&format!("GET {CUT_OFF}"));
        let received = connection.until_closed();
        let received = String::from_utf8(received).expect("a page is text");
        let (head, body) = received.split_once("\r\n\r\n").expect("the head is whole");
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(head.contains("content-length: 10966"), "{head}");
        assert_eq!(body.len(), 10_966 / 2);
    }
    assert_eq!(site.counts().answered, 20);
    assert_eq!(PAGES.map(|page| size_of(&site, page)), [10_966, 280]);
}

#[test]
fn a_connection_is_kept_for_the_next_request() {
    let site = site(|_| ());
    let mut connection = Connection::to(&site.url("/"));
    for _ in 0..10 {
        connection.ask("GET /dice");
        assert_eq!(connection.answer(true).body.len(), 280);
    }
    let Counts { connections, answered, most_at_once, .. } = site.counts();
    assert_eq!((connections, answered, most_at_once), (1, 10, 1));
}

#[test]
fn a_client_that_wants_the_connection_closed_gets_it_closed() {
    let site = site(|_| ());
    for request in [
        "GET /dice HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /dice HTTP/1.0\r\n\r\n",
    ] {
        let mut connection = Connection::to(&site.url("/"));
        connection.send(request);
        let answer = connection.answer(true);
        assert!(answer.status.ends_with(" 200 OK"), "{answer:?}");
        assert_eq!(answer.body.len(), 280, "{request}");
        assert!(connection.is_closed(), "{request}");
    }
}

#[test]
fn head_is_answered_without_the_page() {
    let site = site(|_| ());
    let mut connection = Connection::to(&site.url("/"));
    connection.ask("HEAD /jython");
    let answer = connection.answer(false);
    assert_eq!(answer.status, "HTTP/1.1 200 OK");
    assert_eq!(answer.header("content-length"), Some("10966"));
    // Were the page on its way, it would be taken for the next answer.
    connection.ask("GET /dice");
    assert_eq!(connection.answer(true).body.len(), 280);
}

#[test]
fn what_the_site_does_not_have_is_said_by_status() {
    let site = site(|_| ());
    let mut connection = Connection::to(&site.url("/"));
    for (request, status) in [
        ("GET /nothing", "HTTP/1.1 404 Not Found"),
        ("GET /dice/", "HTTP/1.1 404 Not Found"),
        ("POST /dice", "HTTP/1.1 405 Method Not Allowed"),
        ("DELETE /dice", "HTTP/1.1 405 Method Not Allowed"),
        ("GET /dice?side=6", "HTTP/1.1 200 OK"),
    ] {
        connection.ask(request);
        assert_eq!(connection.answer(true).status, status, "{request}");
    }
    assert_eq!(site.counts().answered, 5, "an answer is an answer");
}

#[test]
fn nonsense_is_answered_with_400_and_counts_as_no_request() {
    let site = site(|_| ());
    let mut connection = Connection::to(&site.url("/"));
    connection.send("This is no request at all.\r\n\r\n");
    assert_eq!(connection.answer(true).status, "HTTP/1.1 400 Bad Request");
    assert!(connection.is_closed());
    assert_eq!(size_of(&site, "/dice"), 280);
    assert_eq!(site.counts().answered, 1);
}

#[test]
fn clients_that_say_nothing_or_hang_up_disturb_nobody() {
    let site = site(|_| ());
    let _silent = Connection::to(&site.url("/"));
    let mut halfway = Connection::to(&site.url("/"));
    halfway.send("GET /dice HTTP/1.1\r\nHost: loc");
    drop(Connection::to(&site.url("/")));
    let mut impatient = Connection::to(&site.url("/"));
    impatient.ask("GET /jython");
    drop(impatient);
    assert_eq!(size_of(&site, "/dice"), 280);
    drop(halfway);
    assert_eq!(size_of(&site, "/jython"), 10_966);
    wait_until("all have been accepted", || site.counts().connections == 6);
    // The one of the client that was impatient may have been answered before it left.
    assert!([2, 3].contains(&site.counts().answered), "{:?}", site.counts());
}

#[test]
fn a_request_ends_with_its_client_only_if_the_site_watches() {
    for watch in [true, false] {
        let site = site(|behaviour| {
            behaviour.latency = if watch { 10 * DEADLINE } else { Duration::from_millis(200) };
            behaviour.watch = watch;
        });
        let mut impatient = Connection::to(&site.url("/"));
        impatient.ask("GET /dice");
        wait_until("the request has come", || site.counts().most_at_once == 1);
        drop(impatient);
        wait_until("the connection is closed", || site.open_connections() == 0);
        assert_eq!(site.counts().answered, usize::from(!watch), "watch: {watch}");
    }
}

#[test]
fn the_same_seed_gives_the_same_jitter() {
    let total = |seed| {
        let site = site(|behaviour| {
            behaviour.jitter = Duration::from_millis(3);
            behaviour.seed = seed;
        });
        let mut connection = Connection::to(&site.url("/"));
        for _ in 0..20 {
            connection.ask("GET /dice");
            assert_eq!(connection.answer(true).body.len(), 280);
        }
        site.counts().service_time
    };
    let first = total(Some(1));
    assert!(first > Duration::ZERO && first < Duration::from_millis(60), "{first:?}");
    assert_eq!(first, total(Some(1)));
    assert_ne!(first, total(Some(2)));
    assert_ne!(total(None), total(None), "without a seed every site is different");
}

#[test]
fn only_the_first_answer_of_a_connection_waits_for_the_handshake() {
    let site = site(|behaviour| behaviour.handshake = Duration::from_secs(1));
    let mut used = Connection::to(&site.url("/"));
    used.ask("GET /dice");
    assert_eq!(used.answer(true).body.len(), 280);
    let mut new = Connection::to(&site.url("/"));
    new.ask("GET /dice");
    wait_until("its request has come", || site.counts().connections == 2);
    used.ask("GET /dice");
    assert_eq!(used.answer(true).body.len(), 280);
    assert_eq!(site.counts().answered, 2, "the new connection has to wait");
    assert_eq!(new.answer(true).body.len(), 280);
}

/// Asks for the small page on so many connections at once and returns them.
fn ask_at_once(site: &Site, times: usize) -> Vec<Connection> {
    let mut connections: Vec<Connection> =
        (0..times).map(|_| Connection::to(&site.url("/"))).collect();
    for connection in &mut connections {
        connection.ask("GET /dice");
    }
    connections
}

#[test]
fn no_more_are_served_at_once_than_the_capacity() {
    let site = site(|behaviour| {
        behaviour.latency = Duration::from_millis(100);
        behaviour.capacity = Some(3);
    });
    for mut connection in ask_at_once(&site, 9) {
        assert_eq!(connection.answer(true).status, "HTTP/1.1 200 OK");
    }
    let Counts { answered, most_at_once, most_served, .. } = site.counts();
    // The others wait, and are under way while they wait.
    assert_eq!((answered, most_at_once, most_served), (9, 9, 3));
}

#[test]
fn every_third_request_fails() {
    let site = site(|behaviour| behaviour.fail = Some(3));
    let mut connection = Connection::to(&site.url("/"));
    let mut statuses = Vec::new();
    for _ in 0..7 {
        connection.ask("GET /dice");
        statuses.push(connection.answer(true).status);
    }
    let (well, failed) = ("HTTP/1.1 200 OK", "HTTP/1.1 500 Internal Server Error");
    assert_eq!(statuses, [well, well, failed, well, well, failed, well]);
    assert_eq!(site.counts().answered, 7);
}

#[test]
fn a_request_that_hangs_is_under_way_until_its_client_hangs_up() {
    let site = site(|behaviour| {
        behaviour.hang = Some(2);
        behaviour.capacity = Some(1);
    });
    assert_eq!(size_of(&site, "/dice"), 280);
    // The first request has been counted. From here on the referee counts afresh.
    assert_eq!(site.take_counts().answered, 1);
    let mut hanging = Connection::to(&site.url("/"));
    hanging.ask("GET /dice");
    wait_until("the request that hangs is served", || site.counts().most_served == 1);
    // The next one is under way with it, but has to wait for its turn.
    let mut next = Connection::to(&site.url("/"));
    next.ask("GET /jython");
    wait_until("two are under way", || site.counts().most_at_once == 2);
    assert_eq!(site.counts().answered, 0);
    drop(hanging);
    assert_eq!(next.answer(true).body.len(), 10_966);
    let Counts { answered, most_at_once, most_served, .. } = site.counts();
    assert_eq!((answered, most_at_once, most_served), (1, 2, 1));
}

#[test]
fn thousands_are_under_way_at_once_and_thousands_are_answered() {
    // This process has both ends of each connection, and some files for other tests.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(u64::MAX);
    let many = usize::try_from(files.saturating_sub(200) / 2).map_or(2_000, |most| most.min(2_000));
    assert!(many >= 10, "at most {files} open files are too few for any test");
    let silent = site(|behaviour| behaviour.hang = Some(1));
    let connections = ask_at_once(&silent, many);
    wait_until("all requests have come", || silent.counts().most_at_once == many);
    drop(connections);

    let site = site(|_| ());
    let mut connections = ask_at_once(&site, many);
    for connection in &mut connections {
        assert_eq!(connection.answer(true).body.len(), 280);
    }
    assert_eq!((site.counts().connections, site.counts().answered), (many, many));
}

#[test]
fn a_site_that_is_dropped_hangs_up() {
    let site = site(|behaviour| behaviour.latency = 10 * DEADLINE);
    let mut waiting = Connection::to(&site.url("/"));
    waiting.ask("GET /dice");
    wait_until("the request has come", || site.counts().most_at_once == 1);
    drop(site);
    assert!(waiting.is_closed());
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let first = site(|_| ());
    let address = first.url("");
    let port = address.rsplit(':').next().and_then(|port| port.parse().ok());
    let port: u16 = port.expect("an address ends with its port");
    assert!(Site::open(port, Behaviour::default()).is_err(), "two sites on port {port}");
}
