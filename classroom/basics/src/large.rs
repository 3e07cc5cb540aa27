//! Digits and letters that can be read from the back row, drawn with squares.

use std::iter::repeat;

/// The rows of squares of a character.
pub const ROWS: usize = 5;

/// The rows of a character, from above; in each a bit for a square. Nothing if it has no picture.
fn rows(character: char) -> Option<[u8; ROWS]> {
    Some(match character {
        '0' => [0b111, 0b101, 0b101, 0b101, 0b111],
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b001, 0b001, 0b001],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        '-' => [0b000, 0b000, 0b111, 0b000, 0b000],
        '.' => [0, 0, 0, 0, 1],
        ':' => [0, 1, 0, 1, 0],
        'a' => [0b010, 0b101, 0b111, 0b101, 0b101],
        'b' => [0b110, 0b101, 0b110, 0b101, 0b110],
        'c' => [0b011, 0b100, 0b100, 0b100, 0b011],
        'd' => [0b110, 0b101, 0b101, 0b101, 0b110],
        _ => return None,
    })
}

/// The rows of a text, with an empty column after each character.
fn squares(text: &str) -> Option<[Vec<bool>; ROWS]> {
    let mut squares: [Vec<bool>; ROWS] = Default::default();
    for character in text.chars() {
        let rows = rows(character)?;
        let width = u8::BITS - rows.iter().fold(0, |all, row| all | row).leading_zeros();
        for (line, row) in squares.iter_mut().zip(rows) {
            line.extend((0..width).rev().map(|bit| row >> bit & 1 == 1));
            line.push(false);
        }
    }
    Some(squares)
}

/// A text in three lines; nothing if it has more than digits, `a` to `d`, and the signs of an address.
pub fn large(text: &str) -> Option<Vec<String>> {
    squares(text).map(|squares| half_blocks(&squares))
}

/// A number in [`ROWS`] lines of the same width, each square as wide as two characters.
pub fn larger(number: i64) -> Vec<String> {
    let squares = squares(&number.to_string()).unwrap_or_default();
    let line = |row: &Vec<bool>| row.iter().map(|it| if *it { "██" } else { "  " }).collect();
    squares.iter().map(line).collect()
}

/// Rows of squares, two of them in each line.
pub fn half_blocks(rows: &[Vec<bool>]) -> Vec<String> {
    let line = |rows: &[Vec<bool>]| {
        let below = rows.get(1).into_iter().flatten().copied().chain(repeat(false));
        let squares = rows[0].iter().copied().zip(below);
        let drawn = squares.map(|(above, below)| match (above, below) {
            (true, true) => '█',
            (true, false) => '▀',
            (false, true) => '▄',
            (false, false) => ' ',
        });
        drawn.collect()
    };
    rows.chunks(2).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_drawn_in_two_sizes() {
        let large = large("a1.").expect("it has pictures");
        assert_eq!(large, ["▄▀▄ ▄█    ", "█▀█  █    ", "▀ ▀ ▀▀▀ ▀ "]);
        assert_eq!(super::large("é"), None);
        assert_eq!(
            larger(-7),
            [
                "        ██████  ",
                "            ██  ",
                "██████      ██  ",
                "            ██  ",
                "            ██  "
            ]
        );
    }
}
