//! What each key does.

use scheduler::{Game, LEVELS, Notice};

/// After these keys; the first level is open.
pub fn after(level: usize, keys: &str) -> Game {
    let mut game = Game::new(level - 1);
    if level == 1 {
        game.press('o');
    }
    keys.chars().for_each(|key| game.press(key));
    game
}

/// The game after more keys.
fn pressed<'a>(game: &'a mut Game, keys: &str) -> &'a Game {
    keys.chars().for_each(|key| game.press(key));
    game
}

/// What has passed the levels, as the strings that replay it.
fn passed(game: &Game) -> Vec<String> {
    game.passed().map(ToString::to_string).collect()
}

/// Checks the steps that have been taken, as the string that replays them.
#[track_caller]
fn check_play(game: &Game, replay: &str) {
    assert_eq!(game.play().to_string(), replay);
}

#[track_caller]
fn check_refused(game: &Game, sentence: &str) {
    assert_eq!(game.notice(), &Notice::Refused(sentence.into()));
}

#[track_caller]
fn check_hint(game: &Game, sentence: &str) {
    assert_eq!(game.notice(), &Notice::Hint(sentence.into()));
}

#[test]
fn keys_play_undo_and_restart() {
    check_play(&after(1, "12"), "1:12");
    check_play(&after(1, "12u"), "1:1");
    check_play(&after(1, "12uuu1"), "1:1");
    check_play(&after(1, "12r"), "1:");
    check_play(&after(1, "1n"), "2:");
    check_play(&after(1, "nnp"), "2:");
    check_play(&after(1, "N1U2"), "2:2"); // with caps lock, too
}

#[test]
fn a_refused_key_says_why_and_changes_nothing() {
    let game = after(1, "1111");
    check_play(&game, "1:111");
    check_refused(&game, "Thread 1 has finished and has no step left.");
    let game = after(5, "12");
    check_play(&game, "5:1");
    check_refused(&game, "Thread 2 must wait, because thread 1 holds mutex A.");
    check_refused(&after(1, "3"), "There is no thread 3 on this level, only 1 to 2.");
    check_refused(&after(1, "u"), "There is no step to take back.");
    check_refused(&after(1, "p"), "This is the first level.");
    check_refused(&after(LEVELS.len(), "n"), "This is the last level.");
    check_refused(&after(1, "x"), "That key does nothing here. Press ? for the keys.");
    check_refused(&after(1, "0"), "That key does nothing here. Press ? for the keys.");
    check_refused(&after(1, "o"), "There is no line to open; each line is a step.");
    check_refused(&after(5, "ii1"), "This level is passed: n goes on, r begins it again.");
    assert_eq!(after(1, "1 ").notice(), after(1, "1").notice());
}

#[test]
fn the_first_level_begins_as_one_line() {
    let mut game = Game::new(0);
    assert!(game.is_closed());
    game.press('1');
    check_play(&game, "1:111");
    let done = "Thread 1 runs its line: the counter was 0 and is now 1.";
    assert_eq!(game.notice(), &Notice::Done(done.into()));
    game.press('1');
    check_refused(&game, "Thread 1 has finished and has no step left.");
    game.press('h');
    check_hint(&game, "Not with whole lines. Press o: the line opens into its steps.");
    game.press('u');
    check_play(&game, "1:");
    game.press('u');
    check_refused(&game, "There is no step to take back.");
    "1o2".chars().for_each(|key| game.press(key));
    check_play(&game, "1:1112");
    game.press('r');
    assert!(!game.is_closed(), "it stays open");
    assert!(!Game::new(2).is_closed(), "the other levels show steps");
}

#[test]
fn what_was_passed_stays_passed() {
    let game = after(1, "121212un111222");
    assert_eq!(passed(&game), ["1:121212", "2:111222"]);
    assert_eq!(game.last_passed().map(ToString::to_string), Some("2:111222".into()));
    assert_eq!(after(1, "111222").passed().count(), 0);
    assert_eq!(passed(&after(6, "21")), ["6:21"]);
}

#[test]
fn what_is_impossible_is_passed_only_by_the_claim() {
    for (level, keys) in [(5, "1111122222"), (7, "11111112222222"), (10, "111111222222")] {
        let game = after(level, keys);
        assert!(game.play().verdict().is_some(), "all have finished");
        assert_eq!(game.passed().count(), 0, "level {level}");
        let game = after(level, &format!("{keys}ii"));
        assert_eq!(passed(&game), [format!("{level}:i")]);
    }
}

