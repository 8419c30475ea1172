//! TCP for `node:net` and `node:tls`: connections and listeners by the numbers that JavaScript gives them.
//!
//! JavaScript reads one piece and writes one piece of a connection at a time. A connection goes when JavaScript gives it
//! up, and at the latest with the scenario.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;

use futures::FutureExt;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify};

use super::connection::{self, Dialled, Failure, Stream, Trust};
use super::{Host, Site, arguments, errno};
use crate::isolate::{OpError, OpResult, OpValue, Ops};

/// The most bytes that are read at once.
const PIECE: usize = 64 << 10;

/// The sockets of a session, by JavaScript's number.
#[derive(Default)]
pub(super) struct Sockets(RefCell<HashMap<u32, Rc<Socket>>>);

struct Socket {
    end: End,
    /// Wakes what waits when the socket is dropped.
    closed: Notify,
}

enum End {
    Stream { reader: Mutex<ReadHalf<Box<dyn Stream>>>, writer: Mutex<WriteHalf<Box<dyn Stream>>> },
    Listener(TcpListener),
}

impl Sockets {
    /// Closes them all.
    pub(super) fn clear(&self) {
        self.0.take().values().for_each(|socket| socket.closed.notify_waiters());
    }

    fn insert(&self, number: u32, end: End) {
        let socket = Rc::new(Socket { end, closed: Notify::new() });
        self.0.borrow_mut().insert(number, socket);
    }

    fn drop(&self, number: u32) {
        if let Some(socket) = self.0.borrow_mut().remove(&number) {
            socket.closed.notify_waiters();
        }
    }

    fn get(&self, args: &[OpValue]) -> Result<Rc<Socket>, OpError> {
        let number = arguments::number(args, 0)? as u32;
        self.0.borrow().get(&number).cloned().ok_or_else(closed)
    }
}

impl Socket {
    /// Does what the end of the socket stops.
    async fn until_closed<T>(
        &self,
        syscall: &'static str,
        work: impl Future<Output = io::Result<T>>,
    ) -> Result<T, OpError> {
        tokio::select! {
            () = self.closed.notified() => Err(closed()),
            done = work => done.map_err(|error| failed(syscall, &error)),
        }
    }
}

/// Registers the asynchronous ops
/// - `socket_connect(number, host, port, JSON of whom TLS trusts or null)`, which gives both addresses as JSON,
/// - `socket_read(number)`: the next bytes, or null at the end,
/// - `socket_write(number, bytes)`, and `socket_end(number)`, after which nothing is written,
/// - `socket_listen(number, host, port)`, which gives the address as JSON,
/// - `socket_accept(number, number of the connection)`, which gives both addresses as JSON,
///
/// and `socket_drop(number)`.
pub(super) fn install(ops: &mut Ops, host: &Rc<Host>) {
    macro_rules! asynchronous {
        ($name:literal, $op:ident) => {{
            let slot = Rc::clone(host);
            ops.asynchronous($name, move |args| {
                let host = Rc::clone(&slot);
                async move { $op(&host, &args).await }.boxed_local()
            });
        }};
        ($name:literal, $op:ident, of_host) => {{
            let slot = Rc::clone(host);
            ops.asynchronous($name, move |args| {
                let (host, site) = (Rc::clone(&slot), slot.call_site());
                async move { $op(&host, &args, &site).await }.boxed_local()
            });
        }};
    }
    asynchronous!("socket_connect", connect, of_host);
    asynchronous!("socket_read", read);
    asynchronous!("socket_write", write);
    asynchronous!("socket_end", end);
    asynchronous!("socket_listen", listen, of_host);
    asynchronous!("socket_accept", accept);
    let host = Rc::clone(host);
    ops.sync("socket_drop", move |args| {
        host.sockets.drop(arguments::number(args, 0)? as u32);
        Ok(OpValue::Null)
    });
}

async fn connect(host: &Host, args: &[OpValue], site: &Site) -> OpResult {
    let number = arguments::number(args, 0)? as u32;
    let (name, port) = (arguments::text(args, 1)?, port(args, 2)?);
    let trust: Option<Trust> = match args.get(3) {
        None | Some(OpValue::Null) => None,
        Some(_) => Some(
            serde_json::from_str(arguments::text(args, 3)?)
                .map_err(|error| OpError::type_error(format!("tls: {error}")))?,
        ),
    };
    let name = parse_host(name)?;
    let name = match &name {
        url::Host::Domain(name) => url::Host::Domain(name.as_str()),
        url::Host::Ipv4(address) => url::Host::Ipv4(*address),
        url::Host::Ipv6(address) => url::Host::Ipv6(*address),
    };
    host.permit_host(&name.to_string(), port, site)?;
    let dialled = connection::dial(&name, port, trust.as_ref()).await;
    let Dialled { stream, local, remote } = dialled.map_err(Failure::into_error)?;
    Ok(begin(host, number, stream, local, remote))
}

