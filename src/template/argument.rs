//! What a function of a template is called with.

use std::fmt;

use futures::StreamExt as _;
use futures::stream::{BoxStream, Stream};
use serde_json::Value;

use super::HostError;

/// One argument: a value, or a stream of values.
pub struct Argument(pub(super) Kind);

pub(super) type Items = BoxStream<'static, Result<Value, HostError>>;

pub(super) enum Kind {
    Value(Value),
    Stream(Items),
}

impl Argument {
    /// A stream, which is an async iterator in JavaScript. An item is pulled when JavaScript asks for it, on the thread
    /// of the instance, which has a tokio runtime. The stream is dropped when JavaScript leaves its loop or the call
    /// ends.
    pub fn stream(items: impl Stream<Item = Value> + Send + 'static) -> Self {
        Self(Kind::Stream(items.map(Ok).boxed()))
    }

    /// As [`stream`](Self::stream) for one that may fail: an error is thrown where JavaScript asks for the item, and
    /// ends the stream.
    pub fn try_stream<E: Into<HostError>>(
        items: impl Stream<Item = Result<Value, E>> + Send + 'static,
    ) -> Self {
        Self(Kind::Stream(items.map(|item| item.map_err(Into::into)).boxed()))
    }
}

impl<T: Into<Value>> From<T> for Argument {
    fn from(value: T) -> Self {
        Self(Kind::Value(value.into()))
    }
}

impl fmt::Debug for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Value(value) => value.fmt(formatter),
            Kind::Stream(_) => formatter.write_str("<stream>"),
        }
    }
}

/// The arguments of a call: positional ones in order, then the named ones as properties of one trailing object, which
/// there is only if something was named.
#[derive(Debug, Default)]
pub struct Arguments {
    pub(super) positional: Vec<Argument>,
    pub(super) named: Vec<(String, Argument)>,
}

impl Arguments {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one after the last positional one.
    #[must_use]
    pub fn positional(mut self, argument: impl Into<Argument>) -> Self {
        self.positional.push(argument.into());
        self
    }

    /// Adds a named one, in place of one of that name.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>, argument: impl Into<Argument>) -> Self {
        let name = name.into();
        self.named.retain(|(known, _)| *known != name);
        self.named.push((name, argument.into()));
        self
    }
}

impl<A: Into<Argument>, const N: usize> From<[A; N]> for Arguments {
    fn from(positional: [A; N]) -> Self {
        positional.into_iter().collect()
    }
}

impl<A: Into<Argument>> From<Vec<A>> for Arguments {
    fn from(positional: Vec<A>) -> Self {
        positional.into_iter().collect()
    }
}

impl From<()> for Arguments {
    fn from((): ()) -> Self {
        Self::new()
    }
}

impl<A: Into<Argument>> FromIterator<A> for Arguments {
    fn from_iter<I: IntoIterator<Item = A>>(positional: I) -> Self {
        Self { positional: positional.into_iter().map(Into::into).collect(), named: Vec::new() }
    }
}
