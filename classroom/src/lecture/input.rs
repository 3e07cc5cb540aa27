//! What somebody types in a lesson.

use super::votes::Votes;

/// What is typed, once it is understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Nothing but Enter.
    Enter,
    Back,
    Skip,
    Repeat,
    /// Neighbours have convinced each other: vote once more.
    Again,
    /// Take back the last change of a vote.
    Undo,
    /// Show again what the program has printed.
    Output,
    /// Show what changed since the program before.
    Diff,
    Help,
    /// Show what students ask; with a word, the answer to one question.
    Ask(String),
    /// Go to this step, counted from 1.
    Step(usize),
    /// Show how phones come in.
    Phones,
    /// Let the class steer the game.
    Steer,
    /// Begin a round of the race on the phones, counted from 1.
    Race(usize),
    Quit,
    Votes(Votes),
    Seconds(f64),
}

/// The words that there are, and what each of them does.
pub const WORDS: [(&str, &str); 12] = [
    ("Enter", "goes on: to the run, to the answer, to the next step"),
    ("a 12 b 3 c 7", "are hands, as `12 3 7`; `c 8` corrects one, `c +2` adds two"),
    ("undo", "takes the last change of the hands back, at the question"),
    ("again", "votes anew, after neighbours have talked; both votes are kept"),
    ("repeat", "runs the program once more"),
    ("output", "shows what the program has printed, from the answer"),
    ("back", "goes back: to the question, or to the step before"),
    ("skip", "leaves this step out"),
    ("step 3", "goes to step 3"),
    ("ask", "shows what students ask; `ask seqcst` answers and proves it"),
    ("diff", "shows what changed since the program before"),
    ("quit", "asks, and ends the lesson; it can go on later. So does Ctrl-C"),
];

/// The words that there are besides if phones vote.
pub const PHONE_WORDS: [(&str, &str); 3] = [
    ("phones", "shows how phones come in"),
    ("race 2", "a round on the phones: 1 plain, 2 Mutex, 3 fetch_add, 4 CAS"),
    ("steer", "lets the phones steer the game of this step, and begins it anew"),
];

/// What an answer may be.
pub enum Expected<'a> {
    Nothing,
    /// The hands for these choices, and those that were counted before.
    Hands(Vec<char>, Option<&'a Votes>),
    /// One of these letters.
    Letter(Vec<char>),
    Seconds,
}

impl Input {
    /// Reads what was typed.
    ///
    /// # Errors
    ///
    /// It is not understood: how to type it.
    pub fn read(line: &str, expected: &Expected) -> Result<Self, String> {
        let line = line.trim().to_lowercase();
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        Ok(match (word, rest.trim()) {
            ("", _) => Self::Enter,
            ("back" | "<", "") => Self::Back,
            ("skip" | ">", "") => Self::Skip,
            ("repeat" | "r", "") => Self::Repeat,
            ("again", "") => Self::Again,
            ("undo" | "u", "") => Self::Undo,
            ("output" | "o", "") => Self::Output,
            ("diff", "") => Self::Diff,
            ("help" | "?" | "h", "") => Self::Help,
            ("ask", word) => Self::Ask(word.into()),
            ("quit" | "q" | "exit", "") => Self::Quit,
            ("phones", "") => Self::Phones,
            ("steer", "") => Self::Steer,
            ("race", "") => Self::Race(1),
            ("race", round) => {
                let number = round.parse().ok().filter(|number| (1..=4).contains(number));
                Self::Race(number.ok_or_else(|| {
                    format!("Which round? There are race 1 to race 4, and no {round:?}")
                })?)
            }
            ("step", number) => {
                Self::Step(number.parse().map_err(|_| {
                    format!("Which step? Type its number, as step 3, not {number:?}")
                })?)
            }
            _ => return expected.read(&line),
        })
    }
}

impl Expected<'_> {
    fn read(&self, text: &str) -> Result<Input, String> {
        match self {
            Self::Nothing => text
                .parse()
                .map(Input::Step)
                .map_err(|_| "Not understood. Press Enter to go on; ? helps".into()),
            Self::Hands(letters, before) => {
                let votes = Votes::read(text, letters, *before);
                votes.map(Input::Votes).map_err(|how| format!("{how}; ? helps"))
            }
            Self::Letter(letters) => {
                let letter = text.parse().ok().filter(|letter| letters.contains(letter));
                letter.map(|letter| Input::Votes(Votes::one(letter))).ok_or_else(|| {
                    "Not understood. Type one letter, or Enter for none; ? helps".into()
                })
            }
            Self::Seconds => seconds(text).map(Input::Seconds),
        }
    }
}

/// `2.5`, `2,5` or `2.5 s`; at most a day.
fn seconds(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(['s', ' ']).replace(',', ".");
    let seconds = number.parse().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| {
        "Not understood. Type a number of seconds, such as 2.5, or Enter for none".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_is_a_number_of_seconds() {
        for text in ["2.5", "2,5", "2.5 s", "2.5s"] {
            assert_eq!(Input::read(text, &Expected::Seconds), Ok(Input::Seconds(2.5)));
        }
        for text in ["fast", "-1", "NaN", "inf", "1e9"] {
            assert!(Input::read(text, &Expected::Seconds).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_are_understood_everywhere() {
        let hands = Expected::Hands(vec!['a', 'b'], None);
        for (line, input) in [
            ("", Input::Enter),
            ("back", Input::Back),
            (">", Input::Skip),
            ("Q ", Input::Quit),
            ("?", Input::Help),
            ("ask SeqCst", Input::Ask("seqcst".into())),
            ("step 4", Input::Step(4)),
        ] {
            assert_eq!(Input::read(line, &hands), Ok(input.clone()));
            assert_eq!(Input::read(line, &Expected::Nothing), Ok(input));
        }
        assert_eq!(Input::read("3", &Expected::Nothing), Ok(Input::Step(3)));
        assert!(Input::read("b", &hands).is_err());
        let letter = Input::read("b", &Expected::Letter(vec!['a', 'b']));
        assert_eq!(letter, Ok(Input::Votes(Votes::one('b'))));
    }
}
