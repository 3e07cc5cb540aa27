//! Asks the compiler about the programs in `refused/`, which belong to no crate.

use testing::{check_refused, rustc};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/refused");

#[test]
fn closures_cannot_all_capture_the_counter_mutably() {
    check_refused(FOLDER, "captured_counter", &[], "error[E0499]");
}

#[test]
fn an_rc_cannot_be_sent_to_a_thread() {
    check_refused(FOLDER, "rc_cell", &[], "error[E0277]");
}

#[test]
fn a_static_mut_needs_unsafe() {
    check_refused(FOLDER, "static_mut", &[], "error[E0133]");
}

#[test]
fn unsafe_is_refused_only_where_it_is_forbidden() {
    let forbidden = "error: usage of an `unsafe` block";
    check_refused(FOLDER, "static_mut_unsafe", &["-Funsafe_code"], forbidden);
    let _ = rustc(FOLDER, "static_mut_unsafe", &[]).well();
}
