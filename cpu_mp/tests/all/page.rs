//! Opens in a real browser what the program saves.

use testing::browser::Browser;

const PROGRAM: &str = env!("CARGO_BIN_EXE_cpu_mp");

#[test]
fn the_page_shows_the_processes() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open_saved(PROGRAM, &["-c", "2"], "run.html");
    assert_eq!(browser.evaluate::<u32>("document.querySelectorAll('.bar').length"), 20);
    browser.check_looks();
    // Narrow by now.
    let names: Vec<(String, bool)> = browser.evaluate(
        "[...document.querySelector('.names').children]
            .map((name) => [name.textContent, name.scrollWidth <= name.clientWidth])",
    );
    assert!(!names.is_empty());
    for (name, is_whole) in names {
        assert!(name.starts_with("SpawnPoolWorker-"), "{name}");
        assert!(is_whole, "{name} is cut off");
    }
    browser.check_quiet();
}
