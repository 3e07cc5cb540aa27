//! Checks of the exercises that check themselves.

use experiment::Goal;

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

/// Checks which goals of an exercise were not reached: their lines, as the exercise prints them.
#[track_caller]
pub fn check_missed<const N: usize>(goals: lesson::Result<[Goal; N]>, lines: &[&str]) {
    let goals = goals.expect("the attempt comes to an end");
    let missed = goals.iter().filter(|goal| !goal.is_reached());
    assert_eq!(missed.map(ToString::to_string).collect::<Vec<_>>(), lines);
}

/// What a mend tries, and what the exercise says to it.
type Mend<const N: usize> = (&'static str, lesson::Result<[Goal; N]>);

/// Checks that no wrong mend of an exercise is called solved, and that every right one is.
#[track_caller]
pub fn check_mends<const N: usize>(
    wrong: impl IntoIterator<Item = Mend<N>>,
    right: impl IntoIterator<Item = Mend<N>>,
) {
    for (tries, goals) in wrong {
        let is_solved = goals.is_ok_and(|goals| goals.iter().all(Goal::is_reached));
        assert!(!is_solved, "{tries}");
    }
    for (tries, goals) in right {
        let goals = goals.unwrap_or_else(|error| panic!("{tries}: {error}"));
        assert!(goals.iter().all(Goal::is_reached), "{tries}: {goals:#?}");
    }
}
