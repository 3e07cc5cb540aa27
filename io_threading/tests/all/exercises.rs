//! Each exercise fails as it stands, in its own words, and its solution passes.

use testing::check_exercise;

#[test]
fn session_per_page() {
    check_exercise(
        "session_per_page",
        &["connections                                at most 5       160   not yet"],
    );
}

#[test]
fn errors_vanish() {
    check_exercise(
        "errors_vanish",
        &["pages counted as read                             15        20   not yet"],
    );
}
