//! What a class or a learner says before a program runs.

use std::fmt::{self, Display, Formatter};

use super::plan::Answer;

/// What was said, if anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Given {
    #[default]
    None,
    Votes(Votes),
    /// A prediction, in seconds.
    Seconds(f64),
}

impl Given {
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    pub fn votes(&self) -> Option<&Votes> {
        if let Self::Votes(votes) = self { Some(votes) } else { None }
    }

    pub fn seconds(&self) -> Option<f64> {
        if let Self::Seconds(seconds) = self { Some(*seconds) } else { None }
    }
}

/// How many hands there were for each choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Votes(Vec<(char, u32)>);

impl Votes {
    /// The hands for a choice.
    pub fn of(&self, letter: char) -> Option<u32> {
        self.0.iter().find(|(other, _)| *other == letter).map(|(_, count)| *count)
    }

    /// The first choice that there is a hand for.
    pub fn first(&self) -> Option<char> {
        self.0.iter().find(|(_, count)| *count > 0).map(|(letter, _)| *letter)
    }

    /// All hands.
    pub fn all(&self) -> u64 {
        self.0.iter().map(|(_, count)| u64::from(*count)).sum()
    }

    /// The hands for the choice that most are for.
    pub fn most(&self) -> u32 {
        self.0.iter().map(|(_, count)| *count).max().unwrap_or(0)
    }
}

/// `a 12, b 3, c 7`.
impl Display for Votes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (position, (letter, count)) in self.0.iter().enumerate() {
            let comma = if position > 0 { ", " } else { "" };
            write!(f, "{comma}{letter} {count}")?;
        }
        Ok(())
    }
}

/// What somebody types when a question or a result is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Typed {
    /// Nothing but Enter.
    Enter,
    Back,
    Skip,
    Repeat,
    /// Show the two files of this step beside each other.
    Diff,
    Quit,
    Answer(Given),
}

/// What may be answered.
pub struct Asked<'a> {
    pub answer: &'a Answer,
    /// What was answered before, which may be changed.
    pub before: &'a Given,
    /// Whether a class votes; else one learner answers.
    pub is_vote: bool,
}

/// Reads what was typed, where an answer may be asked for; the error says how to type it.
pub fn read(line: &str, asked: Option<&Asked>) -> Result<Typed, String> {
    match line.trim().to_lowercase().as_str() {
        "" => Ok(Typed::Enter),
        "back" | "<" => Ok(Typed::Back),
        "skip" | ">" | "s" => Ok(Typed::Skip),
        "repeat" | "r" => Ok(Typed::Repeat),
        "diff" => Ok(Typed::Diff),
        "quit" | "q" | "exit" => Ok(Typed::Quit),
        text => {
            let how = "not understood; press Enter, or type one of the words above";
            Ok(Typed::Answer(asked.ok_or(how)?.read(text)?))
        }
    }
}

impl Asked<'_> {
    fn read(&self, text: &str) -> Result<Given, String> {
        let choices = match self.answer {
            Answer::Seconds => return Ok(Given::Seconds(seconds(text)?)),
            Answer::Choice(choices, _) => choices,
        };
        let letters: Vec<char> = choices.iter().map(|(letter, _)| *letter).collect();
        if !self.is_vote && !letters.iter().any(|letter| text == letter.to_string()) {
            return Err("not understood; type one letter, or Enter for none".into());
        }
        Ok(Given::Votes(votes(text, &letters, self.before.votes())?))
    }
}

/// `a 12 b 3 c 7`; a choice that is left out keeps its hands. A letter alone is one hand, and all.
fn votes(text: &str, letters: &[char], before: Option<&Votes>) -> Result<Votes, String> {
    let how = || {
        let example: Vec<String> =
            letters.iter().zip([12, 3, 7, 5]).map(|(letter, n)| format!("{letter} {n}")).collect();
        format!("not understood; hands are typed as {}", example.join(" "))
    };
    let mut rest = text.trim();
    let is_one = rest.chars().count() == 1;
    let before = |letter| before.filter(|_| !is_one).and_then(|votes| votes.of(letter));
    let mut votes: Vec<(char, u32)> =
        letters.iter().map(|letter| (*letter, before(*letter).unwrap_or(0))).collect();
    while !rest.is_empty() {
        let letter = rest.chars().next().unwrap_or_default();
        let after = rest[letter.len_utf8()..].trim_start_matches([' ', ':', '=']);
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let count = if is_one { 1 } else { after[..end].parse().map_err(|_| how())? };
        votes.iter_mut().find(|(other, _)| *other == letter).ok_or_else(how)?.1 = count;
        rest = after[end..].trim_start_matches([' ', ',', ';']);
    }
    Ok(Votes(votes))
}

