//! A connection to a server, with TLS where asked for, bare or for HTTP. Who is trusted is as in Node: Mozilla's certificate
//! authorities, and those of the file that `NODE_EXTRA_CA_CERTS` names; a request can say otherwise.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::{anybody, errno};
use crate::isolate::{OpError, OpValue};

/// Names a file of certificates, in PEM, of further authorities to trust.
const EXTRA_AUTHORITIES: &str = "NODE_EXTRA_CA_CERTS";
/// At "0" any certificate does.
const REJECT_UNAUTHORIZED: &str = "NODE_TLS_REJECT_UNAUTHORIZED";

/// What carries the bytes; the connection is closed when this is dropped.
pub(super) struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Why there is no answer.
pub(super) struct Failure {
    /// As Node has it, such as ECONNREFUSED.
    code: Option<String>,
    message: String,
}

impl Failure {
    /// The deepest cause is the one that tells.
    pub(super) fn of(error: &(dyn Error + 'static)) -> Self {
        let mut deepest = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        let system = deepest.downcast_ref::<io::Error>();
        let code = system.and_then(errno::name).map(str::to_owned);
        let message = match deepest.to_string() == error.to_string() {
            true => error.to_string(),
            false => format!("{error}: {deepest}"),
        };
        Self { code, message }
    }

    fn with_code(code: &str, message: String) -> Self {
        Self { code: Some(code.to_owned()), message }
    }

    /// The failure alone.
    pub(super) fn into_error(self) -> OpError {
        let error = OpError::new(self.message);
        match self.code {
            Some(code) => error.with_code(code),
            None => error,
        }
    }

    /// The error of `what` was being done.
    pub(super) fn to_error(&self, what: &str) -> OpError {
        let mut error = OpError::type_error(format!("fetch failed: {what}: {}", self.message));
        error.properties.push(("causeMessage", OpValue::Text(self.message.clone())));
        if let Some(code) = &self.code {
            error.properties.push(("causeCode", OpValue::Text(code.clone())));
        }
        error
    }
}

/// Whose certificates a server may have, where it is not who is trusted everywhere.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Trust {
    /// Any certificate does: `rejectUnauthorized: false`.
    anybody: bool,
    /// Certificates in PEM of the only authorities: `ca`.
    authorities: Option<String>,
}

/// What bytes go through, both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A stream that is open, and the addresses of its ends.
pub(super) struct Dialled {
    pub(super) stream: Box<dyn Stream>,
    pub(super) local: Option<SocketAddr>,
    pub(super) remote: Option<SocketAddr>,
}

/// Connects to an HTTP server; with TLS if it is told whom to trust.
pub(super) async fn open(
    host: &url::Host<&str>,
    port: u16,
    trust: Option<&Trust>,
) -> Result<(SendRequest<Full<Bytes>>, Connection), Failure> {
    let stream = dial(host, port, trust).await?.stream;
    let (sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(|error| Failure::of(&error))?;
    // What goes wrong is told to who waits for the answer.
    let carrier = tokio::spawn(async move { drop(connection.await) });
    Ok((sender, Connection(carrier)))
}

/// Connects to the first address of the host that answers; with TLS if it is told whom to trust.
pub(super) async fn dial(
    host: &url::Host<&str>,
    port: u16,
    trust: Option<&Trust>,
) -> Result<Dialled, Failure> {
    let stream = connect(host, port).await?;
    let (local, remote) = (stream.local_addr().ok(), stream.peer_addr().ok());
    let Some(trust) = trust else { return Ok(Dialled { stream: Box::new(stream), local, remote }) };
    let name = match host {
        url::Host::Domain(name) => ServerName::try_from((*name).to_owned()).map_err(|_| {
            Failure::with_code("ERR_INVALID_URL", format!("no certificate can be for {name}"))
        })?,
        url::Host::Ipv4(address) => ServerName::from(std::net::IpAddr::from(*address)),
        url::Host::Ipv6(address) => ServerName::from(std::net::IpAddr::from(*address)),
    };
    let connector = TlsConnector::from(trust.config()?);
    let stream = connector.connect(name, stream).await.map_err(|error| {
        let failure = Failure::of(&error);
        let message = format!(
            "{}; an authority of your own is trusted when {EXTRA_AUTHORITIES} names the file of its certificate",
            failure.message
        );
        Failure { code: failure.code.or_else(|| Some("ERR_TLS_CERT".to_owned())), message }
    })?;
    Ok(Dialled { stream: Box::new(stream), local, remote })
}

async fn connect(host: &url::Host<&str>, port: u16) -> Result<TcpStream, Failure> {
    let connected = match host {
        url::Host::Domain(name) => {
            let addresses = tokio::net::lookup_host((*name, port)).await.map_err(|error| {
                Failure::with_code("ENOTFOUND", format!("getaddrinfo ENOTFOUND {name}: {error}"))
            })?;
            TcpStream::connect(&*addresses.collect::<Vec<_>>()).await
        }
        url::Host::Ipv4(address) => TcpStream::connect((*address, port)).await,
        url::Host::Ipv6(address) => TcpStream::connect((*address, port)).await,
    };
    let stream = connected.map_err(|error| {
        let failure = Failure::of(&error);
        let code = failure.code.as_deref().unwrap_or("failed");
        Failure { message: format!("connect {code} {host}:{port}"), ..failure }
    })?;
    // Requests are written whole.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

impl Trust {
    fn config(&self) -> Result<Arc<ClientConfig>, Failure> {
        if self.anybody || std::env::var_os(REJECT_UNAUTHORIZED).is_some_and(|value| value == "0") {
            return Ok(Arc::new(anybody::trusting()));
        }
        let Some(authorities) = &self.authorities else { return usual() };
        let mut roots = RootCertStore::empty();
        add(&mut roots, CertificateDer::pem_slice_iter(authorities.as_bytes()))
            .map_err(|error| unusable(&format!("ca: not certificates in PEM: {error}")))?;
        Ok(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
    }
}

/// Made once: what is trusted does not change while the process runs.
fn usual() -> Result<Arc<ClientConfig>, Failure> {
    static CONFIG: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(file) = std::env::var_os(EXTRA_AUTHORITIES).filter(|file| !file.is_empty()) {
            CertificateDer::pem_file_iter(&file)
                .map_err(|error| error.to_string())
                .and_then(|certificates| add(&mut roots, certificates))
                .map_err(|error| {
                    format!("{EXTRA_AUTHORITIES}: {} cannot be used: {error}", file.display())
                })?;
        }
        Ok(Arc::new(ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()))
    });
    config.clone().map_err(|message| unusable(&message))
}

fn add(
    roots: &mut RootCertStore,
    certificates: impl Iterator<Item = Result<CertificateDer<'static>, pem::Error>>,
) -> Result<(), String> {
    for certificate in certificates {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn unusable(message: &str) -> Failure {
    Failure { code: None, message: message.to_owned() }
}
