//! The exercise `sum_blocks_the_loop`: its fault, wrong mends and right ones.

#![allow(dead_code, reason = "the check of the exercise is called, and not its main")]

use std::future;
use std::hint::black_box;
use std::thread;
use std::time::Duration;

use testing::{check_mends, check_missed};
use tokio::task::{spawn_blocking, spawn_local, yield_now};
use tokio::time::sleep;

#[path = "../../exercises/sum_blocks_the_loop.rs"]
mod sum_blocks_the_loop;

use sum_blocks_the_loop::{check, numbers};

const PAUSE: Duration = Duration::from_millis(30); // more than ten beats

fn square(i: u128) -> u128 {
    black_box(i) * i
}

fn sum() -> u128 {
    numbers().map(square).sum()
}

#[test]
fn the_heart_beats_between_the_numbers() {
    let none = "places with a beat, first to last        at least 10         0   not yet";
    check_missed(check(|| future::ready(Ok(sum()))), &[none]);
    let wrong = [
        (
            "pauses before and after the sum",
            check(async || {
                sleep(PAUSE).await;
                let sum = sum();
                sleep(PAUSE).await;
                Ok(sum)
            }),
        ),
        (
            "a pause in the middle",
            check(async || {
                let mut numbers = numbers();
                let half: u128 = numbers.by_ref().take(100_000_000).map(square).sum();
                sleep(PAUSE).await;
                Ok(half + numbers.map(square).sum::<u128>())
            }),
        ),
        ("a task of its own", check(async || Ok(spawn_local(async { sum() }).await?))),
        (
            "a thread, and the loop blocks until it ends",
            check(async || Ok(thread::spawn(sum).join().expect("it does not panic"))),
        ),
        ("a formula", check(async || Ok((200_000_000 - 1) * 200_000_000 * (400_000_000 - 1) / 6))),
        (
            "nobody waits for the sum",
            check(async || {
                drop(spawn_blocking(sum));
                sleep(PAUSE).await;
                Ok(0)
            }),
        ),
    ];
    let right = [
        ("a thread for it", check(async || Ok(spawn_blocking(sum).await?))),
        (
            "a turn for the others at every millionth number",
            check(async || {
                let mut sum = 0;
                for number in numbers() {
                    sum += square(number);
                    if number % 1_000_000 == 0 {
                        yield_now().await;
                    }
                }
                Ok(sum)
            }),
        ),
    ];
    check_mends(wrong, right);
}