/// `2.5`, `2,5` or `2.5 s`; at most a day.
fn seconds(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches(['s', ' ']).replace(',', ".");
    let seconds = number.parse().ok().filter(|seconds| (0.0..=86_400.0).contains(seconds));
    seconds.ok_or_else(|| {
        "not understood; type a number of seconds, such as 2.5, or Enter for none".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice() -> Answer {
        Answer::Choice("abc".chars().map(|letter| (letter, String::new())).collect(), 'b')
    }

    fn vote<'a>(answer: &'a Answer, before: &'a Given) -> Asked<'a> {
        Asked { answer, before, is_vote: true }
    }

    #[test]
    fn one_learner_types_one_letter() {
        let asked = Asked { answer: &choice(), before: &Given::None, is_vote: false };
        let Ok(Typed::Answer(given)) = read("b", Some(&asked)) else { panic!("it is a letter") };
        assert_eq!(given.votes().and_then(Votes::first), Some('b'));
        for text in ["a 1 b 2", "bc", "about half", "x"] {
            let refused = read(text, Some(&asked)).expect_err(text);
            assert!(refused.contains("one letter"), "{refused}");
        }
    }

    #[test]
    fn hands_are_read_as_people_type_them() {
        for text in ["a 12 b 3 c 7", "a12 b3 c7", "c 7, a: 12, b = 3", " A 12 B 3 C 7 ", "a12b3c7"]
        {
            let Ok(Typed::Answer(given)) = read(text, Some(&vote(&choice(), &Given::None))) else {
                panic!("{text:?}")
            };
            let votes = given.votes().expect("these are votes");
            assert_eq!(votes.to_string(), "a 12, b 3, c 7", "{text:?}");
            assert_eq!((votes.all(), votes.most(), votes.of('b')), (22, 12, Some(3)));
        }
        let Ok(Typed::Answer(given)) = read("b 3", Some(&vote(&choice(), &Given::None))) else {
            panic!("one choice is enough")
        };
        assert_eq!(given.votes().map(Votes::to_string).as_deref(), Some("a 0, b 3, c 0"));
        let Ok(Typed::Answer(given)) = read("c 8", Some(&vote(&choice(), &given))) else {
            panic!("one choice is changed")
        };
        assert_eq!(given.votes().map(Votes::to_string).as_deref(), Some("a 0, b 3, c 8"));
        let Ok(Typed::Answer(given)) = read("c", Some(&vote(&choice(), &given))) else {
            panic!("it is one hand")
        };
        assert_eq!(given.votes().map(Votes::to_string).as_deref(), Some("a 0, b 0, c 1"));
        assert_eq!(given.votes().and_then(Votes::first), Some('c'));
    }

    #[test]
    fn what_is_no_vote_is_refused_with_an_example() {
        for text in ["x 3", "x", "a b", "12", "a 1 d 2", "a -1", "a 99999999999", "ü 1"] {
            let refused = read(text, Some(&vote(&choice(), &Given::None))).expect_err(text);
            assert!(refused.contains("a 12 b 3 c 7"), "{refused}");
        }
    }

    #[test]
    fn a_prediction_is_a_number_of_seconds() {
        for text in ["2.5", "2,5", "2.5 s", "2.5s"] {
            assert_eq!(
                read(text, Some(&vote(&Answer::Seconds, &Given::None))),
                Ok(Typed::Answer(Given::Seconds(2.5)))
            );
        }
        for text in ["fast", "-1", "NaN", "inf", "1e9"] {
            assert!(read(text, Some(&vote(&Answer::Seconds, &Given::None))).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_go_through_the_plan() {
        let words =
            [("", Typed::Enter), ("back", Typed::Back), (">", Typed::Skip), ("q", Typed::Quit)];
        for (word, typed) in words {
            for answer in [choice(), Answer::Seconds] {
                assert_eq!(read(word, Some(&vote(&answer, &Given::None))), Ok(typed.clone()));
            }
            assert_eq!(read(word, None), Ok(typed));
        }
    }
}
