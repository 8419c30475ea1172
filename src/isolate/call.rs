//! What is called, and with what: plain values.

use std::time::{Duration, Instant};

use super::event_loop::Until;

/// What [`Isolate::call`](super::Isolate::call) calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee<'a> {
    /// What the prelude registered under this name.
    Entry(&'a str),
    /// The author's function that the prelude registered under this number.
    Function(usize),
}

/// An argument of a call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Argument<'a> {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(&'a str),
    /// JSON text, which JavaScript receives parsed.
    Json(&'a str),
}

/// A call as a fresh VM repeats it.
pub(super) struct RecordedCall {
    /// The name of an entry, or the number of a function.
    callee: Result<String, usize>,
    args: Vec<RecordedArgument>,
    pub(super) until: Until,
    /// How long it may take; for ever if the call settles by itself.
    pub(super) timeout: Option<Duration>,
}

enum RecordedArgument {
    Plain(Argument<'static>),
    Text(String),
    Json(String),
}

impl RecordedCall {
    /// A call that begins now.
    pub(super) fn new(
        callee: Callee<'_>,
        args: &[Argument<'_>],
        until: Until,
        deadline: Option<Instant>,
    ) -> RecordedCall {
        let deadline = deadline.filter(|_| until == Until::Idle);
        let callee = match callee {
            Callee::Entry(name) => Ok(name.to_owned()),
            Callee::Function(number) => Err(number),
        };
        let args = args.iter().map(|arg| match *arg {
            Argument::Undefined => RecordedArgument::Plain(Argument::Undefined),
            Argument::Null => RecordedArgument::Plain(Argument::Null),
            Argument::Bool(value) => RecordedArgument::Plain(Argument::Bool(value)),
            Argument::Number(value) => RecordedArgument::Plain(Argument::Number(value)),
            Argument::Text(text) => RecordedArgument::Text(text.to_owned()),
            Argument::Json(json) => RecordedArgument::Json(json.to_owned()),
        });
        RecordedCall {
            callee,
            args: args.collect(),
            until,
            timeout: deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())),
        }
    }

    pub(super) fn callee(&self) -> Callee<'_> {
        match &self.callee {
            Ok(name) => Callee::Entry(name),
            Err(number) => Callee::Function(*number),
        }
    }

    pub(super) fn args(&self) -> Vec<Argument<'_>> {
        let arg = |arg| match arg {
            &RecordedArgument::Plain(plain) => plain,
            RecordedArgument::Text(text) => Argument::Text(text),
            RecordedArgument::Json(json) => Argument::Json(json),
        };
        self.args.iter().map(arg).collect()
    }
}
