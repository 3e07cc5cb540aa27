//! The job of a run and the engine that does it, with their words in sentences and legends.

/// What a program does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Job {
    /// It downloads pages and waits for answers.
    #[default]
    Download,
    /// It adds up sums and waits for a core at most.
    Sum,
    /// Its threads increment one counter.
    Race,
}

/// What a program does its items with. Each lane of a picture is one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// A thread: the main thread, or one of a pool.
    #[default]
    Thread,
    /// A task.
    Task,
    /// A worker process on this machine.
    Process,
    /// A worker on any machine.
    Worker,
}

impl Job {
    /// All of them, in the order in which they are compared.
    pub const ALL: [Self; 3] = [Self::Download, Self::Sum, Self::Race];

    /// What an item of the job is called.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Download => "download",
            Self::Sum => "sum",
            Self::Race => "turn",
        }
    }

    /// What is seen where an item begins.
    pub(crate) fn begins(self) -> &'static str {
        match self {
            Self::Download => "a download begins",
            Self::Sum => "a sum begins",
            Self::Race => "a thread begins",
        }
    }

    /// What a lane at work does.
    pub(crate) fn works(self) -> &'static str {
        match self {
            Self::Download => "works: asks and reads",
            Self::Sum => "works: adds up",
            Self::Race => "works: increments",
        }
    }

    /// What a lane waits for.
    pub(crate) fn waits(self) -> &'static str {
        match self {
            Self::Download => "waits for an answer",
            Self::Sum | Self::Race => "waits for a core",
        }
    }
}

impl Engine {
    pub(crate) const ALL: [Self; 4] = [Self::Thread, Self::Task, Self::Process, Self::Worker];

    /// What one of them is called.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Task => "task",
            Self::Process => "process",
            Self::Worker => "worker",
        }
    }
}
