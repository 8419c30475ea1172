//! HTTP for `fetch` and `node:http`: one request on a connection of its own, with redirects; the answer's body piece by piece.
//!
//! Must not know the VM: JavaScript numbers its requests, and the state of each (what is under way, the body that is
//! left) is kept here under that number. It goes when JavaScript gives it up, and at the latest with the scenario.
//!
//! Every host is judged by [`Host::permit_host`] before its name is even looked up, those of redirects too.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{AbortHandle, Abortable};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::connection::{self, Connection, Failure, Trust};
use super::zlib::Decoder;
use super::{Host, Site, arguments};
use crate::isolate::{OpError, OpResult, OpValue, Ops};

/// The most redirects that are followed, as the Fetch standard says.
const MOST_REDIRECTS: usize = 20;

/// The requests of a session, by JavaScript's number.
#[derive(Default)]
pub(super) struct Fetches {
    under_way: RefCell<HashMap<u32, AbortHandle>>,
    bodies: RefCell<HashMap<u32, Body>>,
}

impl Fetches {
    /// Drops them all: their connections are closed.
    pub(super) fn clear(&self) {
        for (_, request) in self.under_way.take() {
            request.abort();
        }
        self.bodies.take();
    }
}

/// What is left of an answer.
struct Body {
    incoming: Incoming,
    decoder: Option<Decoder>,
    /// Closes the connection when the body goes.
    _connection: Connection,
}

/// As JavaScript asks, in JSON.
#[derive(Deserialize)]
struct Request {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    redirect: Redirect,
    /// Whether the body is to arrive without its `content-encoding`.
    #[serde(default)]
    decode: bool,
    #[serde(default)]
    trust: Trust,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Redirect {
    Follow,
    Error,
    Manual,
}

/// Registers `fetch_begin(number, JSON of the request, body or null)`, which gives the head of the answer as JSON,
/// `fetch_chunk(number)`, which gives the next bytes of its body or null at the end, and `fetch_drop(number)`.
pub(super) fn install(ops: &mut Ops, host: &Rc<Host>) {
    let slot = Rc::clone(host);
    ops.asynchronous("fetch_begin", move |args| {
        let (host, site) = (Rc::clone(&slot), slot.call_site());
        async move { begin(&host, &args, &site).await }.boxed_local()
    });
    let slot = Rc::clone(host);
    ops.asynchronous("fetch_chunk", move |args| {
        let host = Rc::clone(&slot);
        async move { chunk(&host, &args).await }.boxed_local()
    });
    let host = Rc::clone(host);
    ops.sync("fetch_drop", move |args| {
        let number = arguments::number(args, 0)? as u32;
        if let Some(request) = host.fetches.under_way.borrow_mut().remove(&number) {
            request.abort();
        }
        host.fetches.bodies.borrow_mut().remove(&number);
        Ok(OpValue::Null)
    });
}

async fn begin(host: &Host, args: &[OpValue], site: &Site) -> OpResult {
    let number = arguments::number(args, 0)? as u32;
    let request: Request = serde_json::from_str(arguments::text(args, 1)?)
        .map_err(|error| OpError::type_error(format!("fetch: {error}")))?;
    let body = match args.get(2) {
        None | Some(OpValue::Null) => None,
        Some(_) => Some(Bytes::copy_from_slice(arguments::bytes(args, 2)?)),
    };
    let decode = request.decode;
    let answer = undisturbed(host, number, follow(host, request, body, site)).await?;
    let encoding = answer.response.headers().get(header::CONTENT_ENCODING).filter(|_| decode);
    let decoder = encoding.and_then(|encoding| Decoder::of(encoding.to_str().ok()?));
    let head = json!({
        "status": answer.response.status().as_u16(),
        "statusText": answer.response.extensions().get::<hyper::ext::ReasonPhrase>().map_or_else(
            || answer.response.status().canonical_reason().unwrap_or_default().to_owned(),
            |reason| String::from_utf8_lossy(reason.as_bytes()).into_owned(),
        ),
        "headers": answer.response.headers().iter().map(|(name, value)| {
            // Bytes as JavaScript sees them: one character each.
            let value: String = value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
            (name.as_str(), value)
        }).collect::<Vec<_>>(),
        "url": answer.url.as_str(),
        "redirected": answer.redirected,
    });
    let body =
        Body { incoming: answer.response.into_body(), decoder, _connection: answer.connection };
    host.fetches.bodies.borrow_mut().insert(number, body);
    Ok(OpValue::Json(head.to_string()))
}

async fn chunk(host: &Host, args: &[OpValue]) -> OpResult {
    let number = arguments::number(args, 0)? as u32;
    // Taken out for the time of the read: what is dropped meanwhile does not come back.
    let Some(mut body) = host.fetches.bodies.borrow_mut().remove(&number) else {
        return Ok(OpValue::Null);
    };
    let next = async {
        while let Some(frame) = body.incoming.frame().await {
            let frame = frame.map_err(|error| Failure::of(&error).to_error("reading the body"))?;
            // Trailers are no part of it.
            let Ok(bytes) = frame.into_data() else { continue };
            let Some(decoder) = &mut body.decoder else { return Ok(Some(bytes.to_vec())) };
            let content = decoder.decode(&bytes).map_err(|error| {
                let message = format!("fetch failed: the body cannot be decompressed: {error}");
                OpError::type_error(message)
            })?;
            if !content.is_empty() {
                return Ok(Some(content));
            }
        }
        Ok(None)
    };
    let Some(bytes) = undisturbed(host, number, next).await? else { return Ok(OpValue::Null) };
    host.fetches.bodies.borrow_mut().insert(number, body);
    Ok(OpValue::Bytes(bytes))
}

/// Does what `fetch_drop` and the end of the scenario can stop.
async fn undisturbed<T>(
    host: &Host,
    number: u32,
    work: impl Future<Output = Result<T, OpError>>,
) -> Result<T, OpError> {
    let (handle, registration) = AbortHandle::new_pair();
    host.fetches.under_way.borrow_mut().insert(number, handle);
    let done = Abortable::new(work, registration).await;
    match done {
        Ok(result) => {
            host.fetches.under_way.borrow_mut().remove(&number);
            result
        }
        Err(_) => Err(OpError::new("fetch: the request was given up")),
    }
}

struct Answer {
    response: Response<Incoming>,
    connection: Connection,
    url: Url,
    redirected: bool,
}

/// Sends the request, and what redirects make of it.
async fn follow(
    host: &Host,
    request: Request,
    body: Option<Bytes>,
    site: &Site,
) -> Result<Answer, OpError> {
    let mut url = Url::parse(&request.url)
        .map_err(|error| OpError::type_error(format!("fetch: {}: {error}", request.url)))?;
    let mut method = Method::from_bytes(request.method.as_bytes()).map_err(|_| {
        OpError::type_error(format!("'{}' is not a valid HTTP method.", request.method))
    })?;
    let mut headers = headers(&request.headers)?;
    let mut body = body;
    for redirects in 0..=MOST_REDIRECTS {
        let (response, connection) =
            send(host, &url, &method, &headers, body.clone(), &request.trust, site).await?;
        let target = match request.redirect {
            Redirect::Manual => None,
            _ => redirection(&response, &url)?,
        };
        let Some(target) = target else {
            return Ok(Answer { response, connection, url, redirected: redirects > 0 });
        };
        if request.redirect == Redirect::Error {
            return Err(OpError::type_error(format!(
                "fetch: {url} answered with a redirect to {target}, which `redirect: 'error'` forbids"
            )));
        }
        let status = response.status();
        let turns_to_get = match status {
            StatusCode::SEE_OTHER => method != Method::GET && method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::POST,
            _ => false,
        };
        if turns_to_get {
            method = Method::GET;
            body = None;
            let about_body: Vec<HeaderName> = headers
                .keys()
                .filter(|name| name.as_str().starts_with("content-"))
                .cloned()
                .collect();
            about_body.iter().for_each(|name| drop(headers.remove(name)));
        }
        if target.origin() != url.origin() {
            // Meant for who was asked first.
            for name in
                [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION, header::HOST]
            {
                headers.remove(name);
            }
        }
        url = target;
    }
    Err(OpError::type_error(format!(
        "fetch: more than {MOST_REDIRECTS} redirects, the last one to {url}"
    )))
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, OpError> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        // Each character stands for a byte; JavaScript has refused those that do not.
        let bytes: Vec<u8> = value.chars().map(|character| character as u8).collect();
        let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(&bytes))
        else {
            return Err(OpError::type_error(format!("fetch: invalid header {name:?}: {value:?}")));
        };
        headers.append(name, value);
    }
    Ok(headers)
}

