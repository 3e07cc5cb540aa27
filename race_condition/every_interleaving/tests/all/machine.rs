//! The machine, alone.

use std::collections::HashSet;

use every_interleaving::Step::{
    Add, AddSecond, Check, CheckZero, Load, Lock, Put, Set, Sleep, Store, StoreSum, Take, Unlock,
    Wake,
};
use every_interleaving::{Code, End, Ends, Machine, Mutex, State, Step, Thread, TooMany};

const INCREMENT: Code = once(&[Load, Add, Store]);
const TWICE: Code = Code { body: INCREMENT.body, times: 2 };
const LOCKED: Code = once(&[Lock(Mutex::A), Load, Add, Store, Unlock(Mutex::A)]);
const TWICE_LOCKED: Code = Code { body: LOCKED.body, times: 2 };
const A_THEN_B: Code = once(&[Lock(Mutex::A), Lock(Mutex::B), Unlock(Mutex::B), Unlock(Mutex::A)]);
const B_THEN_A: Code = once(&[Lock(Mutex::B), Lock(Mutex::A), Unlock(Mutex::A), Unlock(Mutex::B)]);
// What is loaded is needed twice, and then once more after a step of another kind.
const STORES_TWICE: Code = once(&[Load, Store, Lock(Mutex::A), StoreSum, Unlock(Mutex::A)]);
const TAKES: Code = once(&[Check(60), Take(60)]);
const STORES_AFTER_TAKING: Code = once(&[Load, Check(1), Take(1), Store]);

const WAIT: Code = once(&[CheckZero, Sleep]);
const NOTIFY: Code = once(&[Set, Wake]);
const MOVE: Code = once(&[Lock(Mutex::A), Take(60), Put(60), Unlock(Mutex::A)]);
const COUNT: Code = once(&[Load, AddSecond]);

const fn once(body: &'static [Step]) -> Code {
    Code { body, times: 1 }
}

fn ends(code: &'static [Code]) -> Vec<(End, u128)> {
    let machine = Machine::new(code);
    machine.ends(&machine.start()).expect("the code is short").into_iter().collect()
}

/// The state after a schedule whose steps can all be taken.
fn after(machine: &Machine, schedule: impl IntoIterator<Item = usize>) -> State {
    let mut state = machine.start();
    for thread in schedule {
        machine.step(&mut state, Thread(thread)).expect("it can be taken");
    }
    state
}

#[test]
fn increments_can_be_lost_and_a_lock_prevents_it() {
    let counts = |code| ends(code).into_iter().map(|(_, count)| count).collect::<Vec<_>>();
    assert_eq!(ends(&[INCREMENT; 2]), [(End::Counter(1), 18), (End::Counter(2), 2)]);
    assert_eq!(ends(&[LOCKED; 2]), [(End::Counter(2), 2)]);
    // One order of the threads for each of the schedules that lose nothing.
    assert_eq!(ends(&[INCREMENT; 3]).last(), Some(&(End::Counter(3), 6)));
    let ends = ends(&[TWICE; 2]).into_iter().map(|(end, _)| end);
    assert_eq!(ends.collect::<Vec<_>>(), [2, 3, 4].map(End::Counter));
    assert_eq!(counts(&[TWICE; 2]).iter().sum::<u128>(), 924);
}

#[test]
fn twice_is_the_body_two_times() {
    let steps = [Load, Add, Store, Load, Add, Store].map(Some);
    assert_eq!([0, 1, 2, 3, 4, 5].map(|number| TWICE.step(number)), steps);
    assert_eq!((TWICE.length(), TWICE.step(6)), (6, None));
}

/// The count of merged states is the count with each schedule played to its end.
#[test]
fn merged_states_are_counted_once_for_each_way_to_them() {
    let codes: [&[Code]; 11] = [
        &[INCREMENT; 3],
        &[TWICE, INCREMENT],
        &[INCREMENT, TWICE, INCREMENT],
        &[LOCKED; 3],
        &[TWICE_LOCKED; 2],
        &[A_THEN_B, B_THEN_A],
        &[A_THEN_B, B_THEN_A, A_THEN_B],
        &[STORES_TWICE; 2],
        &[STORES_AFTER_TAKING, INCREMENT, TWICE],
        &[WAIT, WAIT, NOTIFY],
        &[MOVE, COUNT],
    ];
    for code in codes {
        let machine = Machine::new(code);
        let schedules = machine.schedules();
        let mut played = Ends::new();
        for schedule in &schedules {
            let state = after(&machine, schedule.iter().map(|thread| thread.0));
            let end = machine.end(&state).expect("it is played to its end");
            *played.entry(end).or_default() += 1;
        }
        assert_eq!(machine.ends(&machine.start()), Ok(played), "{code:?}");
        let different: HashSet<_> = schedules.iter().collect();
        assert_eq!(different.len(), schedules.len(), "each is listed once: {code:?}");
    }
}

