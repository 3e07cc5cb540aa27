//! `no_switch`: updates are lost although no thread was interrupted.
//!
//! - **Run** `cargo run -p race_condition --example no_switch`
//! - **See** in how many of 200 runs updates were lost: of those in which the system never switched
//!   away from one of the two threads, and of the others. Only Linux tells them apart.
//! - **Why** On two cores both threads go on at the same moment, so one can write between the read and
//!   the write of the other without any switch. On one core it cannot: there each lost update needs
//!   one.
//! - **Try** `taskset -c 0 cargo run -p race_condition --example no_switch`: predict both rows.
//! - **Next** `strictest_order`, about a cure that is none.

use std::fs;
use std::hint::spin_loop;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::thread;

use lesson::{say, thousands};

// The program itself and no copy of it.
#[allow(dead_code, reason = "only its increment is run here")]
#[path = "../src/main.rs"]
mod race_condition;

const INCREMENTS: u64 = 1_000_000; // by each thread: a few milliseconds, so that switches are rare
const RUNS: usize = 200;

/// Runs the race once, and returns how many updates were lost, and how many switches there were.
/// Nothing if the system does not tell.
fn race() -> Option<(u64, u64)> {
    let (counter, arrived) = (AtomicU64::new(0), AtomicUsize::new(0));
    let increment = || {
        arrived.fetch_add(1, Relaxed);
        // Not a `Barrier`: a thread that waits there has to be woken, and that takes a while.
        while arrived.load(Relaxed) < 2 {
            spin_loop();
        }
        let before = switches()?;
        race_condition::increment_counter(&counter, INCREMENTS, |_| ());
        // The line that matters: how often this thread had to stop while it incremented.
        Some(switches()? - before)
    };
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(increment);
        (increment(), other.join().expect("no increment panics"))
    });
    Some((2 * INCREMENTS - counter.into_inner(), mine? + others?))
}

/// How often the system has switched away from this thread.
fn switches() -> Option<u64> {
    let status = fs::read_to_string("/proc/thread-self/status").ok()?;
    let lines = status.lines().filter_map(|line| line.split_once("_switches:"));
    lines.map(|(_, number)| number.trim().parse::<u64>().ok()).sum()
}

// From here on: what is printed.

/// Prints a row about runs of one kind, of which this was lost.
fn show(kind: &str, lost: &[u64]) {
    let lossy = lost.iter().filter(|lost| **lost > 0).count();
    let worst = lost.iter().max().copied().unwrap_or_default();
    let [all, lossy, worst] = [lost.len() as u64, lossy as u64, worst].map(thousands);
    say!("{kind:28}{all:>8}{lossy:>20}{worst:>22}");
}

fn main() {
    say!("2 threads increment one counter {} times each, {RUNS} runs.\n", thousands(INCREMENTS));
    say!("{:28}{:>8}{:>20}{:>22}\n", "", "runs", "that lost updates", "most updates lost");
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let Some((lost, switches)) = race() else {
            say!("This system does not tell how often it switches from one thread to another.");
            return;
        };
        if switches == 0 { without.push(lost) } else { with.push(lost) }
    }
    show("without a single switch", &without);
    show("with a switch", &with);
    if without.iter().any(|lost| *lost > 0) {
        say!("\nSo it takes no interruption: a second core is enough.");
    } else {
        say!("\nNo update was lost without a switch. On one core none can be.");
    }
}
