//! What the marks of a picture mean, in the words that the terminal, the drawing and the page share.

use super::run::Timeline;

/// The words for the marks of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Legend {
    /// Where an item begins: `a download begins`.
    pub begins: String,
    /// A lane at work, and what its work is: `works: asks and reads`.
    pub works: String,
    /// A lane that works part of the time.
    pub partly: String,
    /// A lane that waits, and what for: `waits for an answer`.
    pub waits: String,
    /// An item that fails: `fails`.
    pub fails: String,
}

impl Legend {
    /// The words for a run.
    #[must_use]
    pub fn of(timeline: &Timeline) -> Self {
        let noun = timeline.item_noun();
        let waits = format!("waits for {}", timeline.waits_for());
        let works = match noun {
            "download" => "works: asks and reads",
            "sum" => "works: adds up",
            "turn" => "works: increments",
            _ => "works",
        };
        let begins = if noun == "turn" { "thread" } else { noun };
        let article = if begins.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        Self {
            begins: format!("{article} {begins} begins"),
            works: works.into(),
            partly: "works part of the time".into(),
            waits,
            fails: "fails".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::run::tests::downloads;
    use super::*;

    #[test]
    fn the_words_name_the_work_and_what_is_waited_for() {
        let mut run = downloads(1, 1);
        let words = Legend::of(&run);
        assert_eq!(words.begins, "a download begins");
        assert_eq!(words.works, "works: asks and reads");
        assert_eq!(words.waits, "waits for an answer");
        run.lanes[0].items[0].label = "5000000".into();
        let words = Legend::of(&run);
        assert_eq!(words.begins, "a sum begins");
        assert_eq!(words.waits, "waits for a core");
        assert_eq!(Legend::of(&Timeline::default()).begins, "an item begins");
    }
}
