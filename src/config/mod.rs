//! Arguments, configuration files and environment, resolved into one immutable [`Config`].
//!
//! [`Flags`] is what was typed; [`resolve`] merges it over `quickcuke.toml` and `cucumber.*`, checks everything and
//! gives a [`Config`], or the one [`ConfigError`] that the user must mend. The rules are those of cucumber-js 13.3.
//!
//! This module reads configuration files and nothing else: it looks for no features or step files (that is
//! `discover/`) and runs no JavaScript (a configuration that is a script is read through a callback). It knows of
//! formatters, commands and tag expressions only that they are named.

mod argv;
mod document;
mod environment;
mod error;
mod files;
mod flags;
mod format;
mod keys;
mod merge;
mod nearest;
mod net_host;
mod order;
mod parse;
mod place;
mod profile;
mod quickcuke_toml;
mod resolve;
mod sandbox;
mod schema;
#[cfg(test)]
mod tests;
mod units;

pub use environment::Color;
pub(crate) use environment::debugs;
pub use error::ConfigError;
pub use flags::Flags;
pub use format::Format;
pub(crate) use nearest::{did_you_mean, nearest};
pub use net_host::NetHost;
pub use order::{Order, Shard};
pub use parse::Stop;
pub use place::{Place, Places};
pub use quickcuke_toml::Commands;
pub use resolve::{Cache, Config, Surroundings, resolve};
pub use sandbox::{Allow, Isolation, Sandbox};
