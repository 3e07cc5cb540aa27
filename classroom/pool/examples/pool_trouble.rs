//! `pool_trouble`: what the pool does when its jobs or its workers misbehave.
//!
//! - **Run** `cargo run -p pool --example pool_trouble -- panic`
//! - **See** that all other jobs are done, that the pool says what happened, and that the program
//!   ends with status 1, unless all went well.
//! - **Why** The pool watches every worker. Python's pool would wait for ever in most of these cases.
//! - **Try** another trouble in place of `panic`, see below.
//! - **Next** `io_mp`, which downloads with this pool.
//!
//! Two workers do nine jobs, and the fifth of them, or a worker itself, is in trouble:
//!
//! - `none`: all goes well, and the slowest job is the first;
//! - `panic`: the job panics;
//! - `exit`: the job ends its process;
//! - `hang`: the job never ends;
//! - `print`: the job prints a line, one that is no UTF-8, and half a line;
//! - `child`: the job starts a process that outlives it, and ends its own;
//! - `initializer-panics`, `initializer-fails`, `initializer-hangs`: no worker can begin;
//! - `no-guard`: the program has forgotten to call `run_if_worker`;
//! - `idle`: between two rounds of jobs there is time to kill a worker;
//! - `large`: the same, and the jobs and answers of the second round are larger than a pipe.

use std::io::{self, Write};
use std::process::{self, Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use basics::say;
use basics::workers;
use lesson::{Error, Result};
use pool::{Pool, Worker};

const PROCESSES: usize = 2;
const JOBS: usize = 9;
const LARGE: usize = 160_000; // bytes
const TIME_LIMIT: Duration = Duration::from_secs(2); // for a job, and for the initializer

static WORKER: Worker<String, String> = Worker::new(job).initializer(initializer);

fn job(item: String) -> String {
    match item.as_str() {
        "slow" => thread::sleep(Duration::from_millis(200)),
        "panic" => panic!("this job always panics"),
        "exit" => process::exit(7),
        "hang" => sleep_for_ever(),
        "print" => {
            println!("a line of the job");
            let no_utf8 = b"\xe9, a line of the job\n";
            io::stdout().write_all(no_utf8).expect("the parent reads");
            print!("half a line of the job");
        }
        "child" => {
            // It keeps the worker's standard output open, and nothing else.
            let mut child = Command::new(std::env::current_exe().expect("it is running"));
            child.arg("sleep").stdin(Stdio::null()).stderr(Stdio::null());
            child.spawn().expect("the system has room for a process");
            process::exit(7);
        }
        _ => {}
    }
    format!("{item} is done")
}

fn initializer() -> Result<()> {
    match trouble().as_str() {
        "initializer-panics" => panic!("this initializer always panics"),
        "initializer-fails" => Err(Error::new("this initializer always fails")),
        "initializer-hangs" => sleep_for_ever(),
        _ => Ok(()),
    }
}

fn sleep_for_ever() -> ! {
    loop {
        thread::sleep(TIME_LIMIT);
    }
}

/// What the command line asks for, in a worker too: it has the same arguments after its own.
fn trouble() -> String {
    std::env::args().next_back().unwrap_or_default()
}

fn main() -> Result<ExitCode> {
    let trouble = trouble();
    if trouble != "no-guard" {
        WORKER.run_if_worker();
    }
    let mut items = vec!["a job"; JOBS];
    items[0] = "slow";
    match trouble.as_str() {
        "sleep" => {
            thread::sleep(3 * TIME_LIMIT);
            return Ok(ExitCode::SUCCESS);
        }
        "panic" | "exit" | "hang" | "print" | "child" => items[JOBS / 2] = &trouble,
        "none" | "initializer-panics" | "initializer-fails" | "initializer-hangs" | "no-guard"
        | "idle" | "large" => {}
        _ => return Err(Error::new("Name one of the troubles that the head of this file lists")),
    }

    let mut pool = Pool::start(&WORKER, PROCESSES, TIME_LIMIT)?;
    let mut answers = pool.map(&items);
    let large = "x".repeat(LARGE);
    if trouble == "idle" || trouble == "large" {
        say!("Kill or stop a worker, then press Enter.");
        io::stdin().read_line(&mut String::new())?;
        if trouble == "large" {
            items = vec![&large; JOBS];
        }
        answers.extend(pool.map(&items));
    }
    let mut all_done = workers::lost() == 0;
    for answer in answers {
        match answer {
            Ok(answer) => say!("{answer}"),
            Err(lost) => {
                all_done = false;
                say!("{lost}");
            }
        }
    }
    Ok(if all_done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
