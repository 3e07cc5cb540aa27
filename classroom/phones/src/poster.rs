//! The screen that brings the phones in: a QR code, and the address in large letters.

use std::fmt::Write;

use basics::large::{half_blocks, large};
use basics::words::{COLUMNS, fill};
use qrcodegen::{QrCode, QrCodeEcc};

/// The empty squares around a code, which a camera needs.
const EDGE: i32 = 2;

/// Black on white whatever the colours of the terminal are: some cameras read nothing else.
const BLACK_ON_WHITE: &str = "\x1b[30;107m";
const AS_BEFORE: &str = "\x1b[0m";

/// The code and the address, with a text beside the code.
pub fn poster(url: &str, beside: &str, has_colours: bool) -> String {
    let code = code(url, has_colours);
    let width = code.first().map_or(0, |line| line.chars().count());
    let beside = fill(beside, COLUMNS - width - 5, "", "");
    let beside = format!("Scan this with a phone, or open\n{url}\n\n{beside}");
    let beside: Vec<&str> = beside.lines().collect();
    let (begin, end) = if has_colours { (BLACK_ON_WHITE, AS_BEFORE) } else { ("", "") };
    let mut screen = String::new();
    for (number, line) in code.iter().enumerate() {
        let text = number.checked_sub(1).and_then(|number| beside.get(number)).unwrap_or(&"");
        let _ = writeln!(screen, "{}", format!("  {begin}{line}{end}   {text}").trim_end());
    }
    let address = url.trim_start_matches("http://");
    for line in large(address).unwrap_or_default() {
        let _ = write!(screen, "\n  {line}");
    }
    screen
}

/// The lines of a code, two rows of squares in each; none if the text is too long for one.
fn code(url: &str, has_colours: bool) -> Vec<String> {
    // Capitals take fewer squares, and a browser reads them as well.
    let Ok(code) = QrCode::encode_text(&url.to_uppercase(), QrCodeEcc::Low) else {
        return Vec::new();
    };
    let squares = -EDGE..code.size() + EDGE;
    // With colours what is dark is drawn, without them what is light.
    let row = |y| squares.clone().map(|x| code.get_module(x, y) == has_colours).collect();
    let rows: Vec<Vec<bool>> = squares.clone().map(row).collect();
    half_blocks(&rows)
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
