//! The engine of `io_non_concurrent` alone: one page after the other.

use std::env;
use std::time::Instant;

use reqwest::blocking::Client;

fn download(client: &Client, url: &str) -> reqwest::Result<usize> {
    Ok(client.get(url).send()?.error_for_status()?.bytes()?.len())
}

fn main() {
    // Leave this line out in a crate of your own: there reqwest brings its own provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let urls: Vec<String> = env::args().skip(1).collect();

    let start = Instant::now();
    let client = Client::new();
    for url in &urls {
        match download(&client, url) {
            Ok(length) => println!("Read {length} from {url}"),
            Err(error) => eprintln!("{error}"),
        }
    }
    println!("{} pages in {:.3} seconds", urls.len(), start.elapsed().as_secs_f64());
}
