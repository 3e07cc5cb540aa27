//! Numbers and nouns as people read them.

/// `1 thread`, `5 threads`.
#[must_use]
pub fn plural(count: impl Into<u128>, noun: &str) -> String {
    let count = count.into();
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        _ if noun.ends_with("process") => format!("{} {noun}es", thousands(count)),
        _ => format!("{} {noun}s", thousands(count)),
    }
}

/// A number as people read it: `160`, `5,000`, `10,000,000`.
#[must_use]
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

#[cfg(test)]
mod tests {
    use super::{plural, thousands};

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let numbers = [0_u32, 7, 160, 1_000, 12_345, 999_999, 1_000_000];
        let grouped = numbers.map(thousands);
        assert_eq!(grouped, ["0", "7", "160", "1,000", "12,345", "999,999", "1,000,000"]);
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(plural(1_u32, "process"), "1 process");
        assert_eq!(plural(2_u32, "process"), "2 processes");
        assert_eq!(plural(5_000_u32, "thread"), "5,000 threads");
    }
}
