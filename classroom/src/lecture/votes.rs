//! The hands of a class.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use serde_derive::{Deserialize, Serialize};

/// How many hands there were for each choice.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Votes(BTreeMap<char, u32>);

impl Votes {
    /// Reads `a 12 b 3 c 7`, or `12 3 7` in the order of the choices; what stands between does not
    /// matter. A choice that is left out keeps the hands that it had before.
    ///
    /// # Errors
    ///
    /// It is nothing of that kind: how to type it.
    pub fn read(text: &str, letters: &[char], before: Option<&Self>) -> Result<Self, String> {
        let example = Self::example(letters.iter().copied());
        let how = || format!("Not understood. Hands are typed as {example}");
        let tokens = tokens(text).ok_or_else(how)?;
        if let [Token::Letter(letter)] = tokens[..] {
            let is_choice = letters.contains(&letter);
            let ask = || format!("How many hands for {letter}? Type them, as {letter} 12");
            return Err(if is_choice { ask() } else { how() });
        }
        let kept = |letter| before.and_then(|votes| votes.of(letter)).unwrap_or(0);
        let mut votes: BTreeMap<char, u32> =
            letters.iter().map(|letter| (*letter, kept(*letter))).collect();
        let all = |is: fn(&Token) -> bool| tokens.iter().all(is);
        if all(|token| matches!(token, Token::Number(_))) && tokens.len() == letters.len() {
            for (count, token) in votes.values_mut().zip(&tokens) {
                if let Token::Number(number) = token {
                    *count = *number;
                }
            }
            return Ok(Self(votes));
        }
        for pair in tokens.chunks(2) {
            let [Token::Letter(letter), hands] = pair else { return Err(how()) };
            let votes = votes.get_mut(letter).ok_or_else(how)?;
            *votes = match hands {
                Token::Number(number) => *number,
                Token::More(more) => votes.saturating_add(*more),
                Token::Letter(_) => return Err(how()),
            };
        }
        if tokens.is_empty() { Err(how()) } else { Ok(Self(votes)) }
    }

    /// How hands for these choices are typed: `a 12 b 3`.
    pub fn example(letters: impl IntoIterator<Item = char>) -> String {
        let hands = letters.into_iter().zip([12, 3, 7, 5]);
        hands.map(|(letter, count)| format!("{letter} {count}")).collect::<Vec<_>>().join(" ")
    }

    /// One hand, for this choice: what a learner says.
    pub fn one(letter: char) -> Self {
        Self(BTreeMap::from([(letter, 1)]))
    }

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

    /// Whether so many are right that neighbours can convince each other, and so many are wrong that
    /// it is worth it: 30 to 70 in a hundred.
    pub fn is_divided(&self, right: char) -> bool {
        let right = 100 * u64::from(self.of(right).unwrap_or(0));
        self.all() > 1 && (30 * self.all()..=70 * self.all()).contains(&right)
    }
}

impl From<BTreeMap<char, u32>> for Votes {
    fn from(counts: BTreeMap<char, u32>) -> Self {
        Self(counts)
    }
}

/// `a 12, b 3, c 7`.
impl Display for Votes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let votes = self.0.iter().map(|(letter, count)| format!("{letter} {count}"));
        f.write_str(&votes.collect::<Vec<_>>().join(", "))
    }
}

enum Token {
    Letter(char),
    Number(u32),
    /// `+2`: so many more.
    More(u32),
}

/// Letters and numbers, without what people put between them; nothing if there is a word in it.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let text = text.replace("+ ", "+");
    let words = text.split([' ', ',', ';', ':', '=', '\t']);
    let mut tokens = Vec::new();
    for word in words.filter(|word| !word.is_empty() && *word != "and") {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let is_more = first == '+';
            rest = rest.strip_prefix('+').unwrap_or(rest);
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if digits > 0 {
                let number = rest[..digits].parse().ok()?;
                tokens.push(if is_more { Token::More(number) } else { Token::Number(number) });
                rest = &rest[digits..];
                continue;
            }
            rest = rest.strip_prefix(first)?;
            if !first.is_alphabetic() || rest.starts_with(char::is_alphabetic) {
                return None;
            }
            tokens.push(Token::Letter(first));
        }
    }
    Some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTERS: [char; 3] = ['a', 'b', 'c'];

    #[test]
    fn hands_are_read_as_people_type_them() {
        let read = |text, before| Votes::read(text, &LETTERS, before).expect(text);
        for text in [
            "a 12 b 3 c 7",
            "a12 b3 c7",
            "c 7, a: 12, b = 3",
            "a12b3c7",
            "12 3 7",
            "12, 3, 7",
            "a 12, b 3 and c 7",
            "12 3 and 7",
        ] {
            let votes = read(text, None);
            assert_eq!(votes.to_string(), "a 12, b 3, c 7", "{text:?}");
            assert_eq!((votes.all(), votes.most(), votes.of('b')), (22, 12, Some(3)));
        }
        let one = read("b 3", None);
        assert_eq!(one.to_string(), "a 0, b 3, c 0");
        assert_eq!(read("c 8", Some(&one)).to_string(), "a 0, b 3, c 8");
        assert_eq!(read("c +2, b +1", Some(&one)).to_string(), "a 0, b 4, c 2");
    }

    #[test]
    fn what_is_no_vote_is_refused_with_an_example() {
        for text in [
            "x 3",
            "a b",
            "12",
            "1 2 3 4",
            "a 1 d 2",
            "a -1",
            "a 99999999999",
            "ü 1",
            "ab",
            "3 a",
            "n",
            "+",
            "a +",
            "+2",
        ] {
            let refused = Votes::read(text, &LETTERS, None).expect_err(text);
            assert!(refused.contains("a 12 b 3 c 7"), "{refused}");
        }
        let alone = Votes::read("b", &LETTERS, None).expect_err("a lone letter is no vote");
        assert_eq!(alone, "How many hands for b? Type them, as b 12");
    }

    #[test]
    fn a_class_is_divided_if_neither_nearly_all_nor_hardly_any_are_right() {
        let votes = |text| Votes::read(text, &LETTERS, None).expect(text);
        assert!(votes("3 0 7").is_divided('a') && votes("3 0 7").is_divided('c'));
        assert!(!votes("2 0 8").is_divided('a') && !votes("2 0 8").is_divided('c'));
        assert!(!votes("0 0 0").is_divided('a'));
    }
}
