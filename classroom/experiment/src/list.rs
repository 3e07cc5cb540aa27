//! The texts and their claims, read from `claims.txt`, which says how it is written.

use std::sync::LazyLock;

use super::verdict::Verdict;

/// A text that makes claims.
#[derive(Debug)]
pub struct Text {
    /// Its number, such as `000`.
    pub number: &'static str,
    /// Its title, or what it is about.
    pub title: &'static str,
    /// Who has published it.
    pub publisher: &'static str,
    /// Its address, if it has one.
    pub link: Option<&'static str>,
    /// What it is called where a place in it is named.
    pub short: &'static str,
}

/// A sentence of a text that a reader could try.
#[derive(Debug)]
pub struct Claim {
    /// Its number, such as `C23`.
    pub number: &'static str,
    /// The claim in our words.
    pub sentence: &'static str,
    /// The numbers of the texts that say it; the section is of the first.
    pub texts: Vec<&'static str>,
    /// The heading under which the first text says it.
    pub section: &'static str,
    /// The experiment that tries it, if it is more than an idea.
    pub tried_by: Option<&'static str>,
    /// Why it is so, for the words of each verdict that we know the reason for.
    reasons: Vec<(&'static str, &'static str)>,
}

impl Claim {
    /// Why a verdict is so, if the reason is known.
    pub fn reason(&self, verdict: Verdict) -> Option<&'static str> {
        self.reason_of(verdict.words())
    }

    /// Why nothing can be measured, if it is an idea.
    pub fn idea(&self) -> Option<&'static str> {
        self.reason_of("IDEA")
    }

    fn reason_of(&self, words: &str) -> Option<&'static str> {
        self.reasons.iter().find(|(of, _)| *of == words).map(|(_, reason)| *reason)
    }
}

static LIST: LazyLock<(Vec<Text>, Vec<Claim>)> =
    LazyLock::new(|| read(include_str!("../claims.txt")));

/// All texts, in their order.
pub fn texts() -> &'static [Text] {
    &LIST.0
}

/// All claims, in the order of the texts.
pub fn claims() -> &'static [Claim] {
    &LIST.1
}

fn read(file: &'static str) -> (Vec<Text>, Vec<Claim>) {
    let (mut texts, mut claims) = (Vec::<Text>::new(), Vec::<Claim>::new());
    let mut section = "";
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, value)) = line.split_once(": ") else { continue };
        match (key.strip_prefix("  "), texts.last_mut(), claims.last_mut()) {
            (Some("also in"), _, Some(claim)) => claim.texts.extend(value.split(' ')),
            (Some("tried by"), _, Some(claim)) => claim.tried_by = Some(value),
            (Some(verdict), _, Some(claim)) => claim.reasons.push((verdict, value)),
            (None, Some(text), _) if key == "title" => text.title = value,
            (None, Some(text), _) if key == "publisher" => text.publisher = value,
            (None, Some(text), _) if key == "link" => text.link = Some(value),
            (None, Some(text), _) if key == "short" => text.short = value,
            (None, ..) if key == "section" => section = value,
            (None, ..) if key == "text" => {
                texts.push(Text { number: value, title: "", publisher: "", link: None, short: "" });
            }
            (None, Some(text), _) => claims.push(Claim {
                number: key,
                sentence: value,
                texts: vec![text.number],
                section,
                tried_by: None,
                reasons: Vec::new(),
            }),
            _ => {}
        }
    }
    (texts, claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_the_file_is_understood() {
        let words = Verdict::ALL.map(Verdict::words);
        for claim in claims() {
            assert!(claim.number.starts_with('C') && claim.number.len() == 3, "{claim:?}");
            assert!(claim.sentence.ends_with('.') && !claim.section.is_empty(), "{claim:?}");
            assert!(claim.tried_by.is_some() != claim.idea().is_some(), "{claim:?}");
            for (verdict, reason) in &claim.reasons {
                assert!(words.contains(verdict) || *verdict == "IDEA", "{claim:?}");
                assert!(reason.ends_with('.'), "{claim:?}");
            }
            for number in &claim.texts {
                assert!(texts().iter().any(|text| text.number == *number), "{claim:?}");
            }
        }
        for text in texts() {
            assert!(![text.title, text.publisher, text.short].contains(&""), "{text:?}");
        }
    }
}
