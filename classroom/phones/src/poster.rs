//! The screen that brings the phones in: a QR code, and the address in large letters.

use std::fmt::Write;

use basics::words::{COLUMNS, fill};
use qrcodegen::{QrCode, QrCodeEcc};

/// The empty squares around a code, which a camera needs.
const EDGE: i32 = 2;

/// Black on white whatever the colours of the terminal are: some cameras read nothing else.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const AS_BEFORE: &str = "\x1b[0m";

/// The characters of an address, in three lines.
const LETTERS: [(char, [&str; 3]); 12] = [
    ('0', ["█▀█", "█ █", "▀▀▀"]),
    ('1', ["▀█ ", " █ ", "▀▀▀"]),
    ('2', ["▀▀█", "█▀▀", "▀▀▀"]),
    ('3', ["▀▀█", " ▀█", "▀▀▀"]),
    ('4', ["█ █", "▀▀█", "  ▀"]),
    ('5', ["█▀▀", "▀▀█", "▀▀▀"]),
    ('6', ["█▀▀", "█▀█", "▀▀▀"]),
    ('7', ["▀▀█", "  █", "  ▀"]),
    ('8', ["█▀█", "█▀█", "▀▀▀"]),
    ('9', ["█▀█", "▀▀█", "▀▀▀"]),
    ('.', [" ", " ", "▀"]),
    (':', ["▄", "▄", " "]),
];

/// The code and the address, with a text beside the code.
pub fn poster(url: &str, beside: &str, has_colours: bool) -> String {
    let code = code(url, has_colours);
    let width = code.first().map_or(0, |line| line.chars().count());
    let beside = format!("{url}\n\n{}", fill(beside, COLUMNS - width - 5, "", ""));
    let beside: Vec<&str> = beside.lines().collect();
    let (begin, end) = if has_colours { (BLACK_ON_WHITE, AS_BEFORE) } else { ("", "") };
    let mut screen = String::new();
    for (number, line) in code.iter().enumerate() {
        let text = number.checked_sub(1).and_then(|number| beside.get(number)).unwrap_or(&"");
        let _ = writeln!(screen, "{}", format!("  {begin}{line}{end}   {text}").trim_end());
    }
    let address = url.trim_start_matches("http://");
    screen + "\n" + &large(address).unwrap_or_default()
}

/// The lines of a code, two rows of squares in each; none if the text is too long for one.
fn code(url: &str, has_colours: bool) -> Vec<String> {
    // Capitals take fewer squares, and a browser reads them as well.
    let Ok(code) = QrCode::encode_text(&url.to_uppercase(), QrCodeEcc::Low) else {
        return Vec::new();
    };
    let squares = -EDGE..code.size() + EDGE;
    // With colours what is dark is drawn, without them what is light.
    let is_drawn = |x, y| code.get_module(x, y) == has_colours && squares.contains(&y);
    let square = |x, y| match (is_drawn(x, y), is_drawn(x, y + 1)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |y| squares.clone().map(|x| square(x, y)).collect();
    squares.clone().step_by(2).map(line).collect()
}

/// Digits in large letters, in three lines; nothing if there is something else, or no room.
pub fn large(digits: &str) -> Option<String> {
    let letter = |letter| LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, it)| it);
    let letters = digits.chars().map(letter).collect::<Option<Vec<_>>>()?;
    let line = |line: usize| {
        let parts: Vec<&str> = letters.iter().map(|letter| letter[line]).collect();
        format!("  {}", parts.join(" "))
    };
    let lines = [line(0), line(1), line(2)];
    lines.iter().all(|line| line.chars().count() <= COLUMNS).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_a_screen_and_can_be_read_from_the_back_row() {
        for url in ["http://10.0.0.1:8000", "http://192.168.100.100:65535"] {
            for has_colours in [true, false] {
                let poster = poster(url, &"17 phones are here. ".repeat(20), has_colours);
                assert!(poster.lines().count() <= 20, "{poster}");
                let plain = poster.replace(BLACK_ON_WHITE, "").replace(AS_BEFORE, "");
                assert!(plain.lines().all(|line| line.chars().count() <= COLUMNS), "{plain}");
                assert!(plain.contains("17 phones are here."), "{plain}");
                assert!(plain.contains("▀▀▀"), "the address is large: {plain}");
            }
        }
        let name = poster("http://a-laptop.local:8000", "", false);
        assert!(name.contains("   http://a-laptop.local:8000\n"), "{name}");
    }
}
