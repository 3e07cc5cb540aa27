//! What a phone shows. Its page draws this, and knows nothing of votes and races.

use serde_derive::Serialize;

/// What a phone shows, from above.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct View {
    /// The number of the phone.
    pub phone: u8,
    /// The number of the scene, which comes back with what is pressed.
    pub at: u64,
    /// After how many milliseconds to ask again.
    pub pause: u32,
    /// The heading.
    pub title: String,
    /// A sentence below it.
    pub text: String,
    /// What can be pressed.
    pub buttons: Vec<Button>,
    /// What came of it, below the buttons. It is read aloud, too.
    pub said: String,
    /// The level, counted from 0, that the phone plays itself above all this.
    pub level: Option<usize>,
    /// The numbers that the threads of a level share.
    pub number: String,
    /// The code of a level.
    pub code: String,
    /// Whether the goal of a level is reached.
    pub is_goal: bool,
    /// How many levels the phone may load to go on without the laptop.
    pub levels: usize,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Button {
    /// What stands on it.
    pub text: String,
    /// What is sent if it is pressed; nothing if it is grey.
    pub press: Option<String>,
    /// Whether it is what the phone has chosen.
    pub is_chosen: bool,
}

impl View {
    pub(crate) fn new(title: impl Into<String>, said: impl Into<String>) -> Self {
        Self { title: title.into(), said: said.into(), ..Self::default() }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts and numbers become JSON")
    }
}

impl Button {
    pub(crate) fn new(text: impl Into<String>, press: Option<String>, is_chosen: bool) -> Self {
        Self { text: text.into(), press, is_chosen }
    }
}
