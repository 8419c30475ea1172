//! URL parsing by the WHATWG standard, left to the `url` crate.

use serde_json::json;
use url::{Url, quirks};

use super::{Host, Op, arguments};
use crate::isolate::{OpResult, OpValue};

pub(super) const OPS: &[(&str, Op)] = &[("url_parse", parse), ("url_set", change)];

/// (input, base or null) -> the URL's parts, or null if it is none
fn parse(_: &Host, args: &[OpValue]) -> OpResult {
    let input = arguments::text(args, 0)?;
    let base = match args.get(1) {
        None | Some(OpValue::Null) => None,
        Some(_) => match Url::parse(arguments::text(args, 1)?) {
            Ok(base) => Some(base),
            Err(_) => return Ok(OpValue::Null),
        },
    };
    Ok(Url::options().base_url(base.as_ref()).parse(input).map_or(OpValue::Null, |url| parts(&url)))
}

/// (href, name of the part, new value) -> the parts of the changed URL; a value that does not fit changes nothing
fn change(_: &Host, args: &[OpValue]) -> OpResult {
    let Ok(mut url) = Url::parse(arguments::text(args, 0)?) else { return Ok(OpValue::Null) };
    set(&mut url, arguments::text(args, 1)?, arguments::text(args, 2)?);
    Ok(parts(&url))
}

fn set(url: &mut Url, part: &str, value: &str) {
    // A setter that fails leaves the URL as it was, which is what the standard asks for.
    let _ = match part {
        "protocol" => quirks::set_protocol(url, value),
        "username" => quirks::set_username(url, value),
        "password" => quirks::set_password(url, value),
        "host" => quirks::set_host(url, value),
        "hostname" => quirks::set_hostname(url, value),
        "port" => quirks::set_port(url, value),
        "pathname" => {
            quirks::set_pathname(url, value);
            Ok(())
        }
        "search" => {
            quirks::set_search(url, value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(url, value);
            Ok(())
        }
        _ => Ok(()),
    };
}

fn parts(url: &Url) -> OpValue {
    OpValue::Json(
        json!({
            "href": quirks::href(url),
            "origin": quirks::origin(url),
            "protocol": quirks::protocol(url),
            "username": quirks::username(url),
            "password": quirks::password(url),
            "host": quirks::host(url),
            "hostname": quirks::hostname(url),
            "port": quirks::port(url),
            "pathname": quirks::pathname(url),
            "search": quirks::search(url),
            "hash": quirks::hash(url),
        })
        .to_string(),
    )
}
