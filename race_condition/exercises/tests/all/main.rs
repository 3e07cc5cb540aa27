//! Tests of the exercises and of their judge. The faults of the exercises, wrong mends and right ones stand
//! here, because a learner's file may be solved.

mod accounts;
mod counters;
mod every_schedule;
mod flag;
mod judge;

#[test]
fn the_programs_judge_what_is_in_their_files() {
    for program in [
        env!("CARGO_BIN_EXE_bank_transfer"),
        env!("CARGO_BIN_EXE_broken_counter"),
        env!("CARGO_BIN_EXE_check_then_act"),
        env!("CARGO_BIN_EXE_early_flag"),
        env!("CARGO_BIN_EXE_half_locked"),
    ] {
        testing::check_exercise(program);
    }
}
