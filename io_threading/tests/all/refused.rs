//! Asks the compiler about the programs in `refused/`, which belong to no crate.

use testing::check_refused;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/refused");

#[test]
fn a_session_with_a_ref_cell_cannot_be_shared_between_threads() {
    check_refused(FOLDER, "ref_cell", &[], "error[E0277]");
}

#[test]
fn a_task_with_an_rc_cannot_be_spawned_for_any_thread() {
    let reason = "error: future cannot be sent between threads safely";
    check_refused(FOLDER, "rc_task", &[], reason);
}

#[test]
fn only_an_async_function_can_await() {
    check_refused(FOLDER, "await_outside", &[], "error[E0728]");
}
