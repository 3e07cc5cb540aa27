//! `early_flag`: its fault, wrong mends and right ones.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use judge::{Acquire, AtomicBool, AtomicU64, Relaxed, Release, SeqCst};

use super::judge::{check_fault, check_mends};

#[path = "../../early_flag.rs"]
mod early_flag;

use early_flag::hand_over;

fn flag_first(value: u64, number: &AtomicU64, is_there: &AtomicBool) {
    is_there.store(true, Relaxed);
    number.store(value, Relaxed);
}

fn flag_last(value: u64, number: &AtomicU64, is_there: &AtomicBool) {
    number.store(value, Relaxed);
    is_there.store(true, Relaxed);
}

fn flag_released(value: u64, number: &AtomicU64, is_there: &AtomicBool) {
    number.store(value, Relaxed);
    is_there.store(true, Release);
}

fn relaxed(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    is_there.load(Relaxed).then(|| number.load(Relaxed))
}

fn acquired(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    is_there.load(Acquire).then(|| number.load(Relaxed))
}

#[test]
fn early_flag() {
    let lines = [
        "1 of them goes wrong:",
        "    writes flag: true",
        "    writes number: 42",
        "The flag was up, and the number was 0.",
    ];
    check_fault(|| hand_over(flag_first, relaxed), &lines);
    let but = "But with a `Relaxed` flag another core may see the flag before the number.";
    check_fault(|| hand_over(flag_last, relaxed), &["All of them go well.", but]);
    check_mends::<(early_flag::Send, early_flag::Receive)>(
        |(send, receive)| hand_over(send, receive),
        &[
            ("Release for the write alone", (flag_released, relaxed)),
            ("Acquire for the read alone", (flag_last, acquired)),
            (
                "the strictest order of memory, and the flag first",
                (
                    |value, number, is_there| {
                        is_there.store(true, SeqCst);
                        number.store(value, SeqCst);
                    },
                    |number, is_there| is_there.load(SeqCst).then(|| number.load(SeqCst)),
                ),
            ),
            (
                "a flag that is read twice",
                (flag_first, |number, is_there| {
                    (is_there.load(Acquire) && is_there.load(Acquire)).then(|| number.load(Relaxed))
                }),
            ),
            ("a reader that never reads", (flag_released, |_, _| None)),
            (
                "a reader that looks at the flag and knows the number",
                (flag_first, |_, is_there| is_there.load(Acquire).then_some(42)),
            ),
        ],
        &[
            ("Release and Acquire", (flag_released, acquired)),
            (
                "the strictest order of memory",
                (
                    |value, number, is_there| {
                        number.store(value, SeqCst);
                        is_there.store(true, SeqCst);
                    },
                    |number, is_there| is_there.load(SeqCst).then(|| number.load(SeqCst)),
                ),
            ),
        ],
    );
}
