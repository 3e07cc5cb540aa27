//! `event_loop`: the article's event loop written out, with its two lists, ready and waiting.
//!
//! - **Run** `cargo run -p io_asyncio --example event_loop`
//! - **See** four tasks on one thread: a sum, and three pages from sites that answer after 1.2, 0.4
//!   and 0.8 s. Each turn is a line: both lists, the task that has the turn, and how the turn ends.
//! - **Why** A task has the thread until it reaches an `.await` that has to wait. Nothing can take it
//!   away before. Then the task is a value again: some bytes that say where it goes on, and with
//!   what. So one thread can keep very many of them.
//! - **Try** `LATENCIES` of `[400, 400, 400]`, three times: who has the last three turns, and is the
//!   order always the same?
//! - **Next** `starving`, for what happens to the others when a task does not give way.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::hint::black_box;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use io_lesson::{Behaviour, Error, PAGES, Result, Site, open_site, say, thousands};
use tokio::task::yield_now;

const NUMBER: u64 = 5_000_000; // how many squares the sum has: the article's first number
const LATENCIES: [u64; 3] = [1_200, 400, 800]; // ms until each of the three sites answers
const PAUSE: Duration = Duration::from_millis(1); // between two looks, while no task is ready

/// How many stretches of the tasks' code have begun: from the first line, or from an `.await`.
static STRETCHES: AtomicUsize = AtomicUsize::new(0);

// 1. The event loop.

/// A future, and what the event loop has to know of it.
struct Task<'a> {
    number: usize,
    future: Pin<Box<dyn Future<Output = Result<String>> + 'a>>,
    mark: Arc<Mark>,
}

/// Whether a task can go on. Its waker says so.
#[derive(Default)]
struct Mark(AtomicBool);

impl Wake for Mark {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

#[derive(Default)]
struct EventLoop<'a> {
    ready: VecDeque<Task<'a>>, // the first has been ready for longest
    waiting: Vec<Task<'a>>,
    turns: Vec<usize>, // the number of the task that had each turn
}

impl<'a> EventLoop<'a> {
    fn spawn(&mut self, future: impl Future<Output = Result<String>> + 'a) {
        let (number, future) = (self.ready.len() + 1, Box::pin(future));
        self.ready.push_back(Task { number, future, mark: Arc::default() });
    }

    fn run_until_complete(&mut self, sockets: &Sockets) -> Result<()> {
        let start = Instant::now();
        loop {
            let time = thousands(start.elapsed().as_millis());
            let lists = format!("{:<10}{:<10}", numbers(&self.ready), numbers(&self.waiting));
            if let Some(task) = self.ready.pop_front() {
                let (number, end) = (task.number, self.give_turn(task)?);
                say!("{time:>6} ms   {lists}{number:<7}{end}");
                self.sort(sockets);
            } else if self.waiting.is_empty() {
                return Ok(());
            } else {
                say!("{time:>6} ms   {lists}none   sleeps, looks, sleeps, looks …");
                while self.ready.is_empty() {
                    thread::sleep(PAUSE);
                    self.sort(sockets);
                }
            }
        }
    }

    /// Lets a task run until it hands the thread back, and says why it did.
    fn give_turn(&mut self, mut task: Task<'a>) -> Result<String> {
        self.turns.push(task.number);
        task.mark.0.store(false, Relaxed);
        let waker = Waker::from(task.mark.clone());
        // The line that matters: the task has the thread until this call returns.
        let poll = task.future.as_mut().poll(&mut Context::from_waker(&waker));
        if let Poll::Ready(result) = poll {
            return Ok(format!("ends: {}", result?));
        }
        let can_go_on = task.mark.0.load(Relaxed);
        self.waiting.push(task);
        Ok(if can_go_on { "gives way" } else { "waits for its page" }.into())
    }

    /// Goes through the waiting tasks, and moves those that can go on to the end of the other list.
    fn sort(&mut self, sockets: &Sockets) {
        for (_, waker) in sockets.0.borrow_mut().extract_if(.., |(socket, _)| !is_silent(socket)) {
            waker.wake();
        }
        self.ready.extend(self.waiting.extract_if(.., |task| task.mark.0.load(Relaxed)));
    }
}

/// The sockets that tasks wait for, each with the waker of its task.
///
/// Real event loops have the system wake them when something arrives (epoll, kqueue, IOCP). The
/// standard library cannot ask for that, so this one has to look.
#[derive(Default)]
struct Sockets(RefCell<Vec<(TcpStream, Waker)>>);

