//! A shop over HTTP, on a port of its own.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Ends when it is dropped.
#[derive(Debug)]
pub struct Service {
    address: SocketAddr,
    earned: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Service {
    pub async fn start(prices: HashMap<String, u64>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, earned) = (listener.local_addr()?, Arc::<AtomicU64>::default());
        let total = Arc::clone(&earned);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = answer(stream, &prices, &total).await;
            }
        });
        Ok(Self { address, earned, task })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn earned(&self) -> u64 {
        self.earned.load(Ordering::Relaxed)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// `POST /buy/NAME` gives a receipt, or 404.
async fn answer(
    mut stream: TcpStream,
    prices: &HashMap<String, u64>,
    earned: &AtomicU64,
) -> std::io::Result<()> {
    let mut request = vec![0; 4096];
    let length = stream.read(&mut request).await?;
    let request = String::from_utf8_lossy(&request[..length]);
    let name = request.split(' ').nth(1).and_then(|path| path.strip_prefix("/buy/"));
    let (status, body) = match name.and_then(|name| Some((name, prices.get(name)?))) {
        Some((name, price)) => {
            earned.fetch_add(*price, Ordering::Relaxed);
            ("200 OK", serde_json::json!({ "items": [name], "total": price }).to_string())
        }
        None => ("404 Not Found", "{}".to_owned()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await
}
