//! `zombies_and_orphans`: what is left of a process that has ended, and of a child whose parent has.
//!
//! - **Run** `cargo run -p io_mp --example zombies_and_orphans` (the first part needs Linux)
//! - **See** the states of three children: a zombie, the same one after its parent has waited, and an
//!   orphan that lives on. Then a parent that waits for its child too early, and would wait for ever.
//! - **Why** The system keeps a dead process until its parent asks how it ended; so long it is a
//!   zombie. An orphan is the opposite: it lives, and its parent is dead. And a pipe holds little. A
//!   child that writes more waits for a reader, so its parent must not wait for its end first.
//! - **Try** `OUTPUT`: as many bytes as the pipe holds, and then one more.
//! - **Next** `cpu_non_concurrent`, a job that waits for nothing.

use std::io::{self, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use experiment::{Verdict, claim};
use io_lesson::this_process::status;
use io_lesson::{Error, Result, say, thousands};

const OUTPUT: usize = 1_048_576; // bytes that a child writes into its pipe
const PATIENCE: Duration = Duration::from_secs(1); // with what would take for ever

/// Starts this program again, with a part to play, and with a pipe from it.
fn start(part: &str) -> Result<Child> {
    Ok(Command::new(env::current_exe()?).arg(part).stdout(Stdio::piped()).spawn()?)
}

/// Plays the part of a child.
fn play(part: &str) -> Result<()> {
    match part {
        // It fails only if its parent has ended.
        "--write" => drop(io::stdout().write_all(&vec![b'.'; OUTPUT])),
        "--leave" => say!("{}", start("--live")?.id()), // and ends, and leaves that child behind
        "--live" => thread::sleep(PATIENCE),
        "--end" => {}
        _ => {
            return Err(Error::new(format!("There is no part {part}; run it without an argument")));
        }
    }
    Ok(())
}

/// The watchdog: whether something happens before its patience ends.
fn soon(mut happens: impl FnMut() -> bool) -> bool {
    (0..PATIENCE.as_millis()).any(|_| {
        thread::sleep(Duration::from_millis(1));
        happens()
    })
}

fn state(process: u32) -> String {
    status(process, "State").unwrap_or("gone".into())
}

/// Shows what is left of three children, and returns the state of the last one, the orphan.
fn zombie_and_orphan() -> Result<String> {
    say!("Three children, and what the system tells of them:\n");
    let mut child = start("--end")?;
    soon(|| state(child.id()).starts_with('Z'));
    say!("  a child that has ended             {}", state(child.id()));
    // The line that matters: to wait is to ask how it ended. Only then is it gone.
    child.wait()?;
    say!("  ... after its parent has waited    {}", state(child.id()));

    let parent = start("--leave")?.wait_with_output()?;
    let orphan = String::from_utf8_lossy(&parent.stdout).trim().parse()?;
    let (state, adopted) = (state(orphan), status(orphan, "PPid").unwrap_or_default());
    say!("  a child whose parent has ended     {state}; its parent is now {adopted}\n");
    Ok(state)
}

/// How much comes from a child, if its parent reads first, or first waits for its end.
fn bytes(wait_first: bool) -> Result<usize> {
    let mut child = start("--write")?;
    if wait_first && !soon(|| child.try_wait().is_ok_and(|ended| ended.is_some())) {
        child.kill()?; // it waits for a reader, and this program for its end
        child.wait()?;
    }
    // This reads to the end, and then waits.
    Ok(child.wait_with_output()?.stdout.len())
}

fn main() -> Result<()> {
    if let Some(part) = env::args().nth(1) {
        return play(&part);
    }
    let orphan = cfg!(target_os = "linux").then(zombie_and_orphan).transpose()?;
    let [waited, read] = [bytes(true)?, bytes(false)?];

    // From here on: what is judged.
    let [some, all] = [waited, read].map(|bytes| thousands(bytes as u64));
    say!("A child writes {all} bytes into a pipe:\n");
    say!("  a parent that waits, then reads    {some} bytes");
    say!("  a parent that reads, then waits    {all} bytes\n");
    if let Some(state) = orphan {
        let is_zombie = Verdict::Holds.counted(state.starts_with('Z'));
        claim("C63", is_zombie, format!("what an ended parent left is {state}"));
    } else {
        say!("The states of processes: only Linux has them in /proc.");
    }
    let in_either_order = Verdict::Holds.counted(waited == read);
    claim("C64", in_either_order, format!("{some} of {all} bytes, then both wait for each other"));
    Ok(())
}
