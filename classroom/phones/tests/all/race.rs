//! The rounds of the race, without a network.

use phones::{Race, Round, Scene, picture};

use crate::room::Room;

/// Each of so many phones reads, and then each writes, so many times.
fn all_at_once(room: &mut Room, phones: u8, times: u32) {
    for _ in 0..times {
        for tap in ["read", "write"] {
            for phone in 1..=phones {
                room.tap(phone, tap);
            }
            room.wait(0.5);
        }
    }
}

fn result(room: &Room) -> (u64, u64) {
    (room.race().should_be(), room.race().is())
}

#[test]
fn a_counter_that_is_read_and_written_loses_updates() {
    let mut room = Room::with_phones(30);
    room.class.show(Scene::Race(Race::new(Round::ReadWrite, 10)));
    all_at_once(&mut room, 30, 10);
    assert_eq!(result(&room), (300, 10));
    room.tap(1, "read");
    assert_eq!(result(&room), (300, 10), "ten times, and no more");
    let time = room.race().time().as_secs_f64();
    assert!((time - 9.5).abs() < 0.01, "from the first tap to the last one: {time}");
}

#[test]
fn with_a_lock_one_goes_after_the_other() {
    let mut room = Room::with_phones(3);
    room.class.show(Scene::Race(Race::new(Round::Mutex, 2)));
    room.tap(1, "read");
    room.tap(2, "read");
    room.tap(2, "write");
    assert_eq!(result(&room), (0, 0));
    assert_eq!(room.view(2).said, "Phone 1 has the lock. Wait.");
    assert!(room.view(2).buttons.iter().all(|button| button.press.is_none()));
    assert_eq!(room.race().lock().as_deref(), Some("Phone 1 has the lock."));
    room.tap(1, "write");
    room.tap(2, "read");
    room.tap(2, "write");
    assert_eq!(result(&room), (2, 2));
}

#[test]
fn a_phone_that_has_gone_with_the_lock_loses_it() {
    let mut room = Room::with_phones(2);
    room.class.show(Scene::Race(Race::new(Round::Mutex, 2)));
    room.tap(1, "read");
    room.wait(14.0);
    room.tap(2, "read");
    assert_eq!(room.view(2).said, "Phone 1 has the lock. Wait.");
    room.wait(2.0);
    let said = room.race().lock();
    assert_eq!(said.as_deref(), Some("Phone 1 kept the lock for 15 s. It was taken away."));
    room.tap(1, "write");
    room.tap(1, "read");
    assert_eq!(room.view(2).said, "The lock is free.", "it does not get it once more");
    room.tap(2, "read");
    room.tap(1, "write");
    assert_eq!(result(&room), (0, 0), "what it has read is of no use any more");
    room.tap(2, "write");
    assert_eq!(result(&room), (1, 1));
}

#[test]
fn a_closed_round_takes_no_time() {
    let mut room = Room::with_phones(1);
    room.class.show(Scene::Race(Race::new(Round::Mutex, 2)));
    room.tap(1, "read");
    room.class.set_open(false);
    room.wait(60.0);
    room.class.set_open(true);
    room.wait(14.0);
    room.tap(1, "write");
    assert_eq!(result(&room), (1, 1));
}

#[test]
fn one_button_loses_nothing() {
    let mut room = Room::with_phones(30);
    room.class.show(Scene::Race(Race::new(Round::FetchAdd, 10)));
    for _ in 0..11 {
        for phone in 1..=30 {
            room.tap(phone, "read");
            room.tap(phone, "add");
        }
    }
    assert_eq!(result(&room), (300, 300));
}

#[test]
fn compare_and_swap_writes_nothing_over_what_has_changed() {
    let mut room = Room::with_phones(3);
    room.class.show(Scene::Race(Race::new(Round::CompareAndSwap, 1)));
    all_at_once(&mut room, 3, 1);
    assert_eq!(result(&room), (1, 1));
    assert_eq!(room.view(2).said, "Not written: the counter is 1, not 0. Read again.");
    all_at_once(&mut room, 3, 1);
    all_at_once(&mut room, 3, 1);
    assert_eq!(result(&room), (3, 3));
    assert_eq!(picture(room.race().events()), None);
}

#[test]
fn the_picture_shows_who_wrote_over_whom() {
    let mut room = Room::with_phones(3);
    room.class.show(Scene::Race(Race::new(Round::ReadWrite, 2)));
    for (phone, tap) in
        [(1, "read"), (2, "read"), (2, "write"), (3, "read"), (3, "write"), (1, "write")]
    {
        room.tap(phone, tap);
    }
    let events = room.race().events();
    assert_eq!(
        picture(events).as_deref(),
        Some(
            "One of the lost updates, as it happened:\n\
             \n    \
             phone 1        phone 2        phone 3\n    \
             reads 0\n    \
             \x20              reads 0\n    \
             \x20              writes 1\n    \
             \x20                             reads 1\n    \
             \x20                             writes 2\n    \
             writes 1\n\
             \n\
             Phone 1 read 0 and wrote 1. In between others wrote 2 times, and all of that is\n\
             lost."
        )
    );
}

#[test]
fn a_picture_of_many_phones_fits_a_screen() {
    let mut room = Room::with_phones(60);
    room.class.show(Scene::Race(Race::new(Round::ReadWrite, 10)));
    room.tap(60, "read");
    all_at_once(&mut room, 60, 10);
    let picture = picture(room.race().events());
    let picture = picture.expect("updates are lost");
    assert!(picture.lines().count() <= 20, "{picture}");
    assert!(picture.lines().all(|line| line.chars().count() < 80), "{picture}");
    assert!(picture.contains("writes 1\n\n"), "the last write is shown: {picture}");
}
