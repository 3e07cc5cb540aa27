//! The engine of `io_threading` alone: a pool of threads, and a session that all of them share.

use std::env;
use std::time::Instant;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use reqwest::blocking::Client;

const THREADS: usize = 5;

fn download(client: &Client, url: &str) -> reqwest::Result<usize> {
    Ok(client.get(url).send()?.error_for_status()?.bytes()?.len())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Leave this line out in a crate of your own: there reqwest brings its own provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let urls: Vec<String> = env::args().skip(1).collect();

    let start = Instant::now();
    let client = Client::new();
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    pool.install(|| {
        urls.par_iter().with_max_len(1).for_each(|url| match download(&client, url) {
            Ok(length) => println!("Read {length} from {url}"),
            Err(error) => eprintln!("{error}"),
        });
    });
    println!("{} pages in {:.3} seconds", urls.len(), start.elapsed().as_secs_f64());
    Ok(())
}
