//! `sessions`: what a session is worth, and whether threads may share one.
//!
//! - **Run** `cargo run -p io_threading --example sessions`
//! - **See** the same job three times: with a new session for each page, one for each thread, and one
//!   for all. The referee counts the connections.
//! - **Why** A session keeps its connection for the next page. A new connection first needs some
//!   round trips: the handshakes of TCP and TLS. Here they cost nothing, because the site is on this
//!   machine. So it takes longer over the first answer of a connection, as if it were far away.
//! - **Try** `HANDSHAKE` = 0: what is a session worth when connections cost nothing?
//! - **Next** `io_threading/refused/README.md`: the sessions that the compiler lets no threads share.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use io_lesson::{Behaviour, Counts, Result, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::Client as Session;
use thread_local::ThreadLocal;

const PAGES: usize = 160;
const THREADS: usize = 5;
const LATENCY: Duration = Duration::from_millis(10); // of each answer
const HANDSHAKE: Duration = Duration::from_millis(40); // more, for the first of a connection

/// Sessions made since the last row.
static MADE: AtomicUsize = AtomicUsize::new(0);

fn make_session() -> Result<Session> {
    MADE.fetch_add(1, Ordering::Relaxed);
    io_lesson::session()
}

fn download_site(url: &str, session: &Session) -> Result<()> {
    session.get(url).send()?.error_for_status()?.bytes()?;
    Ok(())
}

struct Row {
    sessions: usize,
    counts: Counts,
    seconds: f64,
}

/// Downloads all pages in one way, and says what that took.
fn row(how: &str, download: impl Fn(&str) -> Result<()> + Sync) -> Result<Row> {
    let behaviour = Behaviour { latency: LATENCY, handshake: HANDSHAKE, ..Behaviour::default() };
    let site = io_lesson::open_site(behaviour)?;
    let sites = vec![site.url("/dice"); PAGES];
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let start = Instant::now();
    let sites = sites.par_iter().with_max_len(1);
    pool.install(|| sites.try_for_each(|url| download(url)))?;
    let seconds = start.elapsed().as_secs_f64();
    let (sessions, counts) = (MADE.swap(0, Ordering::Relaxed), site.counts());
    say!("  {how:<18} {sessions:>8} {:>13} {seconds:>9.3} s", counts.connections);
    Ok(Row { sessions, counts, seconds })
}

fn main() -> Result<()> {
    let (latency, handshake) = (LATENCY.as_millis(), HANDSHAKE.as_millis());
    say!(
        "{THREADS} threads download {PAGES} pages. An answer takes {latency} ms, and the first of a"
    );
    say!("connection {handshake} ms more.\n");
    say!("  {:<18} {:>8} {:>13} {:>11}\n", "a session for", "sessions", "connections", "time");
    let new = row("each page", |url| download_site(url, &make_session()?))?;
    let local = ThreadLocal::new();
    // The line that matters: a thread that has no session yet makes one, and keeps it.
    let own = row("each thread", |url| download_site(url, local.get_or_try(make_session)?))?;
    let session = make_session()?;
    let shared = row("all threads", |url| download_site(url, &session))?;

    // From here on: what is judged.
    say!("\nWhat saves time is the connection that is kept, in whichever session.\n");
    let (slow, fast) = (new.seconds, own.seconds);
    let (many, few) = (new.counts.connections, own.counts.connections);
    let (sessions, at_once) = (own.sessions, shared.counts.most_at_once);
    let much_faster = Verdict::Holds.timed(slow / (2.0 * fast));
    let one_each = Verdict::Holds.counted((sessions, few) == (THREADS, THREADS));
    // Both claims rest on sessions that cannot be shared. Here all threads were in one at once.
    let sharing = Verdict::HoldsDifferently.counted(at_once == THREADS);
    let times = format!("{slow:.3} s with {many} connections, {fast:.3} s with {few}");
    claim("C20", much_faster, times);
    claim("C28", sharing, format!("{at_once} threads at once used one session"));
    let numbers = format!("{sessions} sessions for {THREADS} threads, {few} connections");
    claim("C29", one_each, numbers);
    claim("C30", sharing, format!("tasks can share one, and so can {at_once} threads"));
    Ok(())
}
