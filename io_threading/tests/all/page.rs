//! Opens in a real browser the picture of what the program did.

use testing::browser::Browser;
use testing::pictures::record;

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_threading");

#[test]
fn the_waiting_is_drawn_as_large_as_it_was() {
    let Some(mut browser) = Browser::start() else { return };
    browser.check_work_of(&record(PROGRAM, &["--latency", "20"], 0));
}
