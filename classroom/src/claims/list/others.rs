//! The claims that the article does not make, in the order of the other texts.

use experiment::Verdict::{DoesNotHoldHere, Holds, HoldsDifferently, PythonOnly};

use crate::claims::claim::Claim;
use crate::claims::trial as by;

pub const CLAIMS: &[Claim] = &[
    Claim {
        number: "C14",
        texts: "001",
        heading: "The difference between threads and processes",
        wording: "Threads switch so fast that they only seem to run side by side.",
        trial: by::STARVING,
        reasons: &[(
            HoldsDifferently,
            "With a core for each thread they do run side by side; they switch when there are more.",
        )],
    },
    Claim {
        number: "C61",
        texts: "001 003",
        heading: "The difference between threads and processes",
        wording: "A process can clone itself.",
        trial: by::OWN_MEMORY,
        reasons: &[(
            HoldsDifferently,
            "The standard library has no fork: a program is started again, with nothing but its \
             arguments and pipes.",
        )],
    },
    Claim {
        number: "C91",
        texts: "001",
        heading: "Python concurrency with threads",
        wording: "One thread is always running, so threads cannot interfere.",
        trial: by::GIL,
        reasons: &[(
            DoesNotHoldHere,
            "At most one thread ran at a time, and another one wrote between its read and its write.",
        )],
    },
    Claim {
        number: "C79",
        texts: "001",
        heading: "Python concurrency with multiprocessing",
        wording: "Speed grows linearly with the processors.",
        trial: by::SCALING,
        reasons: &[(
            HoldsDifferently,
            "It grows up to the number of cores; more threads or processes add nothing.",
        )],
    },
    Claim {
        number: "C80",
        texts: "001",
        heading: "Python concurrency with multiprocessing",
        wording: "A recursive algorithm cannot be made parallel.",
        trial: by::RECURSION,
        reasons: &[(DoesNotHoldHere, "The two calls of a recursion can run on two threads.")],
    },
    Claim {
        number: "C66",
        texts: "001 003",
        heading: "Python concurrency with multiprocessing",
        wording: "Threads need less memory than processes.",
        trial: by::PRICE_LIST,
        reasons: &[(Holds, "Threads share what a process must have for itself.")],
    },
    Claim {
        number: "C84",
        texts: "001",
        heading: "Should I look into Python concurrency?",
        wording: "Look for a better algorithm or a cache first.",
        trial: by::BETTER_ALGORITHM,
        reasons: &[(Holds, "A formula replaces the whole loop.")],
    },
    Claim {
        number: "C86",
        texts: "001",
        heading: "Should I look into Python concurrency?",
        wording: "Reuse objects, because garbage collection costs time.",
        trial: by::BETTER_ALGORITHM,
        reasons: &[(PythonOnly, "Rust has no garbage collection, but to allocate is not free.")],
    },
    Claim {
        number: "C87",
        texts: "001",
        heading: "Should I look into Python concurrency?",
        wording: "Avoid deep recursion.",
        trial: by::BETTER_ALGORITHM,
        reasons: &[(HoldsDifferently, "In Rust a stack that is full ends the program.")],
    },
    Claim {
        number: "C98",
        texts: "001",
        heading: "Should I look into Python concurrency?",
        wording: "Measure and do less before you use more machines; most software waits.",
        trial: by::BETTER_ALGORITHM,
        reasons: &[(
            Holds,
            "What is never computed needs no machine; that most software waits is not tried.",
        )],
    },
    Claim {
        number: "C85",
        texts: "001",
        heading: "PyPy",
        wording: "PyPy makes a program 4.4 times as fast without a change.",
        trial: by::BETTER_ALGORITHM,
        reasons: &[(
            PythonOnly,
            "Rust is compiled; there it is the optimisation that is switched on.",
        )],
    },
    Claim {
        number: "C15",
        texts: "002",
        heading: "What is Concurrency?",
        wording: "Concurrency is about structure, parallelism is about execution.",
        trial: by::MIXED_JOB,
        reasons: &[(
            Holds,
            "Tasks let the waits overlap, by structure; a pool computes at the same time, too.",
        )],
    },
    Claim {
        number: "C16",
        texts: "002",
        heading: "What is Concurrency?",
        wording: "Concurrency keeps a program responsive.",
        trial: by::STARVING,
        reasons: &[(Holds, "A heartbeat stays on time if no task holds the thread.")],
    },
    Claim {
        number: "C93",
        texts: "002",
        heading: "threading - The Classic Approach",
        wording: "The GIL is released while a thread waits for I/O.",
        trial: by::GIL,
        reasons: &[(PythonOnly, "A lock that is released during the wait makes nobody else wait.")],
    },
    Claim {
        number: "C37",
        texts: "002",
        heading: "Example: Downloading Multiple Files",
        wording: "Three files take a third of the time with a thread for each.",
        trial: by::DOWNLOAD_FILES,
        reasons: &[(Holds, "All three wait at the same time.")],
    },
    Claim {
        number: "C38",
        texts: "002",
        heading: "Example: Downloading Multiple Files",
        wording: "A download that fails is reported as an error.",
        trial: by::DOWNLOAD_FILES,
        reasons: &[(
            HoldsDifferently,
            "requests.get counts a page that says 404 as finished; here it is an error.",
        )],
    },
    Claim {
        number: "C94",
        texts: "002",
        heading: "multiprocessing - Bypassing the GIL",
        wording: "Numerical work, such as with NumPy, needs processes.",
        trial: by::Trial::Idea(
            "It is about a library of Python, which often releases the GIL while it computes, so \
             that threads may serve.",
        ),
        reasons: &[],
    },
    Claim {
        number: "C83",
        texts: "002",
        heading: "Example: CPU-Bound Task",
        wording: "Four processes find the primes below 100,000 in less than a third of the time.",
        trial: by::PRIMES,
        reasons: &[(
            DoesNotHoldHere,
            "That is too little work: to start the processes costs more than they save.",
        )],
    },
    Claim {
        number: "C62",
        texts: "002",
        heading: "Example: CPU-Bound Task",
        wording: "Without its guard a program starts processes without end.",
        trial: by::OWN_MEMORY,
        reasons: &[(
            HoldsDifferently,
            "A program that starts itself again must first ask whether it is the worker.",
        )],
    },
    Claim {
        number: "C97",
        texts: "002",
        heading: "asyncio - The Modern, High-Performance I/O Approach",
        wording: "gather runs several coroutines at once and waits for all.",
        trial: by::FETCH_PAGES,
        reasons: &[(Holds, "join_all polls all of them in one task, without a spawn.")],
    },
    Claim {
        number: "C39",
        texts: "002 003",
        heading: "Summary: Which One to Choose?",
        wording: "Thousands of connections need asyncio.",
        trial: by::PRICE_LIST,
        reasons: &[(
            HoldsDifferently,
            "The system bears 10,000 threads, too; tasks take a small part of their memory and time.",
        )],
    },
    Claim {
        number: "C50",
        texts: "003",
        heading: "Python's 3 \"concurrent\" paradigms",
        wording: "Threads share memory, so each can change a global variable.",
        trial: by::OWN_MEMORY,
        reasons: &[(
            HoldsDifferently,
            "A global that threads change must be made for it: an atomic, or a lock around it.",
        )],
    },
    Claim {
        number: "C18",
        texts: "003",
        heading: "Python's 3 \"concurrent\" paradigms",
        wording: "Coroutines let the programmer decide when to yield.",
        trial: by::EVENT_LOOP,
        reasons: &[(Holds, "A task yields at its .await, and nowhere else.")],
    },
    Claim {
        number: "C17",
        texts: "003",
        heading: "Python's 3 \"concurrent\" paradigms",
        wording: "Coroutines run on a single thread.",
        trial: by::SUMS_AS_TASKS,
        reasons: &[(
            HoldsDifferently,
            "It is so where one chooses it; the usual runtime of tokio has a thread for each core.",
        )],
    },
    Claim {
        number: "C64",
        texts: "003",
        heading: "Multiprocessing",
        wording: "With processes there is no data corruption and no deadlock.",
        trial: by::ZOMBIES_AND_ORPHANS,
        reasons: &[(
            DoesNotHoldHere,
            "A parent that waits for its child's end, and a child that waits for its reader, wait \
             for ever.",
        )],
    },
    Claim {
        number: "C67",
        texts: "003",
        heading: "Multiprocessing",
        wording: "Processes pay only if the work takes much longer than their start.",
        trial: by::CHUNKS,
        reasons: &[(Holds, "Below that size the start is most of the time.")],
    },
    Claim {
        number: "C63",
        texts: "003",
        heading: "Multiprocessing",
        wording: "Without join, a parent that ends early leaves zombies.",
        trial: by::ZOMBIES_AND_ORPHANS,
        reasons: &[(
            DoesNotHoldHere,
            "It leaves orphans; a zombie is a dead child whose parent lives and has not waited.",
        )],
    },
    Claim {
        number: "C70",
        texts: "003 000",
        heading: "Multiprocessing",
        wording: "Processes exchange data through queues and pipes.",
        trial: by::OWN_MEMORY,
        reasons: &[(Holds, "A job goes to a worker through a pipe, and its answer comes back.")],
    },
    Claim {
        number: "C51",
        texts: "003",
        heading: "Multithreading",
        wording: "With threads, code can no longer be understood by looking at it alone.",
        trial: by::REFUSED_COUNTERS,
        reasons: &[(
            HoldsDifferently,
            "What one thread may change, no other may see meanwhile; an update can be lost all the \
             same.",
        )],
    },
    Claim {
        number: "C52",
        texts: "003 002",
        heading: "Multithreading",
        wording: "Threads print while others print.",
        trial: by::TORN_LINES,
        reasons: &[(
            HoldsDifferently,
            "println! locks the output for a whole line; Python's print breaks lines.",
        )],
    },
    Claim {
        number: "C53",
        texts: "003",
        heading: "Multithreading",
        wording: "Threads that nobody joins still finish their work.",
        trial: by::TWO_THREADS,
        reasons: &[(
            DoesNotHoldHere,
            "Rust does not wait for them: what they have not printed when main ends is lost.",
        )],
    },
];
