//! Checks of the exercises that check themselves.

use super::checks::{check_head, check_width, check_wrong_usage};
use super::programs::{example, run};

/// Checks that an exercise as it stands fails, with these lines, and that its solution passes.
///
/// The solution of `name` is the example `name_solved`.
#[track_caller]
pub fn check_exercise(name: &str, lines: &[&str]) {
    let program = example(name);
    let mut ended = run(&program, &[]);
    assert!(
        ended.status.code() != Some(0),
        "{name} is solved. The project's tests need it as it was: undo the solution"
    );
    ended = ended.with_status(1);
    assert_eq!(ended.stderr, "", "{ended}");
    for line in lines {
        ended.assert_line(line);
    }
    let file = ended.line_with("Not solved yet. Its file: ");
    assert!(file.ends_with(&format!("{name}.rs")), "{ended}");
    let last = ended.stdout.lines().last();
    assert_eq!(last, Some("For a hint, add -- --hint to the command."), "{ended}");
    check_width(&ended.stdout);

    let hinted = run(&program, &["--hint"]).with_status(1);
    assert!(hinted.stdout.starts_with("Hint: "), "{hinted}");
    let last = hinted.stdout.lines().last();
    assert_eq!(last, Some(file), "{hinted}");
    check_width(&hinted.stdout);
    check_wrong_usage(&program, &["--hnit"], &["--hnit"]);

    let solution = example(&format!("{name}_solved"));
    let solved = run(&solution, &[]).well();
    solved.assert_line("Solved. What is next: cargo run -p classroom -- exercises");
    check_head(&solution, &[], 1);
}
