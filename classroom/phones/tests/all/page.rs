//! The page, in a real browser, on a telephone.

use phones::Round;

use crate::browser::Browser;
use crate::client::{counts, open, question};

/// Whether a button can be pressed.
fn can_press(browser: &Browser, text: &str) -> bool {
    browser.evaluate(&format!(
        "[...document.querySelectorAll('button')].some((it) => it.textContent.includes('{text}') &&
            it.getAttribute('aria-disabled') === 'false')"
    ))
}

fn wait_for_text(browser: &Browser, text: &str) {
    browser.wait_for(&format!("document.body.innerText.includes('{text}')"));
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
fn a_phone_votes_races_plays_and_goes_on_without_the_laptop() {
    let Some(mut browser) = Browser::start() else { return };
    let phones = open();
    browser.resize(390, 844);
    browser.visit(&phones.url());
    wait_for_text(&browser, "Look to the front.");
    assert_eq!(browser.evaluate::<String>("document.cookie"), "", "no script sees the cookie");

    phones.class().ask(question());
    wait_for_text(&browser, "What is it at the end?");
    browser.click("B: one");
    wait_for_text(&browser, "You voted B.");
    assert!(browser.evaluate::<bool>("!!document.querySelector('button[aria-pressed=true]')"));
    browser.click("C: either");
    wait_for_text(&browser, "You voted C.");
    browser.visit(&phones.url());
    wait_for_text(&browser, "You voted C.");
    phones.class().close();
    wait_for_text(&browser, "The vote is closed.");
    browser.click("A: two");
    assert_eq!(phones.class().vote().expect("there is a vote").counts(), [counts([0, 0, 1])]);
    phones.class().answer('c');
    wait_for_text(&browser, "C is right.");

    phones.class().race(Round::ReadWrite, 1);
    wait_for_text(&browser, "You are a thread.");
    assert!(can_press(&browser, "READ") && !can_press(&browser, "WRITE"));
    browser.click("READ");
    wait_for_text(&browser, "You have read 0.");
    assert!(!can_press(&browser, "READ"));
    browser.click("WRITE 1");
    wait_for_text(&browser, "You wrote 1.");
    assert_eq!(phones.class().racing().map(|race| race.result().is), Some(1));

    phones.class().play(0);
    wait_for_text(&browser, "Level 1:");
    for step in
        ["Thread 1: load", "Thread 2: load", "Thread 1: add", "Thread 2: add", "Thread 1: store"]
    {
        browser.click(step);
    }
    browser.click("Thread 2: store");
    wait_for_text(&browser, "That is the goal.");
    testing::wait_until("the order is counted", || {
        phones.class().game().is_some_and(|game| game.orders() == [("121212", 1)])
    });
    browser.check_quiet();
    browser.check_looks();

    phones.class().end();
    wait_for_text(&browser, "12: Make thread 2");
    drop(phones);
    wait_for_text(&browser, "The laptop does not answer.");
    browser.click("5: Make two increments");
    browser.click("Impossible");
    wait_for_text(&browser, "You are right: all");
}
