//! Votes, and who is here: without a network, and with a clock of the test's own.

use phones::{MOST_PHONES, Phone, Question};
use serde_json::Value;

use crate::client::{Room, counts, question};

#[test]
fn a_vote_is_changed_until_it_is_closed() {
    let mut room = Room::with_phones(3);
    room.class.ask(question());
    assert_eq!(room.vote().voted(), 0);
    for (phone, letter) in [(1, 'a'), (2, 'c'), (1, 'b'), (1, 'x'), (3, 'c')] {
        room.tap(phone, &format!("vote/{letter}"));
    }
    assert_eq!((room.vote().voted(), room.vote().counts()), (3, vec![counts([0, 1, 2])]));
    assert_eq!(room.scene(1)["own"], "b");
    room.class.close();
    room.tap(1, "vote/a");
    assert_eq!(room.vote().counts(), [counts([0, 1, 2])]);
    assert_eq!(room.scene(1)["is_open"], false);
}

#[test]
fn a_second_vote_stands_beside_the_first() {
    let mut room = Room::with_phones(2);
    room.class.ask(question());
    room.tap(1, "vote/a");
    room.class.close();
    room.class.ask_again();
    assert_eq!((&room.scene(1)["own"], &room.scene(1)["is_second"]), (&Value::Null, &true.into()));
    room.tap(1, "vote/c");
    room.tap(2, "vote/c");
    assert_eq!(room.vote().counts(), [counts([1, 0, 0]), counts([0, 0, 2])]);
}

#[test]
fn a_vote_is_kept_while_the_class_looks_to_the_front() {
    let mut room = Room::with_phones(1);
    room.class.ask(question());
    room.tap(1, "vote/b");
    room.class.front();
    room.tap(1, "vote/a");
    assert_eq!(room.view(1)["scene"], serde_json::json!({"is": "front"}));
    room.class.answer('c');
    let scene = room.scene(1);
    assert_eq!((&scene["own"], &scene["right"]), (&"b".into(), &"c".into()));
    room.class.ask(question());
    assert_eq!(room.scene(1), scene, "the same question is not opened again");
}

#[test]
fn hands_win() {
    let mut room = Room::with_phones(2);
    room.class.ask(question());
    room.tap(1, "vote/a");
    room.vote().hands(counts([12, 3, 7]));
    room.tap(2, "vote/a");
    assert_eq!(room.vote().counts(), [counts([12, 3, 7])]);
    room.vote().open();
    room.tap(2, "vote/b");
    assert_eq!(room.vote().counts(), [counts([1, 1, 0])], "they are taken back");
}

#[test]
fn a_late_tap_is_not_taken_for_the_next_question() {
    let mut room = Room::with_phones(1);
    room.class.ask(question());
    let at = room.view(1)["at"].as_u64().expect("a scene has a number");
    room.class.ask(Question { text: "And now?".into(), ..question() });
    room.class.tap(Phone(1), at, "vote/a");
    assert_eq!(room.vote().voted(), 0);
}

#[test]
fn a_late_and_a_returning_phone_are_at_the_question_at_once() {
    let mut room = Room::with_phones(1);
    room.class.ask(question());
    room.tap(1, "vote/b");
    room.wait(9.0);
    assert_eq!(room.class.count(), 1);
    room.wait(2.0);
    assert_eq!(room.class.count(), 0, "its screen is dark");
    assert_eq!(room.enter(2, 2), Some(Phone(2)));
    assert_eq!(room.scene(2)["question"], "What is it at the end?");
    assert_eq!(room.enter(1, 9), Some(Phone(1)), "from another address, too");
    assert_eq!((room.scene(1)["own"].as_str(), room.class.count()), (Some("b"), 2));
}

#[test]
fn a_full_class_keeps_those_who_are_here() {
    let mut room = Room::with_phones(MOST_PHONES as u8);
    assert_eq!(room.enter(1000, 200), None);
    room.wait(61.0);
    for token in 1..MOST_PHONES as u8 {
        room.enter(token.into(), token);
    }
    assert_eq!(room.enter(1000, 200), Some(Phone(MOST_PHONES as u8)), "one has left");
    assert_eq!(room.enter(1001, 201), None);
}

#[test]
fn one_computer_cannot_keep_the_others_out() {
    let mut room = Room::with_phones(20);
    room.class.ask(question());
    for token in 100..200 {
        if let Some(Phone(phone)) = room.enter(token, 99) {
            room.tap(phone, "vote/a");
        }
    }
    assert_eq!(room.vote().voted(), 40, "the places that were free");
    for student in 30..60 {
        assert!(room.enter(student.into(), student).is_some(), "student {student}");
    }
    assert_eq!(room.vote().voted(), 10, "its votes are gone with its places");
    assert!((1..=20).all(|it| room.enter(it, it as u8) == Some(Phone(it as u8))));
}
