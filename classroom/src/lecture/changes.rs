//! What changed from one file to another, in lines that fit on a screen.

use console::{style, truncate_str};

use super::draw::COLUMNS;

/// The lines that are shown around each change.
const AROUND: usize = 2;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Stays,
    Goes,
    Comes,
}

/// The changes from one program to another, without the heads of the files, which tell the answers.
pub fn changes(before: &str, after: &str) -> Vec<String> {
    let code = |text| -> Vec<&str> {
        str::lines(text).skip_while(|line| line.starts_with("//!") || line.is_empty()).collect()
    };
    let all = compare(&code(before), &code(after));
    let is_near = |at: usize| {
        let near = at.saturating_sub(AROUND)..(at + AROUND + 1).min(all.len());
        all[near].iter().any(|(change, _)| *change != Change::Stays)
    };
    let mut lines = Vec::new();
    let mut last = None;
    for (at, (change, line)) in all.iter().enumerate().filter(|(at, _)| is_near(*at)) {
        if last.is_some_and(|last| last + 1 < at) {
            lines.push(style("⋯").dim().to_string());
        }
        last = Some(at);
        let cut = |mark| truncate_str(&format!("{mark}{line}"), COLUMNS - 1, "…").into_owned();
        lines.push(match change {
            Change::Stays => style(cut(' ')).dim().to_string(),
            Change::Goes => cut('-'),
            Change::Comes => style(cut('+')).bold().to_string(),
        });
    }
    lines
}

/// All lines of both, by the longest common subsequence.
fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<(Change, &'a str)> {
    let (rows, columns) = (before.len(), after.len());
    // How many lines the rests of both have in common.
    let mut common = vec![vec![0_usize; columns + 1]; rows + 1];
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            common[row][column] = if before[row] == after[column] {
                common[row + 1][column + 1] + 1
            } else {
                common[row + 1][column].max(common[row][column + 1])
            };
        }
    }
    let (mut row, mut column, mut all) = (0, 0, Vec::new());
    while row < rows || column < columns {
        if row < rows && column < columns && before[row] == after[column] {
            all.push((Change::Stays, before[row]));
            (row, column) = (row + 1, column + 1);
        } else if column == columns
            || (row < rows && common[row + 1][column] >= common[row][column + 1])
        {
            all.push((Change::Goes, before[row]));
            row += 1;
        } else {
            all.push((Change::Comes, after[column]));
            column += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_in_their_surroundings_and_heads_are_left_out() {
        let before = "//! The answer is 1.\n\na\nb\nc\nd\nold\ne\nf\ng\nh\ni\nj\nk\n";
        let after =
            format!("//! It is 2.\n\na\nb\nc\nd\nnew\ne\nf\ng\nh\ni\n{}\nj\nk\n", "x".repeat(99));
        let shown = changes(before, &after);
        let plain: Vec<_> = shown.iter().map(|line| console::strip_ansi_codes(line)).collect();
        let long = format!("+{}…", "x".repeat(77));
        let expected = [" c", " d", "-old", "+new", " e", " f", "⋯", " h", " i", &long, " j", " k"];
        assert_eq!(plain, expected);
        assert!(changes("same\n", "same\n").is_empty());
    }
}
