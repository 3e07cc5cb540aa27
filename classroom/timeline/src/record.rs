//! Records the items of a run.
//!
//! Each thread has at most one item open. A download that is a task is open while it is polled.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;

use crate::job::{Engine, Job};
use crate::run::{Item, Lane, Timeline, Work};
use basics::this_process::program_name;
use basics::words::presentable;

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// Threads without a name that have done something.
static THREADS: AtomicUsize = AtomicUsize::new(0);

struct Recorder {
    job: Job,
    engine: Engine,
    begin: Instant,
    finished: AtomicBool,
    /// The lanes since the last cut.
    lanes: Mutex<Vec<Lane>>,
}

/// An item under way: a download or a sum.
pub struct OpenItem {
    label: String,
    record: Option<ItemRecord>,
}

/// What is recorded of an item under way.
struct ItemRecord {
    item: Item,
    /// While a thread works on the item: when it began to, by the recorder's clock and by its own.
    /// A task begins anew with each poll.
    began: Option<(Duration, Duration)>,
    /// When the item had what it waited for, if it says so.
    done: Option<Duration>,
    /// Whether it is a task: then a thread that works on it does nothing but that.
    is_task: bool,
}

thread_local! {
    /// The item that this thread has under way.
    static OPEN: RefCell<Option<Box<OpenItem>>> = const { RefCell::new(None) };
    /// The place of this thread among the lanes.
    static LANE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Records from now on what this engine does for this job.
pub fn start(job: Job, engine: Engine) {
    let begin = Instant::now();
    let finished = AtomicBool::new(false);
    RECORDER.get_or_init(|| Recorder { job, engine, begin, finished, lanes: Mutex::default() });
}

/// The recorder, while it records.
fn recorder() -> Option<&'static Recorder> {
    RECORDER.get().filter(|recorder| !recorder.finished.load(Ordering::Relaxed))
}

impl Recorder {
    fn lanes(&self) -> MutexGuard<'_, Vec<Lane>> {
        // The lanes are whole at every unlock.
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time since recording began; nothing if it has not, or has ended.
pub fn now() -> Option<Duration> {
    Some(recorder()?.begin.elapsed())
}

fn cpu_clock() -> Duration {
    ThreadTime::now().as_duration()
}

/// Begins an item on this thread.
pub fn open(label: impl Display) {
    let open = OpenItem::new(label, |start| ItemRecord {
        item: Item { start, ..Item::default() },
        began: Some((start, cpu_clock())),
        done: None,
        is_task: false,
    });
    OPEN.replace(Some(open));
}

/// The label of the item that this thread has under way.
pub fn label() -> Option<String> {
    OPEN.with_borrow(|open| open.as_ref().map(|open| open.label.clone()))
}

/// Notes that the item of this thread has waited for something and has it now, or has failed to get
/// it. What the thread does after that, such as printing, is not the item's time.
pub fn done(failure: Option<&str>) {
    let Some(now) = now() else { return };
    OPEN.with_borrow_mut(|open| {
        let Some(record) = open.as_mut().and_then(|open| open.record.as_mut()) else { return };
        if let Some(work) = record.work_until(now) {
            // The clock tells how much a thread has worked, and not when. Most of it was the request,
            // so it is drawn at the start. In a poll, which does not wait, all of it keeps the thread.
            let end = if record.is_task { work.end } else { work.start + work.worked };
            record.item.work.push(Work { end, ..work });
        }
        record.done = Some(now);
        record.item.failure = failure.map(String::from);
    });
}

/// Ends the item of this thread.
pub fn close() {
    let Some(open) = OPEN.take() else { return };
    let Some(recorder) = recorder() else { return };
    let Some(item) = open.into_item(recorder.begin.elapsed()) else { return };
    let mut lanes = recorder.lanes();
    let lane = LANE.get().unwrap_or_else(|| {
        lanes.push(Lane { name: name_of_this_thread(), items: Vec::new() });
        LANE.set(Some(lanes.len() - 1));
        lanes.len() - 1
    });
    if let Some(lane) = lanes.get_mut(lane) {
        lane.items.push(item);
    }
}

fn name_of_this_thread() -> String {
    match thread::current().name() {
        Some("main") => "main thread".into(),
        Some(name) => name.into(),
        None => format!("thread {}", 1 + THREADS.fetch_add(1, Ordering::Relaxed)),
    }
}

impl ItemRecord {
    /// The stretch of work that ends now, if this thread works on the item.
    fn work_until(&mut self, now: Duration) -> Option<Work> {
        let (start, cpu) = self.began.take()?;
        let worked = cpu_clock().saturating_sub(cpu).min(now.saturating_sub(start));
        Some(Work { start, end: now, worked })
    }

