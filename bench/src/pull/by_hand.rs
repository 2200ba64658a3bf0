//! What a pull cannot do without, done by hand: the same pages with the HTTP crate alone, each checked by serde_json and written,
//! and the files synced. In the same order as a pull does it: as many at a time, the next page on its way while the last one
//! is checked and written.

use std::error::Error;
use std::fs::File;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::Path;

use serde::de::IgnoredAny;

use super::download::{AT_A_TIME, client};

/// Asks for these pages and writes them into as many files in this folder as are fetched at a time.
pub(super) async fn by_hand(address: SocketAddr, requests: Vec<String>, folder: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir(folder)?;
    let client = client(None)?;
    let url = format!("http://{address}/api/v2/client");
    let share = requests.len().div_ceil(AT_A_TIME).max(1);
    let tasks = requests.chunks(share).enumerate().map(|(number, requests)| {
        let file = File::create(folder.join(number.to_string()))?;
        Ok(tokio::spawn(one_file(client.clone(), url.clone(), requests.to_vec(), file)))
    });
    for task in tasks.collect::<io::Result<Vec<_>>>()? {
        task.await??;
    }
    Ok(())
}

async fn one_file(client: reqwest::Client, url: String, requests: Vec<String>, file: File) -> io::Result<()> {
    let mut writing = tokio::spawn(async { Ok(file) });
    for request in requests {
        let response = client.post(&url).body(request).send().await.and_then(reqwest::Response::error_for_status);
        let page = response.map_err(io::Error::other)?.bytes().await.map_err(io::Error::other)?;
        let file = writing.await??;
        writing = tokio::task::spawn_blocking(move || check_and_write(file, &page));
    }
    let file = writing.await??;
    tokio::task::spawn_blocking(move || file.sync_all()).await?
}

fn check_and_write(mut file: File, page: &[u8]) -> io::Result<File> {
    serde_json::from_slice::<IgnoredAny>(page)?;
    file.write_all(page)?;
    Ok(file)
}
