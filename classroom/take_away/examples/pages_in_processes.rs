//! The engine of `io_mp` alone: this program starts itself again for each part of the pages.

use std::env;
use std::process::Command;
use std::time::Instant;

use reqwest::blocking::Client;

fn download(client: &Client, url: &str) -> reqwest::Result<usize> {
    Ok(client.get(url).send()?.error_for_status()?.bytes()?.len())
}

fn work(urls: &[String]) {
    let client = Client::new();
    for url in urls {
        match download(&client, url) {
            Ok(length) => println!("Read {length} from {url}"),
            Err(error) => eprintln!("{error}"),
        }
    }
}

fn main() -> std::io::Result<()> {
    // Leave this line out in a crate of your own: there reqwest brings its own provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let urls: Vec<String> = env::args().skip(1).collect();
    if let [first, urls @ ..] = &urls[..]
        && first == "--part"
    {
        work(urls);
        return Ok(());
    }

    let start = Instant::now();
    let parts = urls.chunks(urls.len().div_ceil(num_cpus::get()).max(1));
    let start_one =
        |part: &[String]| Command::new(env::current_exe()?).arg("--part").args(part).spawn();
    let children = parts.map(start_one).collect::<Result<Vec<_>, _>>()?;
    for mut child in children {
        child.wait()?;
    }
    println!("{} pages in {:.3} seconds", urls.len(), start.elapsed().as_secs_f64());
    Ok(())
}
