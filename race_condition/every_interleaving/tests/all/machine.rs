//! Tests the machine of `every_interleaving` and `scheduler`.

#[path = "../examples/machine/mod.rs"]
mod machine;

use std::collections::HashSet;

use machine::Step::{Add, Check, Load, Lock, Store, StoreSum, Take, Unlock};
use machine::count::{Ends, TooMany};
use machine::{Code, End, Machine, Mutex, State, Step, Thread};

const INCREMENT: Code = once(&[Load, Add, Store]);
const TWICE: Code = Code { body: INCREMENT.body, times: 2 };
const LOCKED: Code = once(&[Lock(Mutex::A), Load, Add, Store, Unlock(Mutex::A)]);
const A_THEN_B: Code = once(&[Lock(Mutex::A), Lock(Mutex::B), Unlock(Mutex::B), Unlock(Mutex::A)]);
const B_THEN_A: Code = once(&[Lock(Mutex::B), Lock(Mutex::A), Unlock(Mutex::A), Unlock(Mutex::B)]);

const fn once(body: &'static [Step]) -> Code {
    Code { body, times: 1 }
}

fn ends(code: &[Code]) -> Vec<(End, u128)> {
    let machine = Machine::new(code);
    machine.ends(&machine.start()).expect("the code is short").into_iter().collect()
}

/// The state after a schedule whose steps can all be taken.
fn after(machine: Machine, schedule: &[usize]) -> State {
    let mut state = machine.start();
    for &thread in schedule {
        machine.step(&mut state, Thread(thread)).expect("it can be taken");
    }
    state
}

#[test]
fn two_increments_have_20_schedules() {
    assert_eq!(ends(&[INCREMENT; 2]), [(End::Counter(1), 18), (End::Counter(2), 2)]);
}

#[test]
fn as_load_and_store_they_have_6() {
    let increment = once(&[Load, StoreSum]);
    assert_eq!(ends(&[increment; 2]), [(End::Counter(1), 4), (End::Counter(2), 2)]);
    // Without the addition every schedule ends at 0; only their number is of interest.
    let load_store = once(&[Load, Store]);
    assert_eq!(ends(&[load_store; 2]), [(End::Counter(0), 6)]);
    assert_eq!(ends(&[load_store; 3]), [(End::Counter(0), 90)]);
}

#[test]
fn four_increments_end_at_2_or_more() {
    let ends = ends(&[TWICE; 2]);
    assert_eq!(ends.iter().map(|(_, schedules)| schedules).sum::<u128>(), 924);
    let values: Vec<End> = ends.into_iter().map(|(end, _)| end).collect();
    assert_eq!(values, [2, 3, 4].map(End::Counter));
}

#[test]
fn three_increments_end_at_any_of_1_2_and_3() {
    let ends = ends(&[INCREMENT; 3]);
    assert_eq!(ends.iter().map(|(_, schedules)| schedules).sum::<u128>(), 1_680);
    // One order of the threads for each of the schedules that lose nothing.
    assert_eq!(ends.last(), Some(&(End::Counter(3), 6)));
}

#[test]
fn twice_is_the_body_two_times() {
    let written_out = once(&[Load, Add, Store, Load, Add, Store]);
    assert_eq!(ends(&[TWICE; 2]), ends(&[written_out; 2]));
    assert_eq!(ends(&[TWICE, written_out]), ends(&[TWICE; 2]));
    assert_eq!((0..7).map(|number| TWICE.step(number)).collect::<Vec<_>>(), {
        let steps = written_out.body.iter().copied().map(Some);
        steps.chain([None]).collect::<Vec<_>>()
    });
}

/// The count of merged states is the count with each schedule played to its end.
#[test]
fn merged_states_are_counted_once_for_each_way_to_them() {
    let twice_locked = Code { body: LOCKED.body, times: 2 };
    // What is loaded is needed twice, and then once more after a step of another kind.
    let stores_twice = once(&[Load, Store, Lock(Mutex::A), StoreSum, Unlock(Mutex::A)]);
    let codes: [&[Code]; 9] = [
        &[INCREMENT; 3],
        &[TWICE, INCREMENT],
        &[INCREMENT, TWICE, INCREMENT],
        &[LOCKED; 3],
        &[twice_locked; 2],
        &[A_THEN_B, B_THEN_A],
        &[A_THEN_B, B_THEN_A, A_THEN_B],
        &[stores_twice; 2],
        &[once(&[Load, Check(1), Take(1), Store]), INCREMENT, TWICE],
    ];
    for code in codes {
        let machine = Machine::new(code);
        let mut played = Ends::new();
        let schedules = machine.schedules();
        for schedule in &schedules {
            let turns: Vec<usize> = schedule.iter().map(|thread| thread.0).collect();
            let end = machine.end(&after(machine, &turns)).expect("it is played to its end");
            *played.entry(end).or_default() += 1;
        }
        assert_eq!(machine.ends(&machine.start()), Ok(played), "{code:?}");
        let different: HashSet<_> = schedules.iter().collect();
        assert_eq!(different.len(), schedules.len(), "each is listed once: {code:?}");
    }
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let ends = |code: &[Code]| {
        let machine = Machine::new(code);
        machine.ends(&machine.start())
    };
    let loads = |times| Code { body: &[Load], times };
    // 128! / 64!² still fits in 128 bits, 132! / 66!² does not.
    let schedules = ends(&[loads(64); 2]).map(|ends| ends.values().sum::<u128>());
    assert_eq!(schedules, Ok(23_951_146_041_928_082_866_135_587_776_380_551_750));
    assert_eq!(ends(&[loads(66); 2]), Err(TooMany::Schedules));
    assert_eq!(ends(&[loads(usize::MAX)]), Err(TooMany::Steps));
}

