//! The game on the phones, without a network.

use every_interleaving::LEVELS;
use phones::{Game, Scene};
use testing::Phone;

use crate::room::{Room, open};

fn game(level: usize, is_steered: bool) -> Scene {
    Scene::Game(Game::new(level, is_steered).expect("there is such a level"))
}

#[test]
fn orders_that_reach_the_goal_are_counted() {
    let mut room = Room::with_phones(5);
    room.class.show(game(0, false));
    for (phone, order) in [
        (1, "112122"), // 2 loads before 1 has stored
        (2, "121212"),
        (3, "121212"),
        (3, "112122"),  // one order for each phone
        (4, "111222"),  // ends at 2
        (4, "12121"),   // is not over
        (4, "1212129"), // there is no thread 9
        (4, "0"),
        (4, "one"),
        (4, ""),
    ] {
        room.tap(phone, order);
    }
    room.tap(5, "impossible");
    room.tap(5, "impossible");
    // Who has found that it can be done, or takes the claim back, does not claim it.
    room.tap(2, "impossible");
    room.tap(4, "impossible");
    room.tap(4, "possible");
    room.tap(2, "121212");
    assert_eq!(room.game().claims(), 1);
    assert_eq!(room.game().orders(), [("121212", 2), ("112122", 1)]);
}

/// The steps that the class has taken.
fn order(room: &Room) -> String {
    let board = room.game().board().expect("the class steers");
    let order = board.lines().find_map(|line| line.strip_prefix("Steps so far: "));
    order.expect("it is shown").split(',').next().unwrap_or_default().replace("none", "")
}

#[test]
fn the_majority_of_three_seconds_takes_the_step() {
    let mut room = Room::with_phones(5);
    room.class.show(game(4, true));
    for (phone, thread) in [(1, 1), (2, 2), (3, 2), (4, 7), (5, 0)] {
        room.tap(phone, &thread.to_string());
    }
    room.wait(2.9);
    assert_eq!(order(&room), "");
    room.wait(0.1);
    assert_eq!(order(&room), "2");
    room.wait(60.0);
    assert_eq!(order(&room), "2", "nobody has voted");
    room.tap(1, "1");
    room.wait(3.0);
    assert_eq!(order(&room), "2", "thread 1 must wait for the lock");
    for _ in 0..4 {
        room.tap(1, "2");
        room.wait(3.0);
    }
    for _ in 0..5 {
        room.tap(1, "1");
        room.wait(3.0);
    }
    assert_eq!(order(&room), "2222211111");
    let board = room.game().board().expect("the class steers");
    assert!(board.contains("The counter ended at 2. That is not the goal."), "{board}");
    assert_eq!(room.view(1).said, "The counter ended at 2. That is not the goal.");
}

#[test]
fn the_board_of_every_level_fits_a_screen() {
    let mut room = Room::with_phones(1);
    for level in 0..LEVELS.len() {
        room.class.show(game(level, true));
        let board = room.game().board().expect("the class steers");
        assert!(board.lines().all(|line| line.chars().count() <= 78), "{board}");
        assert!(board.lines().count() <= 18, "{board}");
    }
}

#[test]
fn a_level_is_small_and_leads_where_the_machine_leads() {
    let phones = open();
    let mut phone = Phone::of(&phones.url());
    phones.class().show(Scene::End);
    for (number, level) in LEVELS.iter().enumerate() {
        let graph = phone.ask(&format!("GET /level/{number}")).body;
        assert!(graph.len() < 150_000, "level {}: {} bytes", number + 1, graph.len());
        let graph: serde_json::Value = serde_json::from_slice(&graph).expect("a level is JSON");
        let Some(order) = level.order() else {
            let states = graph["states"].as_array().expect("there are states");
            assert!(states.iter().all(|state| state["is_goal"] == false));
            continue;
        };
        let end = order.iter().fold(0, |at, thread| {
            let next = &graph["states"][at]["buttons"][thread.0]["press"];
            next.as_str().and_then(|it| it.parse().ok()).expect("the step can be taken")
        });
        assert_eq!(graph["states"][end]["is_goal"], true, "level {}", number + 1);
    }
}
