//! What the tests of downloads share: tests of what each program does in its own way, and servers that
//! answer wrongly.

pub mod engine;
#[cfg(target_os = "linux")]
mod network;
mod servers;

#[cfg(target_os = "linux")]
pub use network::without_network;

pub use servers::{
    Gate, NOBODY, read_head, serve, server_that_answers, server_that_is_silent,
    server_that_redirects_to, server_that_stalls_halfway, server_that_stops_halfway,
};
