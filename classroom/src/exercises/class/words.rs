//! Searches what a student has written for words that no solution needs, and that lead out of the
//! exercise: to files, to other programs, to the network, or around the compiler.

/// Words that no solution needs. There are no macros of one's own either, because they can put a word
/// together that is none of these.
const BARRED: [&str; 18] = [
    "unsafe",
    "extern",
    "asm",
    "global_asm",
    "naked_asm",
    "macro_rules",
    "include",
    "include_str",
    "include_bytes",
    "env",
    "option_env",
    "fs",
    "net",
    "os",
    "process",
    "proc_macro",
    "arch",
    "no_mangle",
];

/// Words of the standard library that share values between threads unseen by the judge of the races.
const UNSEEN: [&str; 2] = ["sync", "thread_local"];

/// The first word that is barred, with its line: ``line 3: `fs` ``.
pub fn barred(text: &str, is_a_race: bool) -> Option<String> {
    // The compiler skips such a line, whatever stands there.
    if text.starts_with("#!") && !text.starts_with("#![") {
        return Some("line 1: `#!`".into());
    }
    let mut words = Words { text, at: 0 };
    while let Some((start, word)) = words.next_word() {
        let (before, after) = (text[..start].trim_end(), text[words.at..].trim_start());
        let is_barred = match word {
            "process" => !after.starts_with("::ExitCode"),
            "path" => after.starts_with('=') && before.ends_with(['[', '(', ',']),
            _ => BARRED.contains(&word) || is_a_race && UNSEEN.contains(&word),
        };
        if is_barred {
            let line = text[..start].matches('\n').count() + 1;
            return Some(format!("line {line}: `{word}`"));
        }
    }
    None
}

/// The words of a text in Rust, without those in comments and between quotation marks.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    /// The next word, and where it begins.
    fn next_word(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.skip_comment();
            } else if first == '"' {
                self.skip_quoted('"');
            } else if first == '\'' {
                self.skip_character_or_lifetime();
            } else if is_of_a_word(first) {
                let start = self.at;
                let word = self.take_word();
                let is_text = matches!(word, "r" | "br" | "cr") && self.skip_raw();
                if !is_text && !first.is_ascii_digit() {
                    return Some((start, word));
                }
            } else {
                self.at += first.len_utf8();
            }
        }
    }

    fn take_word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let length = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// Comments stand in comments.
    fn skip_comment(&mut self) {
        let mut depth = 0;
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let step = if rest.starts_with("/*") {
                depth += 1;
                2
            } else if rest.starts_with("*/") {
                depth -= 1;
                2
            } else {
                rest.chars().next().map_or(1, char::len_utf8)
            };
            self.at += step;
            if depth == 0 {
                break;
            }
        }
    }

    /// From this quotation mark to the next one that has no `\` before it.
    fn skip_quoted(&mut self, mark: char) {
        self.at += 1;
        let mut is_escaped = false;
        for c in self.text[self.at..].chars() {
            self.at += c.len_utf8();
            if c == mark && !is_escaped {
                break;
            }
            is_escaped = c == '\\' && !is_escaped;
        }
    }

    /// `'a'` is a character, and `'a` a lifetime.
    fn skip_character_or_lifetime(&mut self) {
        let mut next = self.text[self.at + 1..].chars();
        let (first, second) = (next.next(), next.next());
        if first == Some('\\') || second == Some('\'') {
            self.skip_quoted('\'');
        } else {
            self.at += 1;
            self.take_word();
        }
    }

    /// After an `r`: `#"..."#`, with as many `#` at the end, in which `\` is a letter like others.
    fn skip_raw(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let marks = rest.len() - rest.trim_start_matches('#').len();
        if !rest[marks..].starts_with('"') {
            return false;
        }
        let end = format!("\"{}", "#".repeat(marks));
        let body = &rest[marks + 1..];
        let length = body.find(&end).map_or(body.len(), |length| length + end.len());
        self.at += marks + 1 + length;
        true
    }
}

/// A word may begin with a digit here: then it is a number.
fn is_of_a_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_where_the_compiler_sees_them() {
        for (text, found) in [
            ("use std::fs;", Some("line 1: `fs`")),
            ("\n/* /* */ \" */ std::r#fs::read()", Some("line 2: `fs`")),
            ("let quote = '\"'; std::fs::read(\"\")", Some("line 1: `fs`")),
            ("let quote = '\\''; std::fs::read('a')", Some("line 1: `fs`")),
            ("m!('r\"\\\" fs \\\"\" process)", Some("line 1: `process`")),
            ("r#\"\\\"# ; unsafe {}", Some("line 1: `unsafe`")),
            ("fn f<'a>(x: &'a str) { env!(\"x\") }", Some("line 1: `env`")),
            ("#!/*\nfn f() { unsafe {} } // */", Some("line 1: `#!`")),
            ("#[cfg_attr(all(), path = \"/x\")] mod x;", Some("line 1: `path`")),
            ("use std::process::{self, ExitCode};", Some("line 1: `process`")),
            ("use std::process::ExitCode;\nlet path = \"fs\"; // fs", None),
            ("#![allow(dead_code)] b\"fs\\\"\" r\"fs\\\" '\\u{41}' 1u8 /// env", None),
        ] {
            assert_eq!(barred(text, false).as_deref(), found, "{text}");
        }
    }

    #[test]
    fn races_share_what_the_judge_sees() {
        let text = "use std::sync::Mutex;";
        assert_eq!(barred(text, true).as_deref(), Some("line 1: `sync`"));
        assert_eq!(barred(text, false), None);
    }
}
