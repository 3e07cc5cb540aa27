//! The levels, and the strings that replay them.

use every_interleaving::Thread;
use scheduler::{LEVELS, Level, Play};

/// The schedules of a level: all of them, and those that end as wanted.
fn schedules(level: &Level) -> (u128, u128) {
    let ends = level.ends(&level.machine.start());
    (ends.values().sum(), ends.get(&level.wanted).copied().unwrap_or(0))
}

#[test]
fn a_goal_does_not_say_whether_it_can_be_reached() {
    let possible: Vec<bool> = LEVELS.iter().map(|level| schedules(level).1 > 0).collect();
    assert_eq!(
        possible,
        [true, true, true, true, false, true, false, true, true, false, true, true]
    );
    let mut doubted = [0, 0];
    for (level, possible) in LEVELS.iter().zip(possible) {
        assert_eq!(level.why_not.is_empty(), possible, "{}", level.goal);
        let doubt = level.goal.contains("if you can");
        assert!(doubt || possible, "{}", level.goal);
        doubted[usize::from(possible)] += usize::from(doubt);
    }
    assert_eq!(doubted, [3, 3], "of those in doubt half can be reached");
}

#[test]
fn no_level_is_won_by_whatever_one_does() {
    for (level, number) in LEVELS.iter().zip(1..) {
        let (all, wanted) = schedules(level);
        assert!(wanted < all, "{}", level.goal);
        // Only level 2 asks for what comes out if one thread after the other runs to its end.
        let mut state = level.machine.start();
        for thread in level.machine.threads() {
            while level.machine.step(&mut state, thread).is_ok() {}
        }
        assert_eq!(level.machine.end(&state) == Some(level.wanted), number == 2, "{}", level.goal);
    }
    let lowest = LEVELS[2].ends(&LEVELS[2].machine.start()).into_keys().next();
    assert_eq!(lowest, Some(LEVELS[2].wanted), "level 3 asks for the lowest number");
}

#[test]
fn an_order_that_ends_as_wanted_is_found_wherever_there_is_one() {
    for level in LEVELS {
        let order: Option<Vec<Thread>> = level.order();
        assert_eq!(order.is_some(), level.why_not.is_empty(), "{}", level.goal);
        let mut state = level.machine.start();
        for thread in order.iter().flatten() {
            assert!(level.machine.step(&mut state, *thread).is_ok(), "{}", level.goal);
        }
        assert_eq!(level.machine.end(&state) == Some(level.wanted), order.is_some());
    }
}

#[test]
fn the_orders_on_the_page_pass_their_levels() {
    let page = include_str!("../../../game.md");
    let is_replay = |code: &&str| code.contains(':') && code.starts_with(char::is_numeric);
    let passed = page.split('`').filter(is_replay).map(|replay| {
        let play: Play = replay.parse().unwrap_or_else(|error| panic!("{replay}: {error}"));
        assert!(play.verdict().is_some_and(|verdict| verdict.passed), "{replay}");
        play.number()
    });
    assert!(passed.eq(0..LEVELS.len()), "one for each level");
}

#[test]
fn a_string_replays_what_was_played() {
    for text in
        ["1:121212", "3:12", "4:123", "6:12", "7:1111111", "9:1212", "5:i", "12:1122", "11:22"]
    {
        assert_eq!(text.parse::<Play>().map(|play| play.to_string()), Ok(text.into()));
    }
}

#[test]
fn a_bad_string_is_told_what_is_wrong_with_it() {
    for (text, error) in [
        ("121212", "there is no colon between the level and the steps, as in 1:121212"),
        ("1:", "there are no steps after the colon, as in 1:121212"),
        ("0:12", "the levels are 1 to 12"),
        ("13:12", "the levels are 1 to 12"),
        ("one:12", "the levels are 1 to 12"),
        ("11:111", "step 3 cannot be taken: thread 1 sleeps until another thread wakes it"),
        ("1:123", "step 3 is '3', and the threads of level 1 are 1 to 2"),
        ("4:120", "step 3 is '0', and the threads of level 4 are 1 to 3"),
        ("1:1\u{1b}", "step 2 is '\\u{1b}', and the threads of level 1 are 1 to 2"),
        ("1:1i", "step 2 is 'i', and the threads of level 1 are 1 to 2"),
        ("1:1111", "step 4 cannot be taken: thread 1 has finished and has no step left"),
        ("5:12", "step 2 cannot be taken: thread 2 must wait, because thread 1 holds mutex A"),
    ] {
        assert_eq!(text.parse::<Play>().map(|play| play.to_string()), Err(error.into()));
    }
}