#[test]
fn with_a_mutex_every_schedule_ends_at_2() {
    assert_eq!(ends(&[LOCKED; 2]), [(End::Counter(2), 2)]);
}

#[test]
fn orders_are_counted_as_if_no_thread_had_to_wait() {
    for (code, orders) in
        [(&[INCREMENT; 2][..], 20), (&[LOCKED; 2], 252), (&[INCREMENT; 3], 1_680), (&[TWICE], 1)]
    {
        assert_eq!(Machine::new(code).orders(), orders);
    }
}

#[test]
fn a_check_that_fails_ends_the_thread() {
    let code = [once(&[Check(60), Take(60)]); 2];
    let machine = Machine::starting_at(100, &code);
    // Both check first, in four orders; or one has taken before the other checks.
    let ends = machine.ends(&machine.start()).expect("the code is short");
    let counts: Vec<(End, u128)> = ends.into_iter().collect();
    assert_eq!(counts, [(End::Counter(-20), 4), (End::Counter(40), 2)]);
    let state = after(machine, &[0, 0, 1]);
    assert_eq!((state.counter(), state.line(Thread(1))), (40, 2));
    assert_eq!(machine.end(&state), Some(End::Counter(40)));
}

#[test]
fn opposite_orders_can_deadlock() {
    let code = [A_THEN_B, B_THEN_A];
    assert_eq!(ends(&code), [(End::Counter(0), 4), (End::Deadlock, 2)]);
    let machine = Machine::new(&code);
    assert_eq!(machine.end(&after(machine, &[0, 1])), Some(End::Deadlock));
    assert_eq!(machine.end(&after(machine, &[0, 0])), None);
}

#[test]
fn the_same_order_cannot() {
    assert!(ends(&[A_THEN_B; 2]).iter().all(|(end, _)| *end != End::Deadlock));
    assert!(ends(&[B_THEN_A; 3]).iter().all(|(end, _)| *end != End::Deadlock));
}

#[test]
fn each_step_does_its_part_alone() {
    let machine = Machine::new(&[LOCKED; 2]);
    assert_eq!(machine.mutexes().collect::<Vec<_>>(), [Mutex::A]);
    assert_eq!((machine.longest(), machine.code(Thread(1))), (5, LOCKED));
    let (first, second) = (Thread(0), Thread(1));
    let state = after(machine, &[0]);
    assert_eq!((machine.holder(&state, Mutex::A), state.register(first)), (Some(first), None));
    let state = after(machine, &[0, 0]);
    assert_eq!((state.counter(), state.register(first)), (0, Some(0)));
    let state = after(machine, &[0, 0, 0]);
    assert_eq!((state.counter(), state.register(first)), (0, Some(1)));
    let state = after(machine, &[0, 0, 0, 0]);
    assert_eq!((state.counter(), machine.holder(&state, Mutex::A)), (1, Some(first)));
    let state = after(machine, &[0, 0, 0, 0, 0]);
    assert_eq!((state.counter(), machine.holder(&state, Mutex::A)), (1, None));
    assert_eq!((state.line(first), state.line(second)), (5, 0));
    assert_eq!(state.register(second), None);
}

#[test]
fn a_refusal_says_who_is_in_the_way() {
    let machine = Machine::new(&[LOCKED; 2]);
    let refused = machine.step(&mut after(machine, &[0]), Thread(1)).expect_err("A is held");
    let sentence = "thread 2 must wait, because thread 1 holds mutex A";
    assert_eq!(refused.to_string(), sentence);
    let refused = machine.step(&mut after(machine, &[0; 5]), Thread(0)).expect_err("no step left");
    assert_eq!(refused.to_string(), "thread 1 has finished and has no step left");
}
