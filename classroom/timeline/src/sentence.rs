//! What a run says, in sentences.

use std::fmt::Write;

use crate::job::{Engine, Job};
use crate::run::{Item, Timeline, Totals};
use basics::words::{plural, thousands};

/// The part of a run that is worth a word.
const MUCH: f64 = 0.2;

/// What is so for this part of the time is so for most of it.
const MOSTLY: f64 = 0.8;

/// Seconds in a headline, not to be parted from their unit.
fn in_seconds(seconds: f64) -> String {
    match seconds {
        9.95.. => format!("{seconds:.1}\u{a0}s"),
        0.0995.. => format!("{seconds:.2}\u{a0}s"),
        _ => format!("{seconds:.3}\u{a0}s"),
    }
}

impl Timeline {
    /// The totals in two lines: the work and the waiting, and how many items were under way at once.
    pub fn sentence(&self) -> String {
        let totals = self.totals();
        let Totals { items, failed, worked, waited, kept } = totals;
        let [run, worked, waited] = [self.duration, worked, waited].map(|time| time.as_secs_f64());
        let noun = self.job.noun();
        let failed = if failed > 0 { format!(" ({failed} failed)") } else { String::new() };
        let place = if self.engine == Engine::Thread { "on" } else { "in" };
        let what = if self.job == Job::Download { "answers" } else { "a core" };
        let first = format!(
            "{}{failed} {place} {}: {worked:.3} s of work, {waited:.3} s of waiting for {what};",
            plural(items as u64, noun),
            plural(self.lanes.len() as u64, self.engine.noun()),
        );
        if self.job == Job::Race {
            return format!("{first}\n{}", self.meetings());
        }
        let under_way = worked + waited + kept.as_secs_f64();
        let at_once = if run > 0.0 { under_way / run } else { 0.0 };
        let at_once = match self.lanes.len() {
            1 => format!("1 {noun} under way at a time"),
            _ if at_once < 10.0 => format!("{at_once:.2} {noun}s under way at once on average"),
            _ => format!("{at_once:.0} {noun}s under way at once on average"),
        };
        let mut said =
            format!("{first}\n{at_once}; {} of that time was work", percent_of_work(totals));
        let kept = kept.as_secs_f64();
        if kept > MUCH * run {
            let _ = write!(said, ";\ntasks kept their thread for {kept:.3} s without working");
        }
        said
    }

    /// What the run shows, as the headline of its picture; nothing if its figures do not support one.
    pub fn finding(&self) -> Option<String> {
        let Totals { items, failed, worked, waited, kept } = self.totals();
        let run = self.duration.as_secs_f64();
        if items == 0 || run <= 0.0 {
            return None;
        }
        let noun = plural(items as u64, self.job.noun());
        if failed > 0 {
            return Some(format!("{} of {noun} failed", thousands(failed as u64)));
        }
        // More than the run is not of one thread.
        if 2 * kept > self.duration && kept <= self.duration {
            let (kept, run) = (in_seconds(kept.as_secs_f64()), in_seconds(run));
            return Some(format!("Tasks keep their thread from each other: {kept} of {run}"));
        }
        let (worked, waited) = (worked.as_secs_f64(), waited.as_secs_f64());
        match self.job {
            Job::Download => self.finding_of_downloads(run, worked, waited),
            Job::Sum => self.finding_of_sums(run, worked),
            Job::Race => self.finding_of_a_race(),
        }
    }

    fn finding_of_downloads(&self, run: f64, worked: f64, waited: f64) -> Option<String> {
        let most = self.overlap().most;
        let alone = worked + waited;
        // That many were under way most of the time, and the work was no part of it that counts.
        if alone / run < MOSTLY * most as f64 || worked > 0.1 * waited {
            return None;
        }
        // Where many are under way, each also waits for its turn: the shortest did so least.
        let shortest = self.items().map(Item::length).min().unwrap_or_default();
        let alone = shortest.as_secs_f64() * self.items().count() as f64;
        let (run, alone) = (in_seconds(run), in_seconds(alone));
        let at_once = format!("{} downloads wait at once", thousands(most as u64));
        Some(match most {
            1 => format!("One download waits at a time: {run}"),
            // Of tasks even the shortest waits until the one thread has begun all of them.
            _ if self.engine == Engine::Task => format!("{at_once}: {run}"),
            _ => format!("{at_once}: {run}. One at a time they need at least {alone}"),
        })
    }

    fn finding_of_sums(&self, run: f64, worked: f64) -> Option<String> {
        let (busy, most) = (worked / run, self.lanes.len().min(self.cores) as f64);
        if busy < MOSTLY * most {
            return None;
        }
        let (run, alone) = (in_seconds(run), in_seconds(worked));
        Some(match self.lanes.len() {
            1 if self.cores > 1 => {
                format!("One of {} cores computes: {run}", self.cores)
            }
            1 => format!("The core computes all the time: {run}"),
            _ => format!(
                "{busy:.1} of {} cores compute at once: {run}. One core needs {alone}",
                self.cores
            ),
        })
    }

