//! Has cargo build the programs, as a user would.

use std::path::Path;
use std::process::Command;

/// A command that builds a program as `cargo run -p` does, and tells of it in JSON.
///
/// One program at a time, because cargo would build several with each other's features.
#[must_use]
pub fn build(program: &str) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--message-format=json", "-p", program, "--manifest-path"])
        .arg(root);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    // `cargo run` has set them for this process, and a crate that looks at them (ring does) would be
    // built anew, and once more when a user builds it.
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            command.env_remove(&variable);
        }
    }
    command
}
