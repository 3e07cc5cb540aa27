//! `two_processes`: text 003's two processes: one adds, the other subtracts.
//!
//! - **Run** `cargo run -p cpu_mp --example two_processes`
//! - **See** `Addition: 9` and `Subtraction: 5`, in any order.
//! - **Why** Each line comes from a process of its own, so neither waits for the other. Python can
//!   start a process in the middle of a program. Rust starts a program from its beginning: here this
//!   one again, which does one job if it is told one, and otherwise starts the two.
//! - **Try** `child.wait()` inside the first loop: then the order is always the same. Why?
//! - **Next** `primes`, with more work for each process.

use std::env;
use std::process::{self, Command};

use lesson::{Error, Result, say};

const NUMBER: i32 = 7;

fn add_two(number: i32) {
    say!("Addition: {}", number + 2);
}

fn subtract_two(number: i32) {
    say!("Subtraction: {}", number - 2);
}

/// Starts a process for each of the two, and waits for both. Returns their numbers.
fn run_both() -> Result<Vec<u32>> {
    let mut children = Vec::new();
    for job in ["add_two", "subtract_two"] {
        // The line that matters: it does not wait, so both run at the same time.
        children.push(Command::new(env::current_exe()?).arg(job).spawn()?);
    }
    for child in &mut children {
        let status = child.wait()?;
        if !status.success() {
            return Err(Error::new(format!("Process {} has failed: {status}", child.id())));
        }
    }
    Ok(children.iter().map(process::Child::id).collect())
}

fn main() -> Result<()> {
    // As `if __name__ == "__main__"` in Python: without an argument each process would start two more.
    match env::args().nth(1).as_deref() {
        Some("add_two") => add_two(NUMBER),
        Some("subtract_two") => subtract_two(NUMBER),
        Some(job) => {
            return Err(Error::new(format!("There is no job {job}; run it without an argument")));
        }
        None => print(&run_both()?),
    }
    Ok(())
}

// From here on: what else is printed.

fn print(processes: &[u32]) {
    let ids: Vec<String> = processes.iter().map(u32::to_string).collect();
    let (both, own) = (ids.join(" and "), process::id());
    say!("\nProcesses {both} printed these lines; process {own} waited for both.");
}
