//! The options of this program beside those of `cpu_mp`.

use std::env;

use clap::{Arg, ArgAction, ArgMatches};

/// What this process does.
pub enum Role {
    /// All of it, on this machine.
    All,
    /// Hands the sums in.
    Ask { url: String },
    /// Computes sums; `owned` by the process at the other end of its standard input.
    Work { url: String, owned: bool },
}

pub fn own() -> [Arg; 3] {
    let role = Arg::new("role").value_name("ask|work").value_parser(["ask", "work"]);
    let role = role.help("Hand the sums in, or compute them [default: both, here]");
    let redis = Arg::new("redis").long("redis").value_name("URL").value_parser(address);
    let redis = redis.help("The Redis server [default: what REDIS_URL says]");
    let owned = Arg::new("owned").long("owned").action(ArgAction::SetTrue).hide(true);
    [
        role.help("Hand the sums in, or compute them [default: both, here]")
            .hide_possible_values(true),
        match env::var("REDIS_URL") {
            // A password in there is shown to nobody.
            Ok(url) => redis.default_value(url).hide_default_value(true),
            Err(_) => redis.required_if_eq_any([("role", "ask"), ("role", "work")]),
        },
        owned,
    ]
}

fn address(text: &str) -> Result<String, &'static str> {
    let url = redis::parse_redis_url(text).is_some();
    url.then(|| text.into()).ok_or("it looks like redis://:PASSWORD@HOST:6379")
}

pub fn role(options: &ArgMatches) -> Role {
    let url = options.get_one::<String>("redis").cloned().unwrap_or_default();
    match options.get_one::<String>("role").map(String::as_str) {
        Some("ask") => Role::Ask { url },
        Some(_) => Role::Work { url, owned: options.get_flag("owned") },
        None => Role::All,
    }
}
