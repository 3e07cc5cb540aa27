//! What the figures of a job say, and when they say nothing.

use timeline::Job;

use super::table::{Comparison, Row};

/// What takes less, in seconds, is hardly compared: to start a thread or a process counts too much,
/// and the CPU clock of some systems goes in steps of a sixtieth of a second.
const TOO_SHORT: f64 = 0.2;

/// By how much a figure may be off before it has another cause than the program.
const TOLERANCE: f64 = 1.2;

/// With more downloads at once than this, the program's own work shows beside the waiting.
const FEW: f64 = 20.0;

/// What to start a pool and its sessions may cost, in seconds.
const START: f64 = 0.05;

/// What a download may cost beside its latency, in seconds: the site's timer rounds up.
const EACH: f64 = 0.002;

/// Times that differ by less are the same.
const SAME: f64 = 1.05;

const AGAIN: &str = "Run it again when less is running.";

const PERHAPS: &str = "Run it again: other programs may have had the cores.";

impl Comparison {
    /// Which program of a job was fastest, by how much, and why; or why that cannot be said.
    pub fn sentence(&self, job: Job) -> Option<String> {
        let rows = self.rows_of(job);
        match job {
            Job::Download => verdict("Downloads", "-n", &rows),
            Job::Sum => verdict("Sums", "--number", &rows),
            Job::Race => rows.first().map(|row| of_the_race(row)),
        }
    }
}

/// The time of the slowest and of the fastest program of a job in large letters, and the reason: `14.7
/// s → 0.12 s, 127 times as fast: they waited together`; nothing if the figures do not support it.
pub fn headline(rows: &[&Row]) -> Option<String> {
    let (fastest, slowest) = fastest_and_slowest(rows)?;
    let gain = slowest.seconds() / fastest.seconds();
    let is_sound = !rows.iter().any(|row| was_disturbed(row)) && explains(fastest, slowest, gain);
    if !is_sound || slowest.seconds() < TOO_SHORT && fastest.program.job == Job::Sum {
        return None;
    }
    let reason = match fastest.program.job {
        Job::Download => "they waited together".into(),
        _ => format!("{:.1} cores computed together", busy(fastest)),
    };
    let seconds = |row: &Row| match row.seconds() {
        seconds @ 9.95.. => format!("{seconds:.1} s"),
        seconds => format!("{seconds:.2} s"),
    };
    let (slow, fast) = (seconds(slowest), seconds(fastest));
    let digits = usize::from(gain < 10.0);
    Some(format!("{slow} → {fast}, {gain:.digits$} times as fast: {reason}"))
}

fn fastest_and_slowest<'a>(rows: &[&'a Row]) -> Option<(&'a Row, &'a Row)> {
    let by_time = |a: &&&Row, b: &&&Row| a.seconds().total_cmp(&b.seconds());
    Some((rows.iter().min_by(by_time)?, rows.iter().max_by(by_time)?))
}

fn of_the_race(row: &Row) -> String {
    let lossy = |name| row.runs.iter().filter(|run| run.figures.number(name) > Some(0.0)).count();
    format!(
        "Race: a read, then a write, lost updates in {} of {} runs; with a switch between them in \
         {}; with a Mutex in {}; with fetch_add in {}.",
        lossy("lost_by_chance"),
        row.runs.len(),
        lossy("lost_forced"),
        lossy("lost_mutex"),
        lossy("lost_fetch_add"),
    )
}

/// `option` makes the job of these programs longer.
fn verdict(job: &str, option: &str, rows: &[&Row]) -> Option<String> {
    let (fastest, slowest) = fastest_and_slowest(rows)?;
    let gain = slowest.seconds() / fastest.seconds();
    let disturbed = rows.iter().find(|row| was_disturbed(row));
    let is_clear = disturbed.is_none() && is_clear(fastest, slowest, gain);
    if rows.len() > 1 && slowest.seconds() < TOO_SHORT && !is_clear {
        let longest = slowest.seconds().max(0.001);
        return Some(format!(
            "{job}: none took longer than {longest:.3} s, which is too short to compare; take a \
             larger {option}."
        ));
    }
    if let Some(row) = disturbed {
        let name = row.program.name;
        let found = match row.program.job {
            Job::Sum => format!("{name} kept {:.1} of {:.1} cores busy", busy(row), width(row)?),
            _ => format!("{name} took {:.1} times its bound", row.ratio()?),
        };
        return Some(format!(
            "{job}: {found}, so other programs had the cores, and these times cannot be compared. \
             {AGAIN}"
        ));
    }
    let (fast, slow) = (fastest.program.name, slowest.program.name);
    if fast == slow {
        return None;
    }
    let mut sentence = if gain < SAME {
        format!("{job}: {fast} and {slow} took the same time, within a twentieth.")
    } else {
        let reason = reason(fastest, slowest, gain);
        format!("{job}: {fast} was fastest, {gain:.1} times as fast as {slow}{reason}")
    };
    if let Some(beside) = beside_the_article(rows) {
        sentence = format!("{sentence} {beside}");
    }
    Some(sentence)
}

