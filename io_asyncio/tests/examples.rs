//! Runs the real examples.

use classroom::testing::{check_head, check_width, example, run};

#[test]
fn an_await_between_read_and_write_loses_all_updates_but_one() {
    for _ in 0..5 {
        let ended = run(&example("lost_update_async"), &[]).well();
        check_width(&ended.stdout);
        for (how, numbers) in [
            ("  read, await, write ", ["100", "1", "99"]),
            ("  read, write, await ", ["100", "100", "0"]),
            ("  lock, read, await, write, unlock ", ["100", "100", "0"]),
        ] {
            let row = ended.line_with(how).trim_start_matches(how);
            assert_eq!(row.split_whitespace().collect::<Vec<_>>(), numbers, "{ended}");
        }
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    check_head(&example("lost_update_async"), &[], 1);
}
