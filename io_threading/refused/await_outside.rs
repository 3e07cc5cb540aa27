//! Tries to wait for a download with `.await` in a function that is not `async`.
//!
//! The compiler refuses it with E0728: an `.await` gives the thread back to whoever polls the
//! function, and nobody polls a plain function.

async fn download_site(url: &str) -> usize {
    url.len()
}

fn download_all_sites(sites: &[&str]) {
    for url in sites {
        println!("Read {}", download_site(url).await);
    }
}

fn main() {
    download_all_sites(&["http://olympus.realpython.org/dice"]);
}
