//! A class answers on its phones, and is the threads of a race.
//!
//! [`Phones`] is a server in the network of the room, on a thread of its own: nobody ever waits for it.
//! [`Class`] is what the class does; the lesson tells it what to ask, and asks it for the counts.

mod activity;
mod class;
mod game;
mod history;
mod level;
mod network;
mod poster;
mod race;
mod server;
mod view;
mod vote;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Instant;

use tokio::sync::oneshot;

pub use activity::Phone;
pub use class::{Class, MOST_PHONES, Scene, Token};
pub use game::Game;
pub use history::{Event, picture};
pub use network::{Network, choose, listen};
pub use race::{Race, Round};
pub use view::{Button, View};
pub use vote::Vote;

/// The server of the phones. It ends, and closes every connection, when it is dropped.
pub struct Phones {
    address: SocketAddr,
    class: Arc<Mutex<Class>>,
    /// While this is here the server runs.
    _running: oneshot::Sender<()>,
}

impl Phones {
    /// Serves the phones that come to this listener.
    ///
    /// # Errors
    ///
    /// The system has no thread or no file to give.
    pub fn open(listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let class = Arc::new(Mutex::new(Class::new(Instant::now())));
        let (running, ended) = oneshot::channel::<()>();
        let served = Arc::clone(&class);
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        thread::Builder::new().name("phones".into()).spawn(move || {
            runtime.block_on(async {
                tokio::spawn(server::accept(listener, served));
                // With the runtime every connection ends.
                let _ = ended.await;
            });
        })?;
        Ok(Self { address, class, _running: running })
    }

    /// What phones open.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The screen that brings the phones in: for 80 columns and 20 lines.
    ///
    /// `has_colours` says whether the terminal has any. Without them the code is drawn for light letters
    /// on a dark screen.
    pub fn poster(&self, has_colours: bool) -> String {
        poster::poster(&self.url(), &self.class().welcome(), has_colours)
    }

    /// The class as it is now. While somebody has it the phones wait, and so would a second call: use it
    /// in one statement.
    pub fn class(&self) -> MutexGuard<'_, Class> {
        let mut class = server::lock(&self.class);
        class.advance(Instant::now());
        class
    }
}
