//! Text and numbers as SVG and HTML have them.

use std::fmt::{self, Display, Formatter, Write};
use std::time::Duration;

/// The colours, light and dark.
pub(super) const COLOURS: &str = include_str!("colours.css");

/// Text between two tags or quotation marks.
pub struct Escaped<'a>(pub &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // XML does not allow these, or advises against them.
                _ if character.is_control() => f.write_char(' ')?,
                '\u{fffe}' | '\u{ffff}' => f.write_char(char::REPLACEMENT_CHARACTER)?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// Microseconds, to the nanosecond, without zeros at the end.
pub(super) fn micros(time: Duration) -> String {
    let text = format!("{}.{:03}", time.as_micros(), time.subsec_nanos() % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').into()
}

/// A number with two digits behind the point, without zeros at the end.
pub(super) fn pixels(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The colour of this name, as red, green and blue, in the light theme or in the dark one.
    fn colour(name: &str, is_dark: bool) -> [u8; 3] {
        let theme = COLOURS.split("@media").nth(usize::from(is_dark)).expect("there are two");
        let value = theme.split_once(&format!("--{name}:#")).expect(name).1;
        [0, 2, 4].map(|at| u8::from_str_radix(&value[at..at + 2], 16).expect("hexadecimal"))
    }

    /// The relative luminance of a colour, as the Web Content Accessibility Guidelines define it.
    fn luminance(colour: [u8; 3]) -> f64 {
        let linear = colour.map(|part| match f64::from(part) / 255.0 {
            part @ ..=0.04045 => part / 12.92,
            part => ((part + 0.055) / 1.055).powf(2.4),
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    #[test]
    fn colours_are_seen_and_text_is_read_in_both_themes() {
        for is_dark in [false, true] {
            for (one, other, least) in [
                ("ink", "page", 4.5),
                ("faint", "page", 4.5),
                ("work", "page", 3.0),
                ("stripe", "page", 3.0),
                ("mark", "page", 3.0),
                ("stripe", "wait", 1.5),
                ("work", "wait", 3.0),
            ] {
                let [one_is, other_is] = [one, other].map(|name| luminance(colour(name, is_dark)));
                let (light, dark) = (one_is.max(other_is), one_is.min(other_is));
                let contrast = (light + 0.05) / (dark + 0.05);
                assert!(contrast >= least, "{one} on {other}: {contrast:.2}, dark: {is_dark}");
            }
        }
    }
}
