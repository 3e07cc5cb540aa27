//! Numbers, nouns and the words of others, as people read them.

use std::fmt::Display;
use std::time::Duration;

/// `1 thread`, `5 threads`.
pub fn plural(count: impl Into<u128>, noun: &str) -> String {
    let count = count.into();
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        _ if noun.ends_with("process") => format!("{} {noun}es", thousands(count)),
        _ => format!("{} {noun}s", thousands(count)),
    }
}

/// A text that begins with a capital letter.
pub fn capitalised(text: impl Display) -> String {
    let text = text.to_string();
    let mut letters = text.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_uppercase().to_string() + letters.as_str())
}

/// A number as people read it: `160`, `5,000`, `10,000,000`.
pub fn thousands(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A time as people read it, with three digits: `91.4 ms`, `2.95 s`.
pub fn readable(time: Duration) -> String {
    if time < Duration::from_micros(1) {
        return format!("{} ns", time.as_nanos());
    }
    let micros = time.as_secs_f64() * 1e6;
    // What would be rounded to 1,000 of a unit is 1 of the next one.
    let (number, unit) = match micros {
        ..999.5 => (micros, "µs"),
        ..999_500.0 => (micros / 1e3, "ms"),
        _ => (micros / 1e6, "s"),
    };
    match number {
        ..9.995 => format!("{number:.2} {unit}"),
        ..99.95 => format!("{number:.1} {unit}"),
        _ => format!("{number:.0} {unit}"),
    }
}

/// The columns of a line of text, on a terminal of 80.
pub const COLUMNS: usize = 79;

/// A text in lines of at most so many columns, broken between words. The first line begins with
/// `first` and each of the others with `rest`.
pub fn fill(text: &str, columns: usize, first: &str, rest: &str) -> String {
    let length = |text: &str| text.chars().count();
    let mut lines = first.to_string();
    let (mut used, mut is_empty) = (length(first), true);
    for word in text.split_whitespace() {
        if !is_empty && used + 1 + length(word) > columns {
            lines.extend(["\n", rest]);
            (used, is_empty) = (length(rest), true);
        }
        let space = if is_empty { "" } else { " " };
        lines.extend([space, word]);
        used += length(space) + length(word);
        is_empty = false;
    }
    lines
}

/// What fits into a message of a line or two: a longer text loses its end.
pub fn short(text: &str) -> String {
    match text.char_indices().nth(COLUMNS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// A text without the name and the password of its addresses: `http://***@host/`.
fn without_credentials(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        shown.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "/?#".contains(c));
        let authority = &after[..end.unwrap_or(after.len())];
        rest = match authority.rfind('@') {
            Some(at) => {
                shown.push_str("***");
                &after[at..]
            }
            None => after,
        };
    }
    shown + rest
}

/// Text with addresses in it, as it may be shown: without credentials, and [`printable`].
pub fn presentable(text: &str) -> String {
    printable(&without_credentials(text))
}

/// Text that somebody else has written, so that it can be printed.
///
/// Control characters move the cursor, colour the terminal or ring its bell. The controls of the
/// direction of writing let text look like other text, and so do characters that cannot be seen;
/// but those two that join and part the letters of some scripts stay. Each of them becomes
/// `\u{fffd}`.
pub fn printable(text: &str) -> String {
    let is_command = |character: char| {
        let turns = matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        let is_hidden = matches!(
            character,
            '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}'
                | '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
        );
        turns || is_hidden || character.is_control()
    };
    let shown = |c| if is_command(c) { char::REPLACEMENT_CHARACTER } else { c };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        for (text, shown) in [
            ("http://name:secret@host:80/a@b?c=d@e", "http://***@host:80/a@b?c=d@e"),
            (
                "Read 5 from http://a@b:c@host/ and ftp://x",
                "Read 5 from http://***@host/ and ftp://x",
            ),
            ("http://host/~me@home", "http://host/~me@home"),
            ("no address", "no address"),
        ] {
            assert_eq!(without_credentials(text), shown);
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        for text in ["thread 1", "http://127.0.0.1/ä?b=日本", "e\u{301}", ""] {
            assert_eq!(printable(text), text);
        }
        let hidden = "\u{ad}\u{200b}\u{2028}\u{2060}\u{feff}\u{fffe}\u{e0041}";
        assert_eq!(printable(hidden), "\u{fffd}".repeat(hidden.chars().count()));
        assert_eq!(printable("می\u{200c}خواهم"), "می\u{200c}خواهم");
        let commands = "\u{1b}\u{7}\n\r\t\0\u{7f}\u{80}\u{9b}\u{9f}\u{61c}\u{200f}\u{202e}\u{2066}";
        assert_eq!(printable(commands), "\u{fffd}".repeat(commands.chars().count()));
        assert_eq!(printable("\u{1b}[31mred"), "\u{fffd}[31mred");
    }

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let numbers = [0_u32, 7, 160, 1_000, 12_345, 999_999, 1_000_000];
        let grouped = numbers.map(thousands);
        assert_eq!(grouped, ["0", "7", "160", "1,000", "12,345", "999,999", "1,000,000"]);
    }

    #[test]
    fn a_text_is_wrapped_between_words() {
        let text = ["word"; 40].join(" ");
        let lines = fill(&text, COLUMNS, "", "  ");
        assert!(lines.lines().all(|line| line.len() <= 79), "{lines}");
        assert_eq!(lines.lines().count(), 3);
        assert_eq!(lines.split_whitespace().count(), 40);
        assert_eq!(fill("a bc  def", 6, "- ", "  "), "- a bc\n  def");
        assert_eq!(fill("longer", 4, "", "  "), "longer");
        assert_eq!(fill("", 4, "", "  "), "");
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(plural(1_u32, "process"), "1 process");
        assert_eq!(plural(2_u32, "process"), "2 processes");
        assert_eq!(plural(5_000_u32, "thread"), "5,000 threads");
    }

    #[test]
    fn times_have_three_digits() {
        for (nanoseconds, read) in [
            (0, "0 ns"),
            (999, "999 ns"),
            (1_500, "1.50 µs"),
            (91_430_000, "91.4 ms"),
            (9_999_000, "10.0 ms"),
            (999_600_000, "1.00 s"),
            (2_946_000_000, "2.95 s"),
            (14_673_000_000, "14.7 s"),
        ] {
            assert_eq!(readable(Duration::from_nanos(nanoseconds)), read);
        }
    }
}