#[test]
fn what_cannot_be_counted_is_refused() {
    const LOADS_64: Code = Code { body: &[Load], times: 64 };
    const LOADS_66: Code = Code { body: &[Load], times: 66 };
    const ENDLESS: Code = Code { body: &[Load], times: usize::MAX };
    let ends = |code| {
        let machine = Machine::new(code);
        machine.ends(&machine.start())
    };
    // 128! / 64!² still fits in 128 bits, 132! / 66!² does not.
    let schedules = ends(&[LOADS_64; 2]).map(|ends| ends.values().sum::<u128>());
    assert_eq!(schedules, Ok(23_951_146_041_928_082_866_135_587_776_380_551_750));
    assert_eq!(Machine::new(&[LOADS_64; 2]).orders(), schedules);
    assert_eq!(ends(&[LOADS_66; 2]), Err(TooMany::Schedules));
    assert_eq!(Machine::new(&[LOADS_66; 2]).orders(), Err(TooMany::Schedules));
    assert_eq!(ends(&[ENDLESS]), Err(TooMany::Steps));
}

#[test]
fn orders_are_counted_as_if_no_thread_had_to_wait() {
    let codes: [&[Code]; 4] = [&[INCREMENT; 2], &[LOCKED; 2], &[INCREMENT; 3], &[TWICE]];
    let orders = codes.map(|code| Machine::new(code).orders());
    assert_eq!(orders, [20, 252, 1_680, 1].map(Ok));
}

#[test]
fn a_check_that_fails_ends_the_thread() {
    let machine = Machine::starting_at(100, &[TAKES; 2]);
    // Both check first, in four orders; or one has taken before the other checks.
    let ends = machine.ends(&machine.start()).expect("the code is short");
    let counts: Vec<(End, u128)> = ends.into_iter().collect();
    assert_eq!(counts, [(End::Counter(-20), 4), (End::Counter(40), 2)]);
    let state = after(&machine, [0, 0, 1]);
    assert_eq!((state.counter(), state.line(Thread(1))), (40, 2));
    assert_eq!(machine.end(&state), Some(End::Counter(40)));
}

#[test]
fn a_wake_up_before_the_sleep_is_lost() {
    // Lost only if both steps of the other thread come between the check and the sleep.
    assert_eq!(ends(&[WAIT, NOTIFY]), [(End::Counter(1), 4), (End::Asleep, 1)]);
    let machine = Machine::new(&[WAIT, WAIT, NOTIFY]);
    let state = after(&machine, [0, 0, 1, 2, 2]);
    assert_eq!((state.sleeper(), state.line(Thread(0))), (None, 2), "the first one is awake");
    let state = after(&machine, [0, 0, 1, 2, 2, 1]);
    assert_eq!((state.sleeper(), machine.end(&state)), (Some(Thread(1)), Some(End::Asleep)));
}

#[test]
fn a_reader_without_the_lock_sees_half_a_move() {
    let machine = Machine::starting_at(100, &[MOVE, COUNT]);
    let ends = machine.ends(&machine.start()).expect("the code is short");
    let totals: Vec<(End, u128)> = ends.into_iter().collect();
    assert_eq!(totals, [(End::Total(40), 1), (End::Total(100), 10), (End::Total(160), 4)]);
    assert_eq!(after(&machine, [0, 0, 0]).second(), 60);
}

#[test]
fn opposite_orders_can_deadlock_and_the_same_order_cannot() {
    assert_eq!(ends(&[A_THEN_B, B_THEN_A]), [(End::Counter(0), 4), (End::Deadlock, 2)]);
    let machine = Machine::new(&[A_THEN_B, B_THEN_A]);
    assert_eq!(machine.end(&after(&machine, [0, 1])), Some(End::Deadlock));
    assert_eq!(machine.end(&after(&machine, [0, 0])), None);
    assert!(ends(&[B_THEN_A; 3]).iter().all(|(end, _)| *end != End::Deadlock));
}

#[test]
fn each_step_does_its_part_alone() {
    let machine = Machine::new(&[LOCKED; 2]);
    assert_eq!(machine.mutexes().collect::<Vec<_>>(), [Mutex::A]);
    let (first, second) = (Thread(0), Thread(1));
    let moments = [1, 2, 3, 4, 5].map(|steps| {
        let state = after(&machine, vec![0; steps]);
        assert_eq!((state.line(first), state.line(second)), (steps, 0));
        assert_eq!(state.register(second), None);
        (state.register(first), state.counter(), machine.holder(&state, Mutex::A))
    });
    let expected = [
        (None, 0, Some(first)),
        (Some(0), 0, Some(first)),
        (Some(1), 0, Some(first)),
        (Some(1), 1, Some(first)),
        (Some(1), 1, None),
    ];
    assert_eq!(moments, expected);
}

#[test]
fn a_refusal_says_who_is_in_the_way() {
    let machine = Machine::new(&[LOCKED; 2]);
    let refusal = machine.step(&mut after(&machine, [0]), Thread(1)).expect_err("A is held");
    let sentence = "thread 2 must wait, because thread 1 holds mutex A";
    assert_eq!(refusal.to_string(), sentence);
    let refusal = machine.step(&mut after(&machine, [0; 5]), Thread(0)).expect_err("it is done");
    assert_eq!(refusal.to_string(), "thread 1 has finished and has no step left");
}
