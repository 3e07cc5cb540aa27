//! Numbers and times as people type them.

use std::time::Duration;

/// Reads a whole number as Rust writes it: `5000000` or `5_000_000`.
pub fn whole_number(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("not a whole number such as 160 or 5_000_000".into());
    }
    digits.parse().map_err(|_| format!("larger than {}", u64::MAX))
}

/// Reads a whole number of at least 1.
pub fn count(text: &str) -> Result<usize, String> {
    match usize::try_from(whole_number(text)?) {
        Ok(0) => Err("it must be at least 1".into()),
        // A length of a vector can be no larger; no machine comes near it.
        Ok(number) if isize::try_from(number).is_ok() => Ok(number),
        _ => Err(format!("larger than {}", isize::MAX)),
    }
}

/// Reads a time in seconds, such as `10` or `0.5`.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let time = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    // A day: longer than anybody waits, and short enough to be added to a clock.
    let longest = Duration::from_secs(86_400);
    time.filter(|time| !time.is_zero() && *time <= longest)
        .ok_or_else(|| "not a time in seconds between 0 and 86400, such as 10 or 0.5".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_grouped_by_underscores() {
        assert_eq!(whole_number("5_000_000"), Ok(5_000_000));
        assert_eq!(whole_number("0"), Ok(0));
        for wrong in ["", "_", "abc", "-1", "1.5", "1e6", "18446744073709551616"] {
            assert!(whole_number(wrong).is_err(), "{wrong:?} is no whole number");
        }
    }

    #[test]
    fn a_count_is_at_least_one() {
        assert_eq!(count("1"), Ok(1));
        assert!(count("0").is_err());
        assert!(count("18446744073709551615").is_err());
    }

    #[test]
    fn a_time_is_more_than_nothing_and_less_than_for_ever() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "inf", "NaN", "1e300", "ten", ""] {
            assert!(seconds(wrong).is_err(), "{wrong:?} is no time limit");
        }
    }
}
