//! The game on the phones, without a network.

use every_interleaving::LEVELS;

use crate::client::{Client, Room, open};

#[test]
fn orders_that_reach_the_goal_are_counted() {
    let mut room = Room::with_phones(5);
    room.class.play(0);
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
        room.tap(phone, &format!("order/{order}"));
    }
    room.tap(5, "impossible");
    room.tap(5, "impossible");
    let game = room.class.game().expect("the level is played");
    assert_eq!((game.successes(), game.claims()), (3, 1));
    assert_eq!(game.orders(), [("121212", 2), ("112122", 1)]);
}

#[test]
fn the_majority_of_three_seconds_takes_the_step() {
    let mut room = Room::with_phones(5);
    room.class.steer(4);
    for (phone, thread) in [(1, 1), (2, 2), (3, 2), (4, 7), (5, 0)] {
        room.tap(phone, &format!("step/{thread}"));
    }
    room.wait(2.9);
    assert_eq!(room.scene(1)["order"], "");
    room.wait(0.1);
    assert_eq!(room.scene(1)["order"], "2");
    room.wait(60.0);
    assert_eq!(room.scene(1)["order"], "2", "nobody has voted");
    room.tap(1, "step/1");
    room.wait(3.0);
    assert_eq!(room.scene(1)["order"], "2", "thread 1 must wait for the lock");
    for _ in 0..4 {
        room.tap(1, "step/2");
        room.wait(3.0);
    }
    for _ in 0..5 {
        room.tap(1, "step/1");
        room.wait(3.0);
    }
    let game = room.class.game().expect("the class steers");
    assert_eq!(
        (game.order(), game.end()),
        ("2222211111", Some(("The counter ended at 2.", false)))
    );
    let board = game.board();
    assert!(board.contains("counter = 2\n"), "{board}");
}

#[test]
fn the_board_of_every_level_fits_a_screen() {
    let mut room = Room::with_phones(1);
    for level in 0..LEVELS.len() {
        room.class.steer(level);
        let board = room.class.game().expect("the class steers").board();
        assert!(board.lines().all(|line| line.chars().count() <= 78), "{board}");
        assert!(board.lines().count() <= 16, "{board}");
    }
}

#[test]
fn a_level_is_small_and_leads_where_the_machine_leads() {
    let phones = open();
    let mut client = Client::of(&phones);
    phones.class().end();
    for (number, level) in LEVELS.iter().enumerate() {
        let graph = client.ask(&format!("GET /level/{number}")).body;
        assert!(graph.len() < 100_000, "level {}: {} bytes", number + 1, graph.len());
        let graph: serde_json::Value = serde_json::from_slice(&graph).expect("a level is JSON");
        let Some(order) = level.order() else {
            let states = graph["states"].as_array().expect("there are states");
            assert!(states.iter().all(|state| state["is_goal"] == false));
            continue;
        };
        let end = order.iter().fold(0, |at, thread| {
            let next = &graph["states"][at]["next"][thread.0]["Ok"];
            next.as_u64().expect("the step can be taken") as usize
        });
        assert_eq!(graph["states"][end]["is_goal"], true, "level {}", number + 1);
    }
}
