//! How other people's programs are kept in bounds, as far as this system can do that.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs another program with a network of its own, in which there is nothing but itself, with no other
/// processes in sight, and with files that it can only read.
const BWRAP: &[&str] = &[
    "bwrap",
    "--ro-bind",
    "/",
    "/",
    "--dev",
    "/dev",
    "--proc",
    "/proc",
    "--unshare-net",
    "--unshare-pid",
    "--die-with-parent",
];

/// The same, but for the files.
const UNSHARE: &[&str] = &[
    "unshare",
    "--user",
    "--map-root-user",
    "--net",
    "--pid",
    "--mount-proc",
    "--fork",
    "--kill-child",
];

/// The fences, and what brings the network in them up. The first that works here is taken.
const FENCES: [(&[&str], &str); 2] = [(BWRAP, "true"), (UNSHARE, "ip link set lo up")];

/// `ip` may stand where not everybody looks.
const PATHS: &str = "PATH=\"$PATH:/usr/sbin:/sbin\"";

/// What a program may use.
pub struct Limits {
    /// Seconds of a core.
    pub seconds: u32,
    /// MiB of addresses.
    pub mebibytes: u32,
    /// MiB of a file that it writes.
    pub file: u32,
}

/// The bounds that this system has.
pub struct Bounds {
    fence: Option<(&'static [&'static str], &'static str)>,
}

impl Bounds {
    /// Finds out what works here.
    pub fn of_this_system() -> Self {
        let works = |(fence, up): &(&'static [&'static str], &'static str)| {
            let mut command = Command::new(fence[0]);
            command.args(&fence[1..]).args(["sh", "-c", &format!("{PATHS}; {up}")]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            cfg!(target_os = "linux") && command.status().is_ok_and(|status| status.success())
        };
        Self { fence: FENCES.into_iter().find(works) }
    }

    /// What a teacher has to know of them.
    pub fn described(&self) -> String {
        let network = match self.fence {
            Some((fence, _)) => format!(
                "has no network but its own, by `{}`, and ends with all that it has started",
                fence[0]
            ),
            None => {
                "CAN USE THE NETWORK: neither `bwrap` nor `unshare` with `ip` works here".into()
            }
        };
        let memory = if cfg!(unix) {
            "Its time, its memory and its output are limited, and it writes no file"
        } else {
            "Its time and its output are limited, and its MEMORY IS NOT"
        };
        format!("{memory}; it {network}.")
    }

    /// A command that runs a program within them. It may write in this folder.
    pub fn command(&self, program: &Path, limits: &Limits, folder: Option<&Path>) -> Command {
        if !cfg!(unix) {
            return Command::new(program);
        }
        let (fence, up) = self.fence.unwrap_or((&[], "true"));
        let Limits { seconds, mebibytes, file } = limits;
        let (kibibytes, blocks) = (mebibytes * 1024, file * 2048);
        let script = format!(
            "{PATHS}; {up}; ulimit -c 0; ulimit -t {seconds}; ulimit -f {blocks}; \
             ulimit -v {kibibytes} 2>/dev/null; exec \"$0\" \"$@\""
        );
        let mut words: Vec<&OsStr> = fence.iter().map(OsStr::new).collect();
        if let Some(folder) = folder.filter(|_| fence == BWRAP) {
            words.extend([OsStr::new("--bind"), folder.as_os_str(), folder.as_os_str()]);
        }
        words.extend(["sh", "-c", &script].map(OsStr::new));
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).arg(program);
        command
    }
}
