//! What a program left behind when it ended.

use std::process::ExitStatus;

use experiment::{Finding, Verdict, judged};

/// A program that has ended: what it wrote, and how it ended.
#[derive(Clone, Debug)]
pub struct ProcessOutput {
    /// All that it wrote on standard output.
    pub stdout: String,
    /// All that it wrote on standard error.
    pub stderr: String,
    /// How it ended.
    pub status: ExitStatus,
}

/// What the referee counted, read from the line that the program printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteCounts {
    /// Connections accepted.
    pub connections: usize,
    /// The most requests under way at the same time.
    pub at_once: usize,
    /// Requests answered.
    pub answered: usize,
}

impl ProcessOutput {
    /// Checks the exit status.
    #[track_caller]
    pub fn with_status(self, status: i32) -> Self {
        assert_eq!(self.status.code(), Some(status), "{self}");
        self
    }

    /// Checks that there was nothing to complain about.
    #[track_caller]
    pub fn well(self) -> Self {
        let ended = self.with_status(0);
        assert_eq!(ended.stderr, "", "{ended}");
        ended
    }

    /// Checks that standard output has this line, exactly.
    #[track_caller]
    pub fn assert_line(&self, line: &str) {
        assert!(self.stdout.lines().any(|printed| printed == line), "no line {line:?} in {self}");
    }

    /// Checks that standard error contains this text.
    #[track_caller]
    pub fn assert_error(&self, text: &str) {
        assert!(self.stderr.contains(text), "no {text:?} on standard error of {self}");
    }

    /// The line of standard output that contains `text`; there must be exactly one.
    #[track_caller]
    pub fn line_with(&self, text: &str) -> &str {
        let mut lines = self.stdout.lines().filter(|line| line.contains(text));
        match (lines.next(), lines.next()) {
            (Some(line), None) => line,
            _ => panic!("not exactly one line with {text:?} in {self}"),
        }
    }

    /// What an experiment says about a claim.
    #[track_caller]
    pub fn claim(&self, claim: &str) -> Finding {
        let said = judged(&self.stdout).into_iter().find(|judged| judged.claim == claim);
        said.unwrap_or_else(|| panic!("nothing about {claim} in {self}"))
    }

    /// Checks that these claims, and no others, were judged so, in this order.
    ///
    /// Undecided stands for a verdict on times, which may be any on a busy machine.
    #[track_caller]
    pub fn assert_claims(&self, claims: &[(&str, Verdict)]) {
        let judged = judged(&self.stdout);
        let names: Vec<&str> = judged.iter().map(|judged| &*judged.claim).collect();
        let expected: Vec<&str> = claims.iter().map(|(claim, _)| *claim).collect();
        assert_eq!(names, expected, "{self}");
        for (judged, (_, verdict)) in judged.iter().zip(claims) {
            let is_any = *verdict == Verdict::Undecided;
            assert!(is_any || judged.verdict == *verdict, "not {verdict}: {judged:?} in {self}");
        }
    }

    /// What the referee counted.
    #[track_caller]
    pub fn site_counts(&self) -> SiteCounts {
        let line = self.line_with("the site saw ");
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |position: usize| -> usize {
            let digits = words.get(position).map(|word| word.replace(',', ""));
            let number = digits.and_then(|digits| digits.parse().ok());
            number.unwrap_or_else(|| panic!("not the referee's line: {line:?}"))
        };
        SiteCounts { connections: number(3), at_once: number(7), answered: number(11) }
    }

    /// What was downloaded, in the order of the lines: `10966 /jython`, `280 /dice`, with the name
    /// of the process before it if the program printed one.
    pub fn reads(&self) -> Vec<String> {
        let read = |line: &str| {
            let (process, read) = line.split_once("Read ")?;
            let (size, address) = read.split_once(" from http://")?;
            let path = address.find('/').map_or("", |start| &address[start..]);
            Some(format!("{process}{size} {path}"))
        };
        self.stdout.lines().filter_map(read).collect()
    }

    /// How many lines say that this page of this size was read.
    pub fn times_read(&self, page: &str) -> usize {
        self.reads().iter().filter(|read| read.rsplit(':').next() == Some(page)).count()
    }

    /// The number in the line `Downloaded N in S seconds`, with as many digits as in the article.
    #[track_caller]
    pub fn downloaded(&self) -> usize {
        let line = self.line_with("Downloaded ");
        let words: Vec<&str> = line.split(' ').collect();
        let ["Downloaded", number, "in", seconds, "seconds"] = words[..] else {
            panic!("not the article's line: {line:?}");
        };
        assert!(seconds.parse::<f64>().is_ok(), "no time: {line:?}");
        number.parse().expect("a number of pages")
    }
}

impl std::fmt::Display for ProcessOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { stdout, stderr, status } = self;
        write!(f, "a program that ended with {status}\n--- stdout:\n{stdout}--- stderr:\n{stderr}")
    }
}
