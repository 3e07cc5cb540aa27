//! Checks of the exercises that check themselves.

use super::programs::run;

/// Checks that an exercise has its say about what is in its file, solved or not, and gives its hint
/// before.
#[track_caller]
pub fn check_exercise(program: &str) {
    let ended = run(program, &["--hint"]);
    assert!(ended.stdout.starts_with("Hint: "), "{ended}");
    let says = match ended.status.code() {
        Some(0) => ended.stdout.contains("\nSolved. "),
        Some(1) => [&ended.stdout, &ended.stderr].iter().any(|it| it.contains("\nNot solved yet")),
        _ => false,
    };
    assert!(says, "{ended}");
}