    fn add_work_until(&mut self, now: Duration) {
        let work = self.work_until(now);
        self.item.work.extend(work);
    }
}

impl OpenItem {
    /// An item that begins now; `record` makes the record of it, if this process records.
    fn new(label: impl Display, record: impl FnOnce(Duration) -> ItemRecord) -> Box<Self> {
        let label = presentable(&label.to_string());
        Box::new(Self { label, record: now().map(record) })
    }

    /// The item as it was recorded, if it was. It ended now if it did not end before.
    fn into_item(self, now: Duration) -> Option<Item> {
        let mut record = self.record?;
        // A sum: when in this stretch the thread had a core is not known.
        record.add_work_until(now);
        Some(Item { label: self.label, end: record.done.unwrap_or(now), ..record.item })
    }

    /// A task that may begin now.
    pub fn task(label: impl Display) -> Box<Self> {
        Self::new(label, |ready| ItemRecord {
            item: Item { ready, start: ready, ..Item::default() },
            began: None,
            done: None,
            is_task: true,
        })
    }

    /// Begins a poll of this task on this thread.
    pub fn enter(mut self: Box<Self>) {
        if let Some(record) = &mut self.record {
            let now = now().unwrap_or_default();
            record.began = Some((now, cpu_clock()));
            if record.item.work.is_empty() {
                record.item.start = now;
            }
        }
        OPEN.replace(Some(self));
    }

    /// Ends the poll on this thread and gives the task back.
    pub fn leave() -> Option<Box<Self>> {
        let mut open = OPEN.take()?;
        if let (Some(record), Some(now)) = (&mut open.record, now()) {
            // As with a sum: a thread that had to wait for a core has not worked meanwhile.
            record.add_work_until(now);
        }
        Some(open)
    }