    /// An update can only be lost where one thread writes between another's read and its write.
    fn finding_of_a_race(&self) -> Option<String> {
        let (met, all) = (self.overlap().items as u64, self.lanes.len() as u64);
        if all < 2 {
            return None;
        }
        let [met, all] = [met, all].map(thousands);
        let meaning = if self.hardly_meet() {
            "hardly a chance to lose an update"
        } else {
            "each can lose the other's update"
        };
        Some(format!("{met} of {all} threads met another one: {meaning}"))
    }

    /// Whether the threads of the race have met.
    fn meetings(&self) -> String {
        let overlap = self.overlap();
        if overlap.items == 0 {
            return "threads never overlap: none has met another one".into();
        }
        let [met, most, all] =
            [overlap.items, overlap.most, self.lanes.len()].map(|count| thousands(count as u64));
        let hardly = if self.hardly_meet() { "threads hardly ever overlap: " } else { "" };
        format!("{hardly}{met} of {all} met another one, at most {most} at once")
    }

    /// Whether fewer than a fifth of the threads of the race have met another one.
    fn hardly_meet(&self) -> bool {
        5 * self.overlap().items < self.lanes.len()
    }
}

/// How much of the time with an item under way was work: `0.06 %`, `97 %`.
pub fn percent_of_work(totals: Totals) -> String {
    let Totals { worked, waited, kept, .. } = totals;
    let [worked, waited, kept] = [worked, waited, kept].map(|time| time.as_secs_f64());
    let all = worked + waited + kept;
    let percent = if all > 0.0 { 100.0 * worked / all } else { 0.0 };
    let digits = if percent < 1.0 { 2 } else { 0 };
    format!("{percent:.digits$} %")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{downloads, ms, one_each};

    #[test]
    fn downloads_wait_for_answers() {
        assert_eq!(
            downloads(5, 32).sentence(),
            "160 downloads on 5 threads: 0.320 s of work, 14.080 s of waiting for answers;\n5.00 \
             downloads under way at once on average; 2 % of that time was work",
        );
        let nothing = Timeline::default().sentence();
        assert!(nothing.contains("0.00 downloads under way at once"), "{nothing}");
    }

    #[test]
    fn a_finding_is_said_where_the_figures_support_it() {
        let found = |run: &Timeline| run.finding().unwrap_or_default().replace('\u{a0}', " ");
        let mut run = downloads(5, 32);
        let words = "5 downloads wait at once: 2.88 s. One at a time they need at least 14.4 s";
        assert_eq!(found(&run), words);
        assert_eq!(found(&downloads(1, 160)), "One download waits at a time: 14.4 s");
        // Most of the time fewer were under way.
        run.duration *= 2;
        assert_eq!(found(&run), "");
        run.lanes[2].items[1].failure = Some("status 500".into());
        assert_eq!(found(&run), "1 of 160 downloads failed");
        let mut sums = Timeline { job: Job::Sum, cores: 2, ..downloads(2, 10) };
        assert_eq!(found(&sums), "", "they had no core");
        for item in sums.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
            item.work[0].end = item.end;
            item.work[0].worked = item.length();
        }
        assert_eq!(found(&sums), "2.0 of 2 cores compute at once: 0.90 s. One core needs 1.80 s");
        // Tasks wait for their turn, too, so they do not tell how long one alone would take.
        let tasks = Timeline { engine: Engine::Task, ..downloads(5, 32) };
        assert_eq!(found(&tasks), "5 downloads wait at once: 2.88 s");
        // Two tasks, one of which sleeps on the thread of both.
        let mut tasks = Timeline { engine: Engine::Task, ..downloads(2, 1) };
        tasks.lanes[0].items[0].work[0].end = ms(50);
        assert_eq!(found(&tasks), "Tasks keep their thread from each other: 0.048 s of 0.090 s");
        let kept = ";\ntasks kept their thread for 0.048 s without working";
        assert!(tasks.sentence().ends_with(kept), "{}", tasks.sentence());
    }

    #[test]
    fn a_race_can_only_be_lost_where_threads_meet() {
        let one_after_the_other = (3..12).map(|at| (2 * at, 2 * at + 1));
        let few: Vec<_> = [(0, 2), (1, 4)].into_iter().chain(one_after_the_other).collect();
        for (items, words, meaning) in [
            (
                &[(0, 2), (2, 4)][..],
                "threads never overlap: none has met another one",
                "hardly a chance",
            ),
            (&[(0, 2), (1, 4), (6, 8)], "2 of 3 met another one, at most 2 at once", "can lose"),
            (
                &few,
                "threads hardly ever overlap: 2 of 11 met another one, at most 2 at once",
                "hardly a chance",
            ),
        ] {
            let race = Timeline { job: Job::Race, ..one_each(items) };
            let said = race.sentence();
            assert!(said.ends_with(&format!(" s of waiting for a core;\n{words}")), "{said}");
            assert!(race.finding().is_some_and(|said| said.contains(meaning)));
        }
    }
}