fn is_silent(socket: &TcpStream) -> bool {
    socket.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

// 2. A future by hand. What an `async fn` returns is one, too: its `poll` is the compiler's work.

/// Is ready when something has arrived at the socket.
struct Arrival<'a>(&'a TcpStream, &'a Sockets);

impl Future for Arrival<'_> {
    type Output = Result<()>;

    fn poll(self: Pin<&mut Self>, context: &mut Context) -> Poll<Result<()>> {
        let Self(socket, sockets) = *self;
        if !is_silent(socket) {
            return Poll::Ready(Ok(()));
        }
        sockets.0.borrow_mut().push((socket.try_clone()?, context.waker().clone()));
        Poll::Pending
    }
}

// 3. The tasks. Without its `async`, each would be refused: error E0728.

async fn sum_of_squares(number: u64) -> Result<String> {
    STRETCHES.fetch_add(1, Relaxed);
    let squares = |from, to| (from..to).map(|i| black_box(u128::from(i)).pow(2)).sum::<u128>();
    let half = squares(0, number / 2);
    yield_now().await; // tokio's: a future does not know whose event loop polls it
    STRETCHES.fetch_add(1, Relaxed);
    Ok(thousands(half + squares(number / 2, number)))
}

async fn download_site(site: &Site, page: &str, sockets: &Sockets) -> Result<String> {
    STRETCHES.fetch_add(1, Relaxed);
    let address = site.url("").replace("http://", "");
    // Both would wait, if the site were far away. Here they take no time.
    let mut socket = TcpStream::connect(&address)?;
    write!(socket, "GET {page} HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
    socket.set_nonblocking(true)?; // a read that would have to wait is an error from now on
    let mut answer = Vec::new();
    loop {
        Arrival(&socket, sockets).await?;
        STRETCHES.fetch_add(1, Relaxed);
        match socket.read_to_end(&mut answer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            end => return Err(Error::new(format!("{address} hung up: {end:?}"))),
        }
        if let Some(length) = page_length(&answer) {
            return Ok(format!("Read {length} from {page}"));
        }
    }
}

/// How long the page in an answer is, if all of it has arrived.
fn page_length(answer: &[u8]) -> Option<usize> {
    let (head, page) = str::from_utf8(answer).ok()?.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    (length.parse() == Ok(page.len())).then_some(page.len())
}

fn main() -> Result<()> {
    let (mut sites, sockets) = (Vec::new(), Sockets::default());
    for latency in LATENCIES.map(Duration::from_millis) {
        sites.push(open_site(Behaviour { latency, ..Behaviour::default() })?);
    }
    let mut event_loop = EventLoop::default();
    event_loop.spawn(sum_of_squares(NUMBER));
    for (site, page) in sites.iter().zip(PAGES.into_iter().cycle()) {
        event_loop.spawn(download_site(site, page, &sockets));
    }
    let size = |task: &Task| size_of_val(&*task.future); // what the task has to keep while it waits
    let bytes: Vec<usize> = event_loop.ready.iter().map(size).collect();
    let (tasks, early) = (bytes.len(), STRETCHES.load(Relaxed));
    say!("{tasks} futures are made; {early} have begun. 1 is a sum, each of the others a page.\n");
    say!("  time      ready     waiting   runs   and then");
    event_loop.run_until_complete(&sockets)?;

    // From here on: what is judged.
    let (turns, stretches) = (event_loop.turns, STRETCHES.load(Relaxed));
    let (all, sums) = (turns.len(), turns.iter().filter(|number| **number == 1).count());
    let uncut = Verdict::Holds.counted(all == stretches);
    let lazy = Verdict::HoldsDifferently.counted(early == 0);
    let in_order = Verdict::Holds.counted(turns.iter().copied().take(tasks).eq(1..=tasks));
    let kept = Verdict::Holds.counted(!bytes.contains(&0));
    say!("");
    claim("C05", uncut, format!("{all} turns, each a stretch of code up to an await or the end"));
    claim("C06", uncut, format!("{} of {all} turns ended elsewhere", all.abs_diff(stretches)));
    claim("C09", lazy, format!("{early} of {tasks} had begun before they were polled"));
    claim("C11", in_order, format!("the turns went to {turns:?}"));
    claim("C18", uncut, format!("the sum gave way where its code says so: {sums} turns"));
    claim("C95", kept, format!("bytes of each waiting task: {bytes:?}"));
    say!("\nNothing can take a turn away from a task. Question: what if one never awaits?");
    Ok(())
}

/// The numbers of the tasks in a list.
fn numbers<'a>(tasks: impl IntoIterator<Item = &'a Task<'a>>) -> String {
    let numbers: Vec<String> = tasks.into_iter().map(|task| task.number.to_string()).collect();
    if numbers.is_empty() { "none".into() } else { numbers.join(" ") }
}
