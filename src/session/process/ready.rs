//! The signs that a persistent command is ready: a port, a line, an HTTP answer.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::command::Sign;
use super::output::Output;

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(20);
/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(5);

/// A sign with its values.
pub(super) enum Probe {
    Running,
    Port(u16),
    Line(String),
    Http(Url),
}

/// An `http:` URL, as far as a probe needs it.
pub(super) struct Url {
    text: String,
    /// `host:port`
    authority: String,
    path: String,
}

impl Probe {
    /// Errors: a value is missing, or makes no port or URL.
    pub(super) fn new(sign: &Sign, values: &Map<String, Value>) -> Result<Self, String> {
        match sign {
            Sign::Running => Ok(Self::Running),
            Sign::Line(text) => Ok(Self::Line(text.fill(values)?)),
            Sign::Port(text) => {
                let port = text.fill(values)?;
                let number = port.parse().ok().filter(|port| *port > 0);
                let problem = || {
                    format!("`ready.port` is \"{port}\"; it must be a port number from 1 to 65535")
                };
                number.map(Self::Port).ok_or_else(problem)
            }
            Sign::Http(text) => Url::parse(text.fill(values)?).map(Self::Http),
        }
    }

    /// The text that a line is waited for.
    pub(super) fn line(&self) -> Option<&str> {
        match self {
            Self::Line(text) => Some(text),
            _ => None,
        }
    }

    /// The port, if something answers there before the command runs.
    pub(super) async fn taken_port(&self) -> Option<u16> {
        match self {
            Self::Port(port) if answers(*port).await => Some(*port),
            _ => None,
        }
    }

    /// Waits for the sign, for ever if need be.
    pub(super) async fn wait(&self, stdout: &Output) {
        if let Self::Line(_) = self {
            return stdout.until(Output::found).await;
        }
        loop {
            let there = match self {
                Self::Running | Self::Line(_) => true,
                Self::Port(port) => answers(*port).await,
                Self::Http(url) => url.answers().await,
            };
            if there {
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("it ran"),
            Self::Port(port) => write!(f, "port {port} took connections"),
            Self::Line(text) => write!(f, "a line of stdout contained {text:?}"),
            Self::Http(url) => write!(f, "{} answered", url.text),
        }
    }
}

/// Whether a port of this machine takes connections, over IPv4 or IPv6.
async fn answers(port: u16) -> bool {
    for host in ["127.0.0.1", "::1"] {
        if connect((host, port)).await.is_some() {
            return true;
        }
    }
    false
}

async fn connect(to: impl tokio::net::ToSocketAddrs) -> Option<TcpStream> {
    let stream = tokio::time::timeout(ATTEMPT, TcpStream::connect(to)).await.ok()?.ok()?;
    // With nobody listening, the kernel may choose the very port as ours and connect it to itself.
    let to_itself = stream.local_addr().ok() == stream.peer_addr().ok();
    (!to_itself).then_some(stream)
}

impl Url {
    fn parse(text: String) -> Result<Self, String> {
        let problem = || {
            format!(
                "`ready.http` is \"{text}\"; it must be a URL such as http://127.0.0.1:8080/health"
            )
        };
        let rest = text.strip_prefix("http://").ok_or_else(problem)?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let path = path.split('#').next().unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let port_at = authority.rfind(':').filter(|at| !authority.ends_with(']') && *at > 0);
        let valid_port =
            port_at.is_none_or(|at| authority.split_at(at + 1).1.parse::<u16>().is_ok());
        let bad = |c: char| c.is_whitespace() || c.is_control();
        if authority.is_empty() || authority.contains('@') || !valid_port || text.contains(bad) {
            return Err(problem());
        }
        let authority =
            if port_at.is_some() { authority.to_owned() } else { format!("{authority}:80") };
        Ok(Self { text, authority, path })
    }

    /// Whether an HTTP server answers with a status below 500: one that starts up says 502 or 503.
    async fn answers(&self) -> bool {
        let status = tokio::time::timeout(ATTEMPT, self.status()).await.ok().flatten();
        status.is_some_and(|status| status < 500)
    }

    async fn status(&self) -> Option<u16> {
        let mut stream = connect(&self.authority).await?;
        let request = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: quickcuke\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            self.path, self.authority
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        // "HTTP/1.1 200"
        let mut start = [0u8; 12];
        stream.read_exact(&mut start).await.ok()?;
        let start = std::str::from_utf8(&start).ok()?;
        start.strip_prefix("HTTP/1.")?.get(2..)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_urls() {
        for (text, authority, path) in [
            ("http://localhost:80/a?b#c", "localhost:80", "/a?b"),
            ("http://127.0.0.1", "127.0.0.1:80", "/"),
            ("http://[::1]:8080?x", "[::1]:8080", "/?x"),
            ("http://[::1]/", "[::1]:80", "/"),
        ] {
            let url = Url::parse(text.to_owned()).unwrap();
            assert_eq!((url.authority.as_str(), url.path.as_str()), (authority, path));
        }
        for text in
            ["https://a/", "localhost:80", "http://", "http://a:b/", "http://u@a/", "http://a/ b"]
        {
            assert!(Url::parse(text.to_owned()).is_err(), "{text}");
        }
    }
}
