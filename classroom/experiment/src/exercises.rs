//! The exercises: their order, their hints, and what their checks are known by.

/// An exercise: a program with a fault, above its check, which is left as it is.
#[derive(Clone, Copy, Debug)]
pub struct Exercise {
    /// The package of its program.
    pub package: &'static str,
    /// The folder of that package.
    pub folder: &'static str,
    /// The name of its program, and of its file.
    pub name: &'static str,
    /// What helps if nothing else does.
    pub hint: &'static str,
    /// The sum of its check, which a check that was edited does not have.
    pub check: u64,
}

/// All exercises, in the order in which one does them.
pub const EXERCISES: [Exercise; 11] = [
    Exercise {
        package: "race_exercises",
        folder: "race_condition",
        name: "broken_counter",
        hint: "The read and the write have to be one step. An `AtomicU64` has a method for \
               that.",
        check: 0xfe83_6354_0136_412c,
    },
    Exercise {
        package: "race_exercises",
        folder: "race_condition",
        name: "half_locked",
        hint: "`lock` returns a guard, and the lock is held until the guard is dropped. Here \
               each line has a guard of its own. Keep one for both lines.",
        check: 0xfec6_6947_ac1c_3489,
    },
    Exercise {
        package: "race_exercises",
        folder: "race_condition",
        name: "check_then_act",
        hint: "What was true when you looked need not be true when you act. The check and the \
               withdrawal have to be under one lock.",
        check: 0x820b_6c1e_a9e2_ca0c,
    },
    Exercise {
        package: "race_exercises",
        folder: "race_condition",
        name: "bank_transfer",
        hint: "If everybody takes the locks in the same order, nobody can hold the second one \
               and wait for the first. Accounts have numbers: lock the lower one first.",
        check: 0xa867_add1_1fa1_633f,
    },
    Exercise {
        package: "race_exercises",
        folder: "race_condition",
        name: "early_flag",
        hint: "The flag promises that the number is there, so it has to come last. But with \
               `Relaxed` another core may see two writes in either order. `Release` for the \
               write of the flag and `Acquire` for its read forbid that.",
        check: 0x17e1_d9a2_9de5_1e54,
    },
    Exercise {
        package: "io_threading",
        folder: "io_threading",
        name: "session_per_page",
        hint: "A session keeps its connection open, so make fewer of them. \
               io_threading/src/main.rs has one for each thread. One for all threads does as \
               well: make it before the pool.",
        check: 0xd7ee_a4ae_33d1_3110,
    },
    Exercise {
        package: "io_threading",
        folder: "io_threading",
        name: "errors_vanish",
        hint: "A parallel iterator can do more than `for_each`: `filter` keeps the pages whose \
               download is `is_ok`, and `collect` makes a `Vec` of them.",
        check: 0x113e_3bef_19a0_607b,
    },
    Exercise {
        package: "io_asyncio",
        folder: "io_asyncio",
        name: "await_in_the_loop",
        hint: "Start all tasks first, and keep what `spawn` returns. Then wait for them in a \
               second loop. A future that is not spawned does nothing yet, nor does an iterator \
               that nobody goes through. tokio's `JoinSet`, as in io_asyncio/src/main.rs, does \
               both.",
        check: 0xe8d1_4b0a_0219_00ab,
    },
    Exercise {
        package: "io_asyncio",
        folder: "io_asyncio",
        name: "blocking_client",
        hint: "`io_lesson::async_session` makes a client whose `send` and `bytes` are awaited. \
               If you have to keep the blocking one, `tokio::task::spawn_blocking` gives each \
               call a thread of its own.",
        check: 0x2d20_772d_ec57_cdcf,
    },
    Exercise {
        package: "io_asyncio",
        folder: "io_asyncio",
        name: "no_limit",
        hint: "A `tokio::sync::Semaphore` with 8 permits: each task waits for a permit before \
               it asks, and keeps it until the page has come. The tasks share it in an `Arc`.",
        check: 0x1a6f_5b82_928c_0301,
    },
    Exercise {
        package: "io_asyncio",
        folder: "io_asyncio",
        name: "sum_blocks_the_loop",
        hint: "`tokio::task::spawn_blocking` computes on a thread of its own, and its result \
               can be awaited. Or go through `numbers()` in a loop, and give the other tasks a \
               turn every million steps: `tokio::task::yield_now().await`.",
        check: 0xe6a3_0c78_e5d0_2aa8,
    },
];
