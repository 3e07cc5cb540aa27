//! A machine that cannot even reach itself.

use std::process::Command;

use testing::command;

/// A command that runs a program where no address can be reached, or `None` where the system does not
/// let us.
pub fn without_network(program: &str) -> Option<Command> {
    // A network of its own, in which nothing has been set up.
    let arguments = ["--map-root-user", "--net"];
    let is_possible = Command::new("unshare").args(arguments).arg("true").status();
    is_possible.is_ok_and(|status| status.success()).then(|| {
        let mut command = command("unshare", &arguments);
        command.arg(program);
        command
    })
}
