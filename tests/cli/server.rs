//! An HTTP server for tests, on a port of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use flate2::Compression;
use flate2::read::{GzEncoder, ZlibEncoder};
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Answers until the test's process ends:
/// - `/echo`: JSON of the request: `{ method, path, headers, body }`, headers with lower-case names;
/// - `/status/N`: that status; `/redirect/N?URL`: that status, with the location;
/// - `/pieces`: "one", "two" and "three", chunked; `/cookies`: two cookies; `/bytes`: 0 to 255;
/// - `/compressed/ENCODING`: "text " a thousand times, gzip or deflate; what says gzip and is not for any other;
/// - `/open`: how many connections are open; `/never`: no answer; `/endless`: a body without end; `/broken`: a body that ends too early.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    open: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    pub fn new() -> Self {
        Self::start("http", |stream, answer| answer(stream))
    }

    /// With a certificate for `localhost` and 127.0.0.1 by the authority of `tls/authority.pem`.
    pub fn with_tls() -> Self {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/tls");
        let certificate = CertificateDer::from_pem_file(format!("{directory}/server.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(format!("{directory}/server.key")).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let config = Arc::new(config);
        Self::start("https", move |stream, answer| {
            let session = ServerConnection::new(Arc::clone(&config)).unwrap();
            answer(&mut StreamOwned::new(session, stream));
        })
    }

    fn start(
        scheme: &'static str,
        wrap: impl Fn(&mut TcpStream, &dyn Fn(&mut dyn Stream)) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (open, asked) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let (counter, requests, wrap) = (Arc::clone(&open), Arc::clone(&asked), Arc::new(wrap));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (counter, requests) = (Arc::clone(&counter), Arc::clone(&requests));
                let wrap = Arc::clone(&wrap);
                counter.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || {
                    wrap(&mut stream.unwrap(), &|mut stream| {
                        // What the client does not wait for is no concern of the server's.
                        let _ = answer(&mut stream, &requests, &counter);
                    });
                    counter.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, scheme, open, asked }
    }

    /// `HOST:PORT`, by address.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    /// How many requests came.
    pub fn requests(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits until the client has closed every connection.
    pub fn is_left(&self) -> bool {
        (0..500).any(|_| {
            thread::sleep(Duration::from_millis(20));
            self.open.load(Ordering::SeqCst) == 0
        })
    }
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

fn answer(stream: &mut dyn Stream, asked: &AtomicUsize, open: &AtomicUsize) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else { return Ok(()) };
    asked.fetch_add(1, Ordering::SeqCst);
    let mut headers = serde_json::Map::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.into());
    }
    let length = headers.get("content-length").and_then(|value| value.as_str()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let stream = reader.get_mut();
    let (route, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = route.split('/').skip(1).collect();
    match parts.as_slice() {
        ["echo", ..] => {
            let body = String::from_utf8_lossy(&body);
            let text = serde_json::json!({ "method": method, "path": path, "headers": headers, "body": body });
            whole(
                stream,
                "200 OK",
                "content-type: application/json\r\n",
                text.to_string().as_bytes(),
            )
        }
        ["status", status] => whole(stream, &format!("{status} Because"), "", b""),
        ["redirect", status] => {
            whole(stream, &format!("{status} There"), &format!("location: {query}\r\n"), b"moved")
        }
        ["compressed", encoding] => {
            let text = "text ".repeat(1000);
            let mut body = Vec::new();
            let (name, read) = match *encoding {
                "gzip" => (
                    "gzip",
                    GzEncoder::new(text.as_bytes(), Compression::fast()).read_to_end(&mut body),
                ),
                "deflate" => (
                    "deflate",
                    ZlibEncoder::new(text.as_bytes(), Compression::fast()).read_to_end(&mut body),
                ),
                _ => ("gzip", text.as_bytes().read_to_end(&mut body)),
            };
            read?;
            whole(stream, "200 OK", &format!("content-encoding: {name}\r\n"), &body)
        }
        ["open"] => whole(stream, "200 OK", "", open.load(Ordering::SeqCst).to_string().as_bytes()),
        ["cookies"] => whole(stream, "200 OK", "set-cookie: a=1\r\nset-cookie: b=2, 3\r\n", b""),
        ["bytes"] => whole(stream, "200 OK", "", &(0..=255).collect::<Vec<u8>>()),
        ["pieces"] => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            for piece in ["3\r\none\r\n", "3\r\ntwo\r\n", "5\r\nthree\r\n", "0\r\n\r\n"] {
                stream.write_all(piece.as_bytes())?;
                stream.flush()?;
            }
            Ok(())
        }
        ["never"] => stream.read(&mut [0; 1]).map(drop),
        ["endless"] => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(&[b'x'; 4096])?;
            }
        }
        ["broken"] => stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"),
        _ => whole(stream, "404 Not Found", "", b""),
    }
}

fn whole(stream: &mut dyn Stream, status: &str, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n")?;
    stream.write_all(body)?;
    stream.flush()
}
