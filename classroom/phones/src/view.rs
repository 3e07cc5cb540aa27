//! What a phone is told: all that its page has to know, and nothing of the other phones.

use std::collections::BTreeMap;

use serde_derive::Serialize;

use crate::class::Phone;

/// The answer to each request of a phone.
#[derive(Serialize)]
pub struct View<'a> {
    /// The number of the scene.
    pub(crate) at: u64,
    pub(crate) phone: Phone,
    /// When to ask again, in milliseconds.
    pub(crate) wait: u64,
    pub(crate) scene: SceneView<'a>,
}

/// What is on the screen of a phone.
#[derive(Serialize)]
#[serde(tag = "is", rename_all = "lowercase")]
pub(crate) enum SceneView<'a> {
    Front,
    Vote {
        question: &'a str,
        choices: &'a BTreeMap<char, String>,
        is_open: bool,
        is_second: bool,
        own: Option<char>,
        right: Option<char>,
    },
    Race {
        /// Whether READ and WRITE are one button.
        is_one_button: bool,
        is_open: bool,
        /// How often the phone has incremented the counter, and how often it may.
        done: u32,
        times: u32,
        /// What it has read and not written yet.
        read: Option<u64>,
        /// The phone that must write before others can read.
        holder: Option<Phone>,
        /// What came of its last write, or of its one button.
        said: &'a str,
    },
    Alone {
        level: usize,
        is_open: bool,
        has_found: bool,
        has_claimed: bool,
    },
    Steer {
        level: usize,
        is_open: bool,
        /// The steps taken so far.
        order: String,
        own: Option<usize>,
        has_claimed: bool,
    },
    End {
        levels: usize,
    },
}
