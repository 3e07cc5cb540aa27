//! What a class or a learner says before a program runs.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use super::plan::Step;

/// What was predicted, if anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Prediction {
    #[default]
    None,
    Votes(Votes),
    Seconds(f64),
}

impl Prediction {
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
pub struct Votes(BTreeMap<char, u32>);

impl Votes {
    /// The hands for a choice.
    pub fn of(&self, letter: char) -> Option<u32> {
        self.0.get(&letter).copied()
    }

    /// The first choice that there is a hand for.
    pub fn first(&self) -> Option<char> {
        self.0.iter().find(|(_, count)| **count > 0).map(|(letter, _)| *letter)
    }

    /// All hands.
    pub fn all(&self) -> u64 {
        self.0.values().map(|count| u64::from(*count)).sum()
    }

    /// The hands for the choice that most are for.
    pub fn most(&self) -> u32 {
        self.0.values().copied().max().unwrap_or(0)
    }
}

/// `a 12, b 3, c 7`.
impl Display for Votes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let votes = self.0.iter().map(|(letter, count)| format!("{letter} {count}"));
        f.write_str(&votes.collect::<Vec<_>>().join(", "))
    }
}

/// What somebody types when a question or a result is on the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Nothing but Enter.
    Enter,
    Back,
    Skip,
    Repeat,
    /// Show the two files of this step beside each other.
    Diff,
    Quit,
    Prediction(Prediction),
}

/// What is asked for.
pub struct Question<'a> {
    pub step: &'a Step,
    /// What was predicted before, which may be changed.
    pub before: &'a Prediction,
    /// Whether a class votes; else one learner answers.
    pub is_vote: bool,
}

impl Input {
    /// Reads what was typed, where an answer may be asked for; the error says how to type it.
    pub fn read(line: &str, question: Option<&Question>) -> Result<Self, String> {
        match line.trim().to_lowercase().as_str() {
            "" => Ok(Self::Enter),
            "back" | "<" => Ok(Self::Back),
            "skip" | ">" | "s" => Ok(Self::Skip),
            "repeat" | "r" => Ok(Self::Repeat),
            "diff" => Ok(Self::Diff),
            "quit" | "q" | "exit" => Ok(Self::Quit),
            text => {
                let how = "not understood; press Enter, or type one of the words above";
                Ok(Self::Prediction(question.ok_or(how)?.read(text)?))
            }
        }
    }
}

impl Question<'_> {
    fn read(&self, text: &str) -> Result<Prediction, String> {
        if self.step.choices.is_empty() {
            return Ok(Prediction::Seconds(seconds(text)?));
        }
        let letters: Vec<char> = self.step.choices.keys().copied().collect();
        if !self.is_vote && !letters.iter().any(|letter| text == letter.to_string()) {
            return Err("not understood; type one letter, or Enter for none".into());
        }
        Ok(Prediction::Votes(votes(text, &letters, self.before.votes())?))
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
    let mut votes: BTreeMap<char, u32> =
        letters.iter().map(|letter| (*letter, before(*letter).unwrap_or(0))).collect();
    while !rest.is_empty() {
        let letter = rest.chars().next().unwrap_or_default();
        let after = rest[letter.len_utf8()..].trim_start_matches([' ', ':', '=']);
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let count = if is_one { 1 } else { after[..end].parse().map_err(|_| how())? };
        *votes.get_mut(&letter).ok_or_else(how)? = count;
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

    const LETTERS: [char; 3] = ['a', 'b', 'c'];

    #[test]
    fn hands_are_read_as_people_type_them() {
        let read = |text, before| votes(text, &LETTERS, before).expect(text);
        for text in ["a 12 b 3 c 7", "a12 b3 c7", "c 7, a: 12, b = 3", " a 12 b 3 c 7 ", "a12b3c7"]
        {
            let votes = read(text, None);
            assert_eq!(votes.to_string(), "a 12, b 3, c 7", "{text:?}");
            assert_eq!((votes.all(), votes.most(), votes.of('b')), (22, 12, Some(3)));
        }
        let one = read("b 3", None);
        assert_eq!(one.to_string(), "a 0, b 3, c 0");
        assert_eq!(read("c 8", Some(&one)).to_string(), "a 0, b 3, c 8");
        let hand = read("c", Some(&one));
        assert_eq!((hand.to_string().as_str(), hand.first()), ("a 0, b 0, c 1", Some('c')));
    }

    #[test]
    fn what_is_no_vote_is_refused_with_an_example() {
        for text in ["x 3", "x", "a b", "12", "a 1 d 2", "a -1", "a 99999999999", "ü 1"] {
            let refused = votes(text, &LETTERS, None).expect_err(text);
            assert!(refused.contains("a 12 b 3 c 7"), "{refused}");
        }
    }

    #[test]
    fn a_prediction_is_a_number_of_seconds() {
        for text in ["2.5", "2,5", "2.5 s", "2.5s"] {
            assert_eq!(seconds(text), Ok(2.5));
        }
        for text in ["fast", "-1", "NaN", "inf", "1e9"] {
            assert!(seconds(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_go_through_the_plan() {
        for (word, input) in
            [("", Input::Enter), ("back", Input::Back), (">", Input::Skip), ("Q ", Input::Quit)]
        {
            assert_eq!(Input::read(word, None), Ok(input));
        }
        assert!(Input::read("3", None).is_err());
    }
}