/// Where a redirect leads.
fn redirection(response: &Response<Incoming>, url: &Url) -> Result<Option<Url>, OpError> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = response.headers().get(header::LOCATION).filter(|_| is_redirect) else {
        return Ok(None);
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let mut target = url.join(&location).map_err(|error| {
        OpError::type_error(format!("fetch: {url} redirects to {location:?}: {error}"))
    })?;
    if target.fragment().is_none() {
        target.set_fragment(url.fragment());
    }
    Ok(Some(target))
}

async fn send(
    host: &Host,
    url: &Url,
    method: &Method,
    headers: &HeaderMap,
    body: Option<Bytes>,
    trust: &Trust,
    site: &Site,
) -> Result<(Response<Incoming>, Connection), OpError> {
    let what = format!("{method} {url}");
    let is_secure = match url.scheme() {
        "http" => false,
        "https" => true,
        scheme => {
            return Err(OpError::type_error(format!(
                "fetch: {what}: only http and https are known, not {scheme}"
            )));
        }
    };
    let (Some(name), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(OpError::type_error(format!("fetch: {what}: the URL names no host")));
    };
    host.permit_host(&name.to_string(), port, site)?;
    let failed = |failure: Failure| failure.to_error(&what);
    let (mut sender, connection) =
        connection::open(&name, port, is_secure.then_some(trust)).await.map_err(failed)?;
    let mut target = url.path().to_owned();
    if let Some(query) = url.query() {
        target = format!("{target}?{query}");
    }
    let authority = match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_string(),
    };
    let mut request = hyper::Request::builder().method(method).uri(target);
    if let Some(all) = request.headers_mut() {
        all.clone_from(headers);
        if let Ok(authority) = HeaderValue::from_str(&authority) {
            all.entry(header::HOST).or_insert(authority);
        }
        all.insert(header::CONNECTION, HeaderValue::from_static("close"));
        // What is not sent has no length, but where a method has a meaning for its body.
        if body.is_none() && matches!(*method, Method::POST | Method::PUT | Method::PATCH) {
            all.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }
    let request = request
        .body(Full::new(body.unwrap_or_default()))
        .map_err(|error| OpError::type_error(format!("fetch: {what}: {error}")))?;
    let response =
        sender.send_request(request).await.map_err(|error| failed(Failure::of(&error)))?;
    Ok((response, connection))
}
