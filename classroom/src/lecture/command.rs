//! Commands that run a program of the workspace, as people type them.

use std::fmt::{self, Display, Formatter};

use serde_derive::Deserialize;

use crate::cargo::Program;

/// How each of them begins.
const BEGIN: &str = "cargo run -p ";

/// A command that runs a program of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Command {
    text: String,
    package: String,
    /// The name of an example, or else of a program that is not called like its package.
    example: Option<String>,
    bin: Option<String>,
    pub arguments: Vec<String>,
}

impl TryFrom<String> for Command {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no command such as `{BEGIN}race_condition --example by_chance -- \
                 --article`"
            )
        };
        let rest = text.trim().strip_prefix(BEGIN).ok_or_else(wrong)?;
        let mut words = rest.split_whitespace().map(String::from);
        let package = words.next().ok_or_else(wrong)?;
        let (mut example, mut bin, mut arguments) = (None, None, Vec::new());
        while let Some(word) = words.next() {
            match &*word {
                "--example" => example = Some(words.next().ok_or_else(wrong)?),
                "--bin" => bin = Some(words.next().ok_or_else(wrong)?),
                "--" => arguments = words.by_ref().collect(),
                _ => return Err(wrong()),
            }
        }
        Ok(Self { text: text.trim().into(), package, example, bin, arguments })
    }
}

/// As one types it.
impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Command {
    /// The program that it runs.
    pub fn program(&self) -> Program<'_> {
        match (&self.example, &self.bin) {
            (Some(example), _) => Program::example(&self.package, example),
            (None, Some(bin)) => Program::bin(&self.package, bin),
            (None, None) => Program::of(&self.package),
        }
    }

    /// This command, which replays a game, with what was played in its place if that was the same level.
    pub fn replaying(&self, played: Option<&str>) -> Self {
        let level = |replay: &str| replay.split(':').next().map(String::from);
        let mut command = self.clone();
        match (command.arguments.last_mut(), played) {
            (Some(last), Some(played)) if level(last) == level(played) => *last = played.into(),
            _ => {}
        }
        command
    }

    /// The commands in the text of a page.
    pub fn all_in(page: &str) -> impl Iterator<Item = Self> {
        page.match_indices(BEGIN).filter_map(|(at, _)| {
            let line = page[at..].split(['\n', '`', '"', '#', '>', ';', '|', '&']).next()?;
            Self::try_from(line.to_string()).ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_as_it_is_typed() {
        let read = |text: &str| Command::try_from(text.to_string());
        let typed = "cargo run -p race_condition --example by_chance -- --article";
        let command = read(typed).expect(typed);
        assert_eq!(command.program(), Program::example("race_condition", "by_chance"));
        assert_eq!(command.arguments, ["--article"]);
        let own = read("cargo run -p scheduler").expect("a program like its package");
        assert_eq!(own.program(), Program::of("scheduler"));
        for wrong in
            ["cargo build -p x", "cargo run -p ", "cargo run -p x --example", "cargo run -p x y"]
        {
            assert!(read(wrong).expect_err(wrong).contains("no command such as"), "{wrong}");
        }
        let page =
            "Try `cargo run -p io_mp -- -q`.\n$ cargo run -p io_mp # too\ncargo run -p NAME\n";
        let found: Vec<String> = Command::all_in(page).map(|it| it.to_string()).collect();
        assert_eq!(found, ["cargo run -p io_mp -- -q", "cargo run -p io_mp", "cargo run -p NAME"]);
    }
}
