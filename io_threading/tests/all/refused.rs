//! Asks the compiler about the programs in `refused/`, which belong to no crate.

use testing::Refused;

const REFUSED: Refused = Refused {
    folder: concat!(env!("CARGO_MANIFEST_DIR"), "/refused"),
    results: env!("CARGO_TARGET_TMPDIR"),
};

#[test]
fn a_session_with_a_ref_cell_cannot_be_shared_between_threads() {
    REFUSED.check("ref_cell", &[], "error[E0277]");
}

#[test]
fn a_task_with_an_rc_cannot_be_spawned_for_any_thread() {
    REFUSED.check("rc_task", &[], "error: future cannot be sent between threads safely");
}

#[test]
fn only_an_async_function_can_await() {
    REFUSED.check("await_outside", &[], "error[E0728]");
}

#[test]
fn the_page_quotes_the_compiler() {
    REFUSED.check_page(&["ref_cell", "rc_task", "await_outside"]);
}
