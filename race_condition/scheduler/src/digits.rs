//! Digits that can be read from the back row.

/// The lines of a large digit.
pub const HEIGHT: usize = 5;

/// A number in large digits, as lines of the same width.
pub fn large(number: i64) -> [String; HEIGHT] {
    let mut lines: [String; HEIGHT] = Default::default();
    for character in number.to_string().chars() {
        for (line, row) in lines.iter_mut().zip(rows(character)) {
            // Three bits, from left to right; a character of a terminal is twice as high as wide.
            for bit in [4, 2, 1] {
                line.push_str(if row & bit == 0 { "  " } else { "██" });
            }
            line.push_str("  ");
        }
    }
    lines
}

fn rows(character: char) -> [u8; HEIGHT] {
    match character {
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
        _ => [0, 0, 0b111, 0, 0], // the minus sign
    }
}
