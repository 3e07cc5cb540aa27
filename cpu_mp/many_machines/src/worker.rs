//! Computes sums for whoever asks.

use std::sync::{Arc, Mutex, PoisonError};
use std::{io, process, thread};

use lesson::{Result, say};
use redis::{cmd, pipe};
use timeline::worker_log::record_job;

use crate::job::Jobs;
use crate::queue::{BEAT, GROUP, NAMES, Queue, STAY, SUMS};

/// Computes sums until this process is ended. `owned` says that it ends with the one that started it.
pub fn work<T>(url: &str, owned: bool, cpu_bound: fn(u64) -> u128) -> Result<T> {
    let mut queue = Queue::connect(url)?;
    queue.create(SUMS)?;
    let mut count = pipe();
    count.atomic().cmd("INCR").arg(NAMES).cmd("EXPIRE").arg(NAMES).arg(STAY);
    let (number, _): (u64, bool) = queue.call(|redis| count.query(redis))?;
    let name = format!("worker {number}");
    let under_way = Arc::default();
    show_that_it_lives(Queue::connect(url)?, name.clone(), Arc::clone(&under_way));
    if owned {
        leave_with_parent(Queue::connect(url)?);
    }
    say!("{name} waits for sums; Ctrl-C ends it");

    let mut jobs = Jobs::new(queue, &name);
    let (mut next, mut gone) = (None, None);
    loop {
        if next.is_none() {
            next = jobs.take()?;
        }
        let Some(job) = next.take() else { continue };
        let number = job.get::<u64>("number").unwrap_or_default();
        let answers = job.get::<String>("answers");
        if answers == gone {
            jobs.drop(&job.id)?;
            continue;
        }
        set(&under_way, &job.id);
        let (sum, recorded) = record_job(|| cpu_bound(number));
        let mut answer = cmd("XADD");
        answer.arg(&answers).arg(&["NOMKSTREAM", "*", "worker", &name, "number"]).arg(number);
        answer.arg("sum").arg(sum.to_string());
        answer.arg("recorded").arg(serde_json::to_string(&recorded)?);
        let somebody_waits;
        (somebody_waits, next) = jobs.finish(&job.id, &answer)?;
        set(&under_way, next.as_ref().map_or("", |job| &job.id));
        if !somebody_waits {
            gone = answers;
        }
    }
}

fn set(under_way: &Mutex<String>, job: &str) {
    job.clone_into(&mut under_way.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Tells Redis every second that this worker is there, and still at its sum.
fn show_that_it_lives(mut queue: Queue, name: String, under_way: Arc<Mutex<String>>) {
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            let job = under_way.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let mut beat = pipe();
            for key in [SUMS, NAMES] {
                beat.cmd("EXPIRE").arg(key).arg(STAY);
            }
            if !job.is_empty() {
                beat.cmd("XCLAIM").arg(&[SUMS, GROUP, &name, "0", &job, "JUSTID"]);
            }
            // If Redis is gone, the other thread says so.
            let _ = queue.call(|redis| beat.exec(redis));
        }
    });
}

/// Ends the server and this process when the one that started both has ended, in whatever way.
fn leave_with_parent(mut queue: Queue) {
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        // Another worker may have been faster. There is no answer: the server is gone.
        let _ = cmd("SHUTDOWN").arg("NOSAVE").exec(&mut queue.connection);
        process::exit(0);
    });
}
