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

/// A text without the name and the password of its addresses: `http://***@host/`.
#[must_use]
pub fn without_credentials(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::{plural, thousands, without_credentials};

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
