//! The networks that this computer is in, and a port in one of them.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// The port that is asked for first: short to type.
const PORT: u16 = 8000;

/// How many phones may knock at the same moment.
const BACKLOG: i32 = 256;

/// A network that this computer is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    /// What the system calls it.
    pub name: String,
    /// The address of this computer in it.
    pub address: Ipv4Addr,
}

/// The networks in which phones can be, those first that rooms have.
///
/// # Errors
///
/// The system does not tell.
pub fn networks() -> io::Result<Vec<Network>> {
    let all = if_addrs::get_if_addrs()?.into_iter().filter(|it| !it.is_loopback());
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
    listen_on(SocketAddr::new(address, PORT)).or_else(|_| listen_on(SocketAddr::new(address, 0)))
}

fn listen_on(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if cfg!(unix) {
        // A port that was served a moment ago can be served again. (On Windows the option means
        // something else: that two programs share the port.)
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
