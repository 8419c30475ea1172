//! A host that may be reached, as `[sandbox] net` and `--allow-net` name it.

use url::Host;

/// `host`, `host:port`; IPv6 addresses in brackets where a port follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetHost {
    /// As the URL standard writes it: lower case, international names in ASCII, IPv6 in brackets.
    pub host: String,
    /// None: all of its ports.
    pub port: Option<u16>,
}

/// `host` or `host:port`.
impl std::fmt::Display for NetHost {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.port {
            Some(port) => write!(formatter, "{}:{port}", self.host),
            None => formatter.write_str(&self.host),
        }
    }
}

impl NetHost {
    pub(super) const EXPECTED: &str =
        "a host such as `example.com`, `localhost:8080`, `127.0.0.1` or `[::1]:8080`";

    pub(super) fn parse(text: &str) -> Option<NetHost> {
        let is_bare_v6 = !text.starts_with('[') && text.matches(':').count() > 1;
        let bracketed;
        let text = if is_bare_v6 {
            bracketed = format!("[{text}]");
            &bracketed
        } else {
            text
        };
        let (host, port) = match text.rsplit_once(':').filter(|_| !text.ends_with(']')) {
            Some((host, port)) => (host, Some(port.parse().ok()?)),
            None => (text, None),
        };
        // A name may have one, and granting it would grant nothing: no URL is meant by it.
        if host.contains('*') {
            return None;
        }
        let host = Host::parse(host).ok()?.to_string();
        Some(NetHost { host, port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_written_as_urls_write_them() {
        for (text, host, port) in [
            ("Example.COM", "example.com", None),
            ("localhost:8080", "localhost", Some(8080)),
            ("127.0.0.1:80", "127.0.0.1", Some(80)),
            ("127.1", "127.0.0.1", None),
            ("::1", "[::1]", None),
            ("[::1]", "[::1]", None),
            ("[0:0::1]:443", "[::1]", Some(443)),
            ("bücher.de", "xn--bcher-kva.de", None),
        ] {
            let parsed = NetHost::parse(text);
            assert_eq!(parsed, Some(NetHost { host: host.to_owned(), port }), "{text}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "http://a.b",
            "a.b/c",
            "a b",
            "a:",
            "a:b",
            "a:65536",
            ":80",
            "[::1",
            "*.a",
            "user@a",
        ] {
            assert_eq!(NetHost::parse(text), None, "{text}");
        }
    }
}
