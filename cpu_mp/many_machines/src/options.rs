//! The options of this program beside those of `cpu_mp`.

use std::env;

use clap::Arg;
use clap::builder::PossibleValue;

/// What this process does; without it, all.
pub const ROLE: &str = "role";
/// Hands the sums in.
pub const ASK: &str = "ask";
/// Computes sums.
const WORK: &str = "work";
/// Computes sums as long as the one lives that has started it.
pub const WORK_HERE: &str = "work-here";
/// Keeps a server for the one that has started it.
pub const KEEP: &str = "keep";

/// The address of the Redis server.
pub const REDIS: &str = "redis";

pub fn own() -> Vec<Arg> {
    let hidden = |role| PossibleValue::new(role).hide(true);
    let roles = [ASK.into(), WORK.into(), hidden(WORK_HERE), hidden(KEEP)];
    let role = Arg::new(ROLE).value_name("ask|work").value_parser(roles).hide_possible_values(true);
    let role = role.help("Hand the sums in, or compute them [default: both, here]");
    let redis = Arg::new(REDIS).long(REDIS).value_name("URL").value_parser(address);
    let redis = redis.help("The Redis server [default: what REDIS_URL says]");
    match env::var("REDIS_URL") {
        // A password in there is shown to nobody.
        Ok(url) => vec![role, redis.default_value(url).hide_default_value(true)],
        Err(_) => vec![role.requires(REDIS), redis],
    }
}

fn address(text: &str) -> Result<String, &'static str> {
    let url = redis::parse_redis_url(text).is_some();
    url.then(|| text.into()).ok_or("it looks like redis://:PASSWORD@HOST:6379")
}
