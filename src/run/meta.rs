//! The envelope that says what ran, and on what.

use super::ci;
use crate::messages::{Meta, PROTOCOL_VERSION, Product};

pub(super) fn meta() -> Meta {
    let product = |name: &str, version: Option<String>| Product { name: name.to_owned(), version };
    let environment: Vec<_> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Meta {
        protocol_version: PROTOCOL_VERSION.to_owned(),
        implementation: product("quickcuke", Some(env!("CARGO_PKG_VERSION").to_owned())),
        runtime: product("quickjs-ng", None),
        os: product(std::env::consts::OS, None),
        cpu: product(std::env::consts::ARCH, None),
        ci: ci::detect(&environment),
    }
}
