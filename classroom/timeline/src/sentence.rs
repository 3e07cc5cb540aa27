//! What a run says, in sentences.

use crate::job::{Engine, Job};
use crate::run::{Timeline, Totals};
use basics::words::{plural, thousands};

impl Timeline {
    /// The totals in two lines: the work and the waiting, and how many items were under way at once.
    pub fn sentence(&self) -> String {
        let totals = self.totals();
        let Totals { items, failed, worked, waited } = totals;
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
        let at_once = if run > 0.0 { (worked + waited) / run } else { 0.0 };
        let at_once = match self.lanes.len() {
            1 => format!("1 {noun} under way at a time"),
            _ if at_once < 10.0 => format!("{at_once:.2} {noun}s under way at once on average"),
            _ => format!("{at_once:.0} {noun}s under way at once on average"),
        };
        format!("{first}\n{at_once}; {} of that time was work", percent_of_work(totals))
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

    /// What it means for a race that its threads met as often as they did; nothing for another job.
    pub(crate) fn meaning_of_a_race(&self) -> Option<&'static str> {
        if self.job != Job::Race || self.lanes.len() < 2 {
            return None;
        }
        Some(if self.hardly_meet() {
            "An update can only be lost where two threads overlap. So by chance few are lost, or none."
        } else {
            "Where two threads overlap, one can write between the other's read and its write. Then \
             an update is lost."
        })
    }
}

/// How much of the time with an item under way was work: `0.06 %`, `97 %`.
pub fn percent_of_work(totals: Totals) -> String {
    let [worked, waited] = [totals.worked, totals.waited].map(|time| time.as_secs_f64());
    let all = worked + waited;
    let percent = if all > 0.0 { 100.0 * worked / all } else { 0.0 };
    let digits = if percent < 1.0 { 2 } else { 0 };
    format!("{percent:.digits$} %")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::{downloads, one_each};

    #[test]
    fn downloads_wait_for_answers() {
        assert_eq!(
            downloads(5, 32).sentence(),
            "160 downloads on 5 threads: 0.320 s of work, 14.080 s of waiting for answers;\n5.00 \
             downloads under way at once on average; 2 % of that time was work",
        );
        let nothing = Timeline::default().sentence();
        assert!(nothing.contains("0.00 downloads under way at once"), "{nothing}");
        assert_eq!(downloads(5, 32).meaning_of_a_race(), None);
    }

    #[test]
    fn a_race_can_only_be_lost_where_threads_meet() {
        let one_after_the_other = (3..12).map(|at| (2 * at, 2 * at + 1));
        let few: Vec<_> = [(0, 2), (1, 4)].into_iter().chain(one_after_the_other).collect();
        for (items, words, meaning) in [
            (&[(0, 2), (2, 4)][..], "threads never overlap: none has met another one", "few"),
            (&[(0, 2), (1, 4), (6, 8)], "2 of 3 met another one, at most 2 at once", "is lost"),
            (
                &few,
                "threads hardly ever overlap: 2 of 11 met another one, at most 2 at once",
                "few",
            ),
        ] {
            let race = Timeline { job: Job::Race, ..one_each(items) };
            let said = race.sentence();
            assert!(said.ends_with(&format!(" s of waiting for a core;\n{words}")), "{said}");
            assert!(race.meaning_of_a_race().is_some_and(|said| said.contains(meaning)));
        }
    }
}
