//! The engine of `io_asyncio` alone: one thread, and a task for each page.

use std::env;
use std::time::Instant;

use reqwest::Client;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

async fn download(client: Client, url: String) {
    match read(&client, &url).await {
        Ok(length) => println!("Read {length} from {url}"),
        Err(error) => eprintln!("{error}"),
    }
}

async fn read(client: &Client, url: &str) -> reqwest::Result<usize> {
    Ok(client.get(url).send().await?.error_for_status()?.bytes().await?.len())
}

fn main() -> std::io::Result<()> {
    // Leave this line out in a crate of your own: there reqwest brings its own provider.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let urls: Vec<String> = env::args().skip(1).collect();

    let start = Instant::now();
    Builder::new_current_thread().enable_all().build()?.block_on(async {
        let client = Client::new();
        let mut tasks = JoinSet::new();
        for url in &urls {
            tasks.spawn(download(client.clone(), url.clone()));
        }
        tasks.join_all().await;
    });
    println!("{} pages in {:.3} seconds", urls.len(), start.elapsed().as_secs_f64());
    Ok(())
}
