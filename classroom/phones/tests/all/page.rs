//! The page, in real browsers, on a small screen.

use phones::{Game, Race, Round, Scene};
use testing::browser::Browser as Kind;
use testing::wait_until;

use crate::browser::Browser;
use crate::room::{counts, game, open, question, race};

/// Whether a button can be pressed.
fn can_press(browser: &mut Browser, text: &str) -> bool {
    browser.run(&format!(
        "return [...document.querySelectorAll('button')].some((it) => it.textContent.includes('{text}') &&
            it.getAttribute('aria-disabled') === 'false')"
    ))
}

#[test]
fn the_page_is_small_and_asks_for_nothing_else() {
    let page = include_str!("../../src/page.html");
    assert!(page.len() < 50_000, "{} bytes", page.len());
    for other in
        ["http:", "https:", "src=", "@import", "localStorage", "document.cookie", "innerHTML"]
    {
        assert!(!page.contains(other), "{other}");
    }
}

#[test]
fn a_phone_with_chromium_votes_races_plays_and_goes_on_without_the_laptop() {
    check(Kind::Chromium, "rgb(255, 255, 255)");
}

#[test]
fn a_phone_with_firefox_votes_races_plays_and_goes_on_without_the_laptop() {
    check(Kind::Firefox, "rgb(17, 17, 17)");
}

fn check(kind: Kind, background: &str) {
    let Some(mut browser) = Browser::start(kind) else { return };
    let phones = open();
    browser.visit(&phones.url());
    browser.wait_for("Look to the front.");
    assert_eq!(browser.run::<String>("return document.cookie"), "", "no script sees the cookie");
    let colour = "return getComputedStyle(document.body).backgroundColor";
    assert_eq!(browser.run::<String>(colour), background, "light or dark, as the phone is");
    browser.run::<()>("window.failed = []; onerror = (what) => failed.push(String(what))");

    phones.class().show(Scene::Vote(question(false)));
    browser.wait_for("What is it at the end?");
    browser.click("B: one");
    browser.wait_for("You voted B.");
    browser.click("C: either");
    browser.wait_for("You voted C.");
    assert!(browser.run::<bool>("return !!document.querySelector('button[aria-pressed=true]')"));
    let overflow =
        "const page = document.documentElement; return page.scrollWidth - page.clientWidth";
    assert!(browser.run::<i32>(overflow) <= 0, "the page is wider than the screen");
    phones.class().set_open(false);
    browser.wait_for("The vote is closed.");
    browser.click("A: two");
    assert_eq!(counts(&phones.class()), [0, 0, 1]);

    phones.class().show(Scene::Race(Race::new(Round::ReadWrite, 1)));
    browser.wait_for("You are a thread.");
    assert!(can_press(&mut browser, "READ") && !can_press(&mut browser, "WRITE"));
    browser.click("READ");
    browser.wait_for("You have read 0.");
    assert!(!can_press(&mut browser, "READ"));
    browser.click("WRITE 1");
    browser.wait_for("You wrote 1.");
    assert_eq!(race(&phones.class()).is(), 1);

    phones.class().show(Scene::Game(Game::new(0, false).expect("there is a level")));
    browser.wait_for("Level 1:");
    for step in ["Thread 1: load", "Thread 1: add", "Thread 1: store"] {
        browser.click(step);
    }
    browser.click("Back one step");
    for step in ["Thread 2: load", "Thread 2: add", "Thread 2: store", "Thread 1: store"] {
        browser.click(step);
    }
    browser.wait_for("That is the goal.");
    wait_until("the order is counted", || {
        game(&phones.class()).is_some_and(|game| game.orders() == [("112221", 1)])
    });
    assert_eq!(browser.run::<Vec<String>>("return failed"), [""; 0]);
    // It is the same phone after the page is loaded again.
    browser.visit(&phones.url());
    browser.wait_for("It is counted.");
    assert_eq!(phones.class().count(), 1);

    phones.class().show(Scene::End);
    browser.wait_for("Level 12: Make thread 2");
    drop(phones);
    browser.click("Level 5: Make two increments");
    browser.wait_for("The laptop does not answer.");
    assert!(!browser.run::<String>("return document.body.innerText").contains("ress again"));
    browser.click("Impossible");
    browser.wait_for("You are right: all");
    browser.click("All levels");
    browser.wait_for("That was the lesson.");
    browser.click("Level 1: Make two increments");
    browser.click("Impossible");
    browser.wait_for("It can be done.");
}
