//! Asks the compiler about programs that belong to no crate, because it refuses them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::process_output::ProcessOutput;
use super::programs::{Running, command};

/// The compiler whose messages are kept beside the programs. Another version may use other words,
/// so of its messages only the name of the error is compared.
const WORDING: &str = "rustc 1.95.0 ";

/// A folder of programs, with the compiler's message on each (`.stderr`) and a page about them.
pub struct Refused {
    /// The folder of the programs.
    pub folder: &'static str,
    /// The folder for what the compiler makes of them.
    pub results: &'static str,
}

impl Refused {
    /// Runs the compiler in the folder of the programs: a message has the path that it was given.
    #[must_use]
    pub fn rustc(&self, arguments: &[&str]) -> ProcessOutput {
        let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
        Running::start(command(&rustc, arguments).current_dir(self.folder)).end()
    }

    /// Compiles a program to a file of its own; returns what the compiler says, and the file.
    #[must_use]
    pub fn compile(&self, program: &str, flags: &[&str], ending: &str) -> (ProcessOutput, PathBuf) {
        let result = Path::new(self.results).join(program).with_extension(ending);
        let output = result.to_str().expect("the path of the target folder is text");
        let source = format!("{program}.rs");
        (self.rustc(&[&["--edition=2024", &source, "-o", output], flags].concat()), result)
    }

    /// Checks that the compiler refuses a program, why, and in which words.
    #[track_caller]
    pub fn check(&self, program: &str, flags: &[&str], error: &str) {
        let flags = [flags, &["--emit=metadata"]].concat();
        let (ended, _) = self.compile(program, &flags, "rmeta");
        let ended = ended.with_status(1);
        ended.assert_error(error);
        if self.rustc(&["--version"]).stdout.starts_with(WORDING) {
            let kept = self.file(&format!("{program}.stderr"));
            assert_eq!(essence(&ended.stderr, program), essence(&kept, program), "{ended}");
        }
    }

    /// Checks that the page quotes the message on each of the programs, and quotes it rightly.
    #[track_caller]
    pub fn check_page(&self, programs: &[&str]) {
        let page = self.file("README.md");
        for program in programs {
            let kept = self.file(&format!("{program}.stderr"));
            let place = format!("> {program}.rs:");
            let quote = page
                .split("```")
                .find(|block| block.starts_with("text") && block.contains(&place))
                .unwrap_or_else(|| panic!("the page has no message on {program}"));
            for line in quote.lines().skip(1).filter(|line| !line.is_empty() && *line != "...") {
                assert!(kept.lines().any(|kept| kept == line), "not in {program}.stderr: {line}");
            }
        }
    }

    fn file(&self, name: &str) -> String {
        let path = Path::new(self.folder).join(name);
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

/// A message without the notes on places in the standard library, and without the width of the
/// margin: both depend on whether the library's source is installed.
fn essence(message: &str, program: &str) -> Vec<String> {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    for line in message.lines().filter(|line| !line.trim().is_empty()) {
        if parts.is_empty() || line.starts_with(|first: char| first.is_ascii_lowercase()) {
            parts.push(Vec::new());
        }
        parts.last_mut().expect("the first line begins a part").push(line);
    }
    parts.retain(|part| {
        let place = part.iter().find_map(|line| line.trim_start().strip_prefix("--> "));
        place.is_none_or(|place| place.starts_with(&format!("{program}.rs:")))
    });
    parts.concat().into_iter().map(without_margin).collect()
}

fn without_margin(line: &str) -> String {
    match line.split_once('|') {
        Some((margin, rest)) if margin.trim().parse::<u32>().is_ok() => {
            format!("{} |{rest}", margin.trim())
        }
        _ => line.trim().into(),
    }
}
