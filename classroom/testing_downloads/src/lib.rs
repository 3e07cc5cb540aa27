//! What the tests of downloads share: servers that answer wrongly, and tests that every program that
//! downloads must pass.

pub mod downloads;
pub mod readers;
mod servers;
pub mod tls;

pub use servers::{
    Gate, address_without_server, server_that_answers, server_that_is_silent,
    server_that_redirects_to_itself, server_that_stops_halfway,
};