/// Whether the figures say something even of short runs. Those of sums never do.
fn is_clear(fastest: &Row, slowest: &Row, gain: f64) -> bool {
    let is_explained = explains(fastest, slowest, gain) || costs_explain(fastest, slowest);
    fastest.program.job == Job::Download && (gain < SAME || is_explained)
}

/// Why the fastest was as many times as fast as the slowest, if the figures say so.
fn reason(fastest: &Row, slowest: &Row, gain: f64) -> String {
    let is_sum = fastest.program.job == Job::Sum;
    let (more, less) = used(fastest, slowest);
    let times = more / less;
    let explains = explains(fastest, slowest, gain);
    match (is_sum, explains) {
        (true, true) if gain < times / TOLERANCE => format!(
            ": {more:.1} cores were busy instead of {less:.1}, each at {:.1} of the speed.",
            gain / times
        ),
        (true, true) => format!(": {more:.1} cores were busy instead of {less:.1}."),
        (false, true) => format!(": {more} of them waited at the same time instead of {less}."),
        (true, false) => {
            format!(", which its busy cores ({more:.1} and {less:.1}) do not explain. {PERHAPS}")
        }
        (false, false) if costs_explain(fastest, slowest) => format!(
            ": it used {:.3} s of CPU time, and {} used {:.3} s.{}",
            computed(fastest),
            slowest.program.name,
            computed(slowest),
            cost_of_start(slowest)
        ),
        (false, false) => format!(
            ", which is explained neither by how many waited at the same time ({more} and {less}) \
             nor by the CPU time. {PERHAPS}"
        ),
    }
}

/// What a program computes for, beside its downloads.
fn cost_of_start(row: &Row) -> String {
    let started = match row.program.name {
        "io_threading" => "threads",
        "io_mp" => "processes",
        _ => return String::new(),
    };
    format!(" To start {} {started} costs that.", row.at_once())
}

/// Whether the slowest program of downloads took longer because it computed for longer.
fn costs_explain(fastest: &Row, slowest: &Row) -> bool {
    let (more, less) = used(fastest, slowest);
    let waiting_alone = fastest.seconds() * (more / less).max(1.0);
    let computed_longer = computed(slowest) - computed(fastest);
    fastest.program.job == Job::Download
        && slowest.seconds() - waiting_alone <= TOLERANCE * computed_longer
}

/// The CPU time of a program, in seconds.
fn computed(row: &Row) -> f64 {
    row.figure("cpu_seconds").unwrap_or(0.0)
}

/// How many cores computed, or how many downloads waited, at once.
fn used(fastest: &Row, slowest: &Row) -> (f64, f64) {
    let used = if fastest.program.job == Job::Sum { busy } else { waiting };
    (used(fastest), used(slowest))
}

/// Whether what was used at once explains that a program was so many times as fast.
fn explains(fastest: &Row, slowest: &Row, gain: f64) -> bool {
    let (more, less) = used(fastest, slowest);
    let times = more / less;
    times >= SAME && gain <= times * TOLERANCE
}

/// How many times as long as the first program the others took, here and in the article: that can be
/// compared, as seconds of other sums cannot.
fn beside_the_article(rows: &[&Row]) -> Option<String> {
    let (first, others) = rows.split_first()?;
    if first.program.job != Job::Sum || first.program.is_concurrent || others.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    for row in others {
        let here = row.seconds() / first.seconds();
        let article = row.program.article? / first.program.article?;
        let name = row.program.name;
        parts.push(if parts.is_empty() {
            format!("{name} took {here:.2} times as long (in the article {article:.2} times)")
        } else {
            format!("{name} {here:.2} times ({article:.2})")
        });
    }
    Some(format!("Compared with {}, {}.", first.program.name, parts.join(", ")))
}

/// Whether a program got less of the machine than it could use.
fn was_disturbed(row: &Row) -> bool {
    match row.program.job {
        Job::Sum => width(row)
            .is_some_and(|width| row.seconds() > TOLERANCE * computed(row) / width + START),
        Job::Download => row.figure("bound_seconds").is_some_and(|bound| {
            let answered = row.figure("answered").unwrap_or(0.0);
            let own = computed(row) + START + EACH * answered / row.at_once();
            row.at_once() <= FEW && row.seconds() > TOLERANCE * bound + own
        }),
        Job::Race => false,
    }
}

/// How many cores computed, on average.
fn busy(row: &Row) -> f64 {
    computed(row) / row.seconds()
}

/// How many downloads waited at the same time: what the site saw, where it was the built-in one.
fn waiting(row: &Row) -> f64 {
    row.figure("most_at_once").unwrap_or_else(|| row.at_once())
}

/// How many cores the sums of a program could keep busy: 20 sums on 8 cores take three rounds, and
/// in the last one only 4 are busy.
fn width(row: &Row) -> Option<f64> {
    let items = row.figure("items")?;
    let cores = row.figure("cores")?.min(row.at_once()).min(items);
    let width = items / (items / cores).ceil();
    width.is_finite().then_some(width)
}

#[cfg(test)]
mod tests;
