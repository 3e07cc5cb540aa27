//! Votes, and who is here: without a network, and with a clock of the test's own.

use phones::{Button, MOST_PHONES, Phone, Scene};

use crate::room::{Room, question};

#[test]
fn a_vote_is_changed_until_it_is_closed() {
    let mut room = Room::with_phones(3);
    room.ask();
    for (phone, letter) in [(1, "a"), (2, "c"), (1, "b"), (1, "x"), (3, "c")] {
        room.tap(phone, letter);
    }
    assert_eq!(room.counts(), [0, 1, 2]);
    let view = room.view(1);
    assert_eq!(view.said, "You voted B. You can change it until the vote is closed.");
    let (text, press) = ("B: one".into(), Some("b".into()));
    assert_eq!(view.buttons[1], Button { text, press, is_chosen: true });
    room.class.set_open(false);
    room.tap(1, "a");
    assert_eq!(room.counts(), [0, 1, 2]);
    let view = room.view(1);
    assert_eq!(view.said, "You voted B. The vote is closed. Look to the front.");
    assert!(view.buttons.iter().all(|button| button.press.is_none()));
    room.class.set_open(true);
    room.tap(1, "a");
    assert_eq!(room.counts(), [1, 0, 2], "Enter was too early");
}

#[test]
fn a_second_vote_begins_anew() {
    let mut room = Room::with_phones(2);
    room.ask();
    room.tap(1, "a");
    room.class.show(Scene::Vote(question(true)));
    let view = room.view(1);
    assert_eq!(
        (view.text.as_str(), view.said.as_str()),
        ("Second vote: what do you think now?", "")
    );
    assert!(view.buttons.iter().all(|button| !button.is_chosen));
    assert_eq!(room.counts(), [0, 0, 0]);
}

#[test]
fn a_late_tap_is_not_taken_for_the_next_question() {
    let mut room = Room::with_phones(1);
    room.ask();
    let first = room.view(1).at;
    room.ask();
    room.class.tap(Phone(1), first, "a");
    assert_eq!(room.counts(), [0, 0, 0]);
}

#[test]
fn a_late_and_a_returning_phone_are_at_the_question_at_once() {
    let mut room = Room::with_phones(1);
    room.ask();
    room.tap(1, "b");
    room.wait(9.0);
    assert_eq!(room.class.count(), 1);
    room.wait(2.0);
    assert_eq!(room.class.count(), 0, "its screen is dark");
    assert_eq!(room.enter(2, 2), Some(Phone(2)));
    assert_eq!(room.view(2).title, "What is it at the end?");
    assert_eq!(room.enter(1, 9), Some(Phone(1)), "from another address, too");
    assert!(room.view(1).said.starts_with("You voted B."));
    assert_eq!(room.class.count(), 2);
}

#[test]
fn a_full_class_keeps_those_who_are_here() {
    let mut room = Room::with_phones(MOST_PHONES);
    assert_eq!(room.enter(1000, 200), None);
    room.wait(61.0);
    for token in 1..MOST_PHONES {
        room.enter(token.into(), token);
    }
    assert_eq!(room.enter(1000, 200), Some(Phone(MOST_PHONES)), "one has left");
    assert_eq!(room.enter(1001, 201), None);
}

#[test]
fn who_sleeps_keeps_vote_and_place_while_one_computer_asks_for_all() {
    let mut room = Room::with_phones(20);
    room.ask();
    (1..=20).for_each(|phone| room.tap(phone, "c"));
    for token in 100..200 {
        room.wait(3.0);
        room.enter(token, 99);
    }
    assert_eq!(room.counts(), [0, 0, 20]);
}

#[test]
fn two_computers_do_not_take_places_in_turn() {
    let mut room = Room::with_phones(20);
    let came = (100..300).filter(|token| {
        let phone = room.enter(*token, 98 + (token % 2) as u8);
        // The one that has come asks from the other address.
        phone.is_some_and(|_| room.enter(*token, 99 - (token % 2) as u8).is_some())
    });
    assert!(came.count() <= 60);
}

#[test]
fn one_computer_cannot_keep_the_others_out() {
    let mut room = Room::with_phones(20);
    room.ask();
    for token in 100..200 {
        if let Some(Phone(phone)) = room.enter(token, 99) {
            room.tap(phone, "a");
        }
    }
    assert_eq!(room.counts(), [40, 0, 0], "the places that were free");
    for student in 30..60 {
        assert!(room.enter(student.into(), student).is_some(), "student {student}");
    }
    assert_eq!(room.counts(), [10, 0, 0], "its votes are gone with its places");
    assert!((1..=20).all(|it| room.enter(it, it as u8) == Some(Phone(it as u8))));
}