fn begin(
    host: &Host,
    number: u32,
    stream: Box<dyn Stream>,
    local: Option<SocketAddr>,
    remote: Option<SocketAddr>,
) -> OpValue {
    let (reader, writer) = tokio::io::split(stream);
    let end = End::Stream { reader: Mutex::new(reader), writer: Mutex::new(writer) };
    host.sockets.insert(number, end);
    OpValue::Json(json!({ "local": address(local), "remote": address(remote) }).to_string())
}

async fn read(host: &Host, args: &[OpValue]) -> OpResult {
    let socket = host.sockets.get(args)?;
    let End::Stream { reader, .. } = &socket.end else { return Err(closed()) };
    let mut piece = vec![0; PIECE];
    let read = async {
        match reader.lock().await.read(&mut piece).await {
            // A TLS server that says no goodbye: the end, as Node has it.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
            length => length,
        }
    };
    let length = socket.until_closed("read", read).await?;
    piece.truncate(length);
    Ok(if length == 0 { OpValue::Null } else { OpValue::Bytes(piece) })
}

async fn write(host: &Host, args: &[OpValue]) -> OpResult {
    let socket = host.sockets.get(args)?;
    let bytes = arguments::bytes(args, 1)?;
    let End::Stream { writer, .. } = &socket.end else { return Err(closed()) };
    let written = async {
        let mut writer = writer.lock().await;
        writer.write_all(bytes).await?;
        writer.flush().await
    };
    socket.until_closed("write", written).await?;
    Ok(OpValue::Null)
}

async fn end(host: &Host, args: &[OpValue]) -> OpResult {
    let socket = host.sockets.get(args)?;
    let End::Stream { writer, .. } = &socket.end else { return Err(closed()) };
    socket.until_closed("shutdown", async { writer.lock().await.shutdown().await }).await?;
    Ok(OpValue::Null)
}

async fn listen(host: &Host, args: &[OpValue], site: &Site) -> OpResult {
    let number = arguments::number(args, 0)? as u32;
    let (name, port) = (arguments::text(args, 1)?, port(args, 2)?);
    host.permit_host(&parse_host(name)?.to_string(), port, site)?;
    let listener = TcpListener::bind((name, port)).await.map_err(|error| {
        let said = match error.kind() {
            io::ErrorKind::AddrInUse => "address already in use ",
            io::ErrorKind::AddrNotAvailable => "address not available ",
            io::ErrorKind::PermissionDenied => "permission denied ",
            _ => "",
        };
        let error = failed("listen", &error);
        OpError { message: format!("{}: {said}{name}:{port}", error.message), ..error }
    })?;
    let local = listener.local_addr().ok();
    host.sockets.insert(number, End::Listener(listener));
    Ok(OpValue::Json(address(local).to_string()))
}

async fn accept(host: &Host, args: &[OpValue]) -> OpResult {
    let socket = host.sockets.get(args)?;
    let number = arguments::number(args, 1)? as u32;
    let End::Listener(listener) = &socket.end else { return Err(closed()) };
    let (stream, remote) = socket.until_closed("accept", listener.accept()).await?;
    let local = stream.local_addr().ok();
    Ok(begin(host, number, Box::new(stream), local, Some(remote)))
}

fn port(args: &[OpValue], index: usize) -> Result<u16, OpError> {
    let port = arguments::number(args, index)?;
    let wrong = || OpError::type_error(format!("a port is a number from 0 to 65535, not {port}"));
    (port.fract() == 0.0 && (0.0..=65535.0).contains(&port))
        .then_some(port as u16)
        .ok_or_else(wrong)
}

/// As the URL standard writes it, since hosts are granted so.
fn parse_host(name: &str) -> Result<url::Host<String>, OpError> {
    let bracketed = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
    url::Host::parse(&bracketed)
        .map_err(|error| OpError::type_error(format!("{name} is no host: {error}")))
}

fn address(address: Option<SocketAddr>) -> serde_json::Value {
    address.map_or(serde_json::Value::Null, |address| {
        let family = if address.is_ipv4() { "IPv4" } else { "IPv6" };
        json!({ "address": address.ip().to_string(), "port": address.port(), "family": family })
    })
}

fn failed(syscall: &str, error: &io::Error) -> OpError {
    match errno::name(error) {
        Some(code) => OpError::new(format!("{syscall} {code}")).with_code(code),
        None => OpError::new(format!("{syscall}: {error}")),
    }
}

fn closed() -> OpError {
    OpError::new("This socket has been closed").with_code("ERR_SOCKET_CLOSED")
}
