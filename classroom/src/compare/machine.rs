//! The machine that the figures were measured on.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::process::Command;
use std::time::SystemTime;

use basics::words::plural;

/// Says what the figures are measured on, and when.
pub fn this_machine() -> String {
    let cores = plural(num_cpus::get() as u64, "core");
    let processor = processor().map_or(String::new(), |name| format!(" ({name})"));
    let build = if cfg!(debug_assertions) { "dev profile" } else { "release profile" };
    let now = httpdate::fmt_http_date(SystemTime::now());
    format!("{cores}{processor}, {OS} {ARCH}, {build}, {now}")
}

/// The name of the processor, as the system knows it.
fn processor() -> Option<String> {
    let name = match OS {
        "linux" => {
            let about = fs::read_to_string("/proc/cpuinfo").ok()?;
            let line = about.lines().find(|line| line.starts_with("model name"))?;
            line.split_once(':')?.1.to_string()
        }
        "macos" => {
            let asked = Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]).output();
            String::from_utf8(asked.ok()?.stdout).ok()?
        }
        _ => std::env::var("PROCESSOR_IDENTIFIER").ok()?,
    };
    let name = name.trim();
    (!name.is_empty()).then(|| name.into())
}