    /// Ends the task, which is a lane of its own.
    pub fn close_task(self) {
        let Some(recorder) = recorder() else { return };
        let Some(item) = self.into_item(recorder.begin.elapsed()) else { return };
        recorder.lanes().push(Lane { name: String::new(), items: vec![item] });
    }
}

/// Adds what a worker process has done to the lane of that name.
pub fn add(name: &str, items: impl IntoIterator<Item = Item>) {
    let Some(recorder) = recorder() else { return };
    let mut lanes = recorder.lanes();
    match lanes.iter_mut().find(|lane| lane.name == name) {
        Some(lane) => lane.items.extend(items),
        None => lanes.push(Lane { name: name.into(), items: items.into_iter().collect() }),
    }
}

/// Takes the items that were recorded since the last time, of all lanes.
pub fn take() -> Vec<Item> {
    let Some(recorder) = recorder() else { return Vec::new() };
    recorder.lanes().iter_mut().flat_map(|lane| std::mem::take(&mut lane.items)).collect()
}

/// Ends the recording and returns the run; nothing if nothing was recorded.
pub fn finish(duration: Duration) -> Option<Timeline> {
    let recorder = recorder()?;
    recorder.finished.store(true, Ordering::Relaxed);
    Some(recorder.run(program_name(), duration))
}

/// Returns what was recorded since the last time, as a run that began with its first item, and goes
/// on; `what` is said of it beside the program. Its threads have ended.
pub fn cut(what: &str) -> Option<Timeline> {
    let recorder = recorder()?;
    let mut run = recorder.run(format!("{}: {what}", program_name()), Duration::MAX);
    let begin = run.items().map(|item| item.start).min().unwrap_or_default();
    shift(&mut run.lanes, begin);
    // Threads are numbered when they end; among thousands the order of their beginnings tells more.
    run.lanes.sort_by_key(|lane| lane.items.first().map(|item| item.start));
    for (number, lane) in (1..).zip(&mut run.lanes) {
        lane.name = format!("thread {number}");
    }
    run.duration = run.items().map(|item| item.end).max().unwrap_or_default();
    Some(run)
}

impl Recorder {
    /// Takes the lanes, put in order, as a run of this length.
    fn run(&self, program: String, duration: Duration) -> Timeline {
        let mut lanes = std::mem::take(&mut *self.lanes());
        // Tasks are numbered in the order in which they were made.
        let mut tasks: Vec<&mut Lane> =
            lanes.iter_mut().filter(|lane| lane.name.is_empty()).collect();
        tasks.sort_by_key(|task| task.items.first().map(|item| item.ready));
        for (number, task) in (1..).zip(tasks) {
            task.name = format!("task {number}");
        }
        lanes.sort_by_cached_key(|lane| number_at_end(&lane.name));
        for lane in &mut lanes {
            lane.items.sort_by_key(|item| item.start);
        }
        set_clock(&mut lanes, duration);
        let cores = num_cpus::get();
        let Recorder { job, engine, .. } = *self;
        Timeline { program, job, engine, duration, cores, lanes }
    }
}

/// Shifts all times so that the last item ends with the run at the latest.
///
/// The recorder's clock began earlier than the run's, with the reading of the command line.
fn set_clock(lanes: &mut [Lane], duration: Duration) {
    let end = lanes.iter().flat_map(|lane| &lane.items).map(|item| item.end).max();
    shift(lanes, end.unwrap_or_default().saturating_sub(duration));
}

/// Makes all times so much earlier.
fn shift(lanes: &mut [Lane], late: Duration) {
    for item in lanes.iter_mut().flat_map(|lane| &mut lane.items) {
        let stretches = item.work.iter_mut().flat_map(|work| [&mut work.start, &mut work.end]);
        for time in [&mut item.ready, &mut item.start, &mut item.end].into_iter().chain(stretches) {
            *time = time.saturating_sub(late);
        }
    }
}

/// The 12 of `thread 12` and of `SpawnPoolWorker-12`.
pub(super) fn number_at_end(name: &str) -> u64 {
    let digits = name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    name[digits..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{ms, one_each};

    #[test]
    fn who_has_no_core_does_not_work() {
        let (began, item) = (Some((Duration::ZERO, cpu_clock())), Item::default());
        let mut record = ItemRecord { item, began, done: None, is_task: false };
        // Like a poll that blocks its thread, or a thread that others keep from its core.
        thread::sleep(Duration::from_millis(100));
        let now = Duration::from_millis(100);
        let work = record.work_until(now).expect("it has begun");
        assert_eq!((work.start, work.end), (Duration::ZERO, now));
        assert!(work.worked < Duration::from_millis(50), "{work:?}");
        assert_eq!(record.work_until(now), None, "it has ended");
    }

    #[test]
    fn a_task_that_blocks_its_thread_keeps_it() {
        start(Job::Download, Engine::Task);
        OpenItem::task("a page").enter();
        thread::sleep(Duration::from_millis(20));
        done(None);
        OpenItem::leave().expect("it was entered").close_task();
        let run = finish(Duration::from_millis(30)).expect("it was recorded");
        assert!(run.totals().kept > Duration::from_millis(10), "{run:?}");
        let thread = run.one_thread().expect("there is one");
        assert!(thread.items[0].work[0].keeps(), "{thread:?}");
    }

    #[test]
    fn a_run_that_began_late_has_the_time_of_its_own_clock() {
        let mut lanes = one_each(&[(40, 60)]).lanes;
        lanes[0].items[0].ready = ms(39);
        // The program read its command line, waited 35 ms for a core, and then ran for 25 ms.
        set_clock(&mut lanes, ms(25));
        let item = lanes[0].items[0].clone();
        assert_eq!((item.ready, item.start, item.end), (ms(4), ms(5), ms(25)));
        assert_eq!((item.work[0].start, item.work[0].end), (ms(5), ms(6)));
        // Nothing is known to be late here.
        set_clock(&mut lanes, ms(30));
        assert_eq!(lanes[0].items[0], item);
    }
}
