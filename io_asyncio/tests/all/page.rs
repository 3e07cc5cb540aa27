//! Opens in a real browser what the program saves.

use testing::browser::Browser;

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_asyncio");

#[test]
fn the_page_shows_a_lane_for_every_task() {
    let Some(mut browser) = Browser::start() else { return };
    browser.open_saved(PROGRAM, &["--latency", "20"], "run.html");
    let count = |what: &str| -> u32 {
        browser.evaluate(&format!("document.querySelectorAll('{what}').length"))
    };
    assert_eq!(count(".chart:first-of-type .names:not(.counts) span"), 160);
    assert_eq!(count(".bar"), 160);
    browser.check_looks();
    for width in [1280, 390] {
        browser.resize(width, 800);
        let names: Vec<(String, f64, f64)> = browser.evaluate(
            "[...document.querySelectorAll('.names:not(.counts) span:not(.skipped)')].map((name) => {
                const { top, bottom } = name.getBoundingClientRect();
                return [name.textContent, top, bottom];
            })",
        );
        assert_eq!(names[0].0, "task 1");
        assert!(names.len() > 40, "{names:?}");
        for pair in names.windows(2) {
            assert!(pair[0].2 <= pair[1].1, "one over the other: {pair:?}");
        }
    }
    browser.check_quiet();
}
