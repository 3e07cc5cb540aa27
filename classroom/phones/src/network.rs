//! The networks that this computer is in, and a port in one of them.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::net::{IpAddr, Ipv4Addr, TcpListener};

use basics::error::{Error, Result};

/// The port that is asked for first: short to type.
const PORT: u16 = 8000;

/// A network that this computer is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// What the system calls it.
    pub name: String,
    /// The address of this computer in it.
    pub address: Ipv4Addr,
}

/// As a person names it: `192.168.4.1 (wlan0)`.
impl Display for Network {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.address, self.name)
    }
}

/// The network in which phones are to come: the one with this address, or the only one. Only who asks
/// for 127.0.0.1 gets it: it is for a lesson that is tried alone.
///
/// # Errors
///
/// There is no such network, or several.
pub fn choose(wanted: Option<Ipv4Addr>) -> Result<Network> {
    let networks = networks().map_err(|error| {
        Error::new(format!("Cannot find out which networks this computer is in: {error}"))
    })?;
    choose_from(&networks, wanted)
}

fn choose_from(networks: &[Network], wanted: Option<Ipv4Addr>) -> Result<Network> {
    if let Some(chosen) = networks.iter().find(|network| Some(network.address) == wanted) {
        return Ok(chosen.clone());
    }
    let reached: Vec<&Network> = networks.iter().filter(|it| !it.address.is_loopback()).collect();
    let names: Vec<String> = reached.iter().map(ToString::to_string).collect();
    let names = names.join(", ");
    Err(Error::new(match (&reached[..], wanted) {
        ([only], None) => return Ok((*only).clone()),
        ([], _) => "This computer is in no network. Join the room's, or open your own".into(),
        (_, Some(wanted)) => format!("This computer has no address {wanted}; it has {names}"),
        (_, None) => format!(
            "This computer is in several networks; choose that of the phones with --address: {names}"
        ),
    }))
}

fn networks() -> io::Result<Vec<Network>> {
    let all = if_addrs::get_if_addrs()?.into_iter();
    let network = |it: if_addrs::Interface| match it.ip() {
        IpAddr::V4(address) if !address.is_link_local() => Some(Network { name: it.name, address }),
        _ => None,
    };
    let mut networks: Vec<Network> = all.filter_map(network).collect();
    networks.sort_by_key(|network| (!network.address.is_private(), network.address));
    Ok(networks)
}

/// Listens at this address and no other: on port 8000, or if that is taken on any.
///
/// # Errors
///
/// This computer has no such address, or no port is free.
pub fn listen(address: IpAddr) -> io::Result<TcpListener> {
    TcpListener::bind((address, PORT)).or_else(|_| TcpListener::bind((address, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_chosen_or_named() {
        let network = |last, name: &str| Network {
            name: name.into(),
            address: Ipv4Addr::new(10, 0, 0, last),
        };
        let local = Network { name: "lo".into(), address: Ipv4Addr::LOCALHOST };
        let both = [network(1, "wlan0"), network(2, "docker0")];
        let one = [local.clone(), network(1, "wlan0")];
        let address = |last| Some(Ipv4Addr::new(10, 0, 0, last));
        for (networks, wanted, name) in [
            (&both[..], address(2), "docker0"),
            (&one[..], None, "wlan0"),
            (&one[..], Some(local.address), "lo"),
        ] {
            let chosen = choose_from(networks, wanted).map(|network| network.name);
            assert_eq!(chosen.ok().as_deref(), Some(name));
        }
        for (networks, wanted, sentence) in [
            (&one[..1], None, "This computer is in no network"),
            (&both[..], None, "with --address: 10.0.0.1 (wlan0), 10.0.0.2 (docker0)"),
            (&one[..], address(9), "no address 10.0.0.9; it has 10.0.0.1 (wlan0)"),
        ] {
            let refused = choose_from(networks, wanted).expect_err(sentence).to_string();
            assert!(refused.contains(sentence), "{refused}");
        }
    }
}