#[test]
fn a_false_claim_is_refuted_by_an_order_that_is_played() {
    for (level, _) in (1..).zip(LEVELS).filter(|(_, level)| level.why_not.is_empty()) {
        let mut game = after(level, "1ii");
        check_play(&game, &format!("{level}:"));
        while game.is_refuting() {
            let steps = game.play().moves().len();
            game.refute();
            assert_eq!(game.play().moves().len(), steps + 1);
        }
        assert!(game.has_refuted());
        assert!(game.play().verdict().is_some_and(|verdict| verdict.passed), "level {level}");
        assert_eq!(game.passed().count(), 0, "it was not the class that found it");
        game.press('u');
        check_refused(&game, "Press r, and find an order yourself.");
        check_refused(
            pressed(&mut game, "i"),
            "It can be done, as you see. Press r, and find an order yourself.",
        );
        game.press('r');
        check_play(&game, &format!("{level}:"));
        assert!(!game.has_refuted());
        check_play(pressed(&mut game, "u"), &format!("{level}:1"));
    }
    let mut game = Game::new(0);
    "ii".chars().for_each(|key| game.press(key));
    assert!(!game.is_closed(), "it is refuted step by step");
    game.refute();
    game.press('2');
    assert!(!game.is_refuting() && !game.has_refuted(), "any key ends it");
    check_play(&game, "1:");
}

#[test]
fn a_claim_and_a_loss_are_asked_for_twice() {
    let mut game = after(5, "1i");
    assert_eq!(game.notice(), &Notice::AsksToClaim);
    check_play(pressed(&mut game, "1"), "5:11");
    assert!(passed(&game).is_empty());
    // The question is over, so it is asked anew.
    assert_eq!(pressed(&mut game, "i i").notice(), &Notice::AsksToClaim);
    check_play(pressed(&mut game, "i"), "5:i");
    assert!(pressed(&mut game, "q").has_ended());

    let mut game = after(1, "1q");
    assert!(game.notice() == &Notice::AsksToQuit && !game.has_ended());
    check_play(pressed(&mut game, "2"), "1:12");
    assert!(pressed(&mut game, "qq").has_ended());
    for (level, keys) in [(1, ""), (1, "121212"), (6, "12u"), (1, "ii")] {
        assert!(after(level, &format!("{keys}q")).has_ended(), "{keys}: nothing would be lost");
    }
}

#[test]
fn steps_that_are_taken_away_come_back() {
    let mut game = after(1, "112r");
    check_play(&game, "1:");
    check_play(pressed(&mut game, "u"), "1:112");
    check_play(pressed(&mut game, "r2ruu"), "1:");
    let mut game = after(5, "1iir");
    check_play(pressed(&mut game, "u"), "5:1");
    // Each level keeps its own.
    let mut game = after(1, "12n1");
    check_play(&game, "2:1");
    check_play(pressed(&mut game, "p"), "1:12");
    check_play(pressed(&mut game, "n"), "2:1");
    let left = "Level 1, not passed yet, keeps your steps. Here are the steps that you left.";
    assert_eq!(game.notice(), &Notice::Done(left.into()));
    // An order that has refuted a claim is none of the class.
    check_play(pressed(&mut after(2, "iix"), "np"), "2:");
}

#[test]
fn a_hint_says_whether_the_goal_is_within_reach() {
    check_hint(&after(1, "12h"), "Yes: the goal is still within reach.");
    let undo = "Not any more: it was within reach up to step 2. Press u once, or r.";
    check_hint(&after(1, "111h"), undo);
    let undo = "Not any more: it was within reach up to step 2. Press u 4 times, or r.";
    check_hint(&after(1, "111222h"), undo);
    check_hint(&after(1, "121212h"), "The goal is reached.");
    let never = "No: no order of the steps that are left reaches the goal.";
    check_hint(&after(5, "h"), never);
    check_hint(&after(5, "1111122222h"), never);
    check_hint(&after(5, "iih"), "You have passed this level.");
}

#[test]
fn any_key_leaves_the_help_and_does_nothing_else() {
    assert!(after(1, "1?").shows_help());
    let game = after(1, "1?2");
    assert!(!game.shows_help());
    check_play(&game, "1:1");
}
