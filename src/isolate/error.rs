//! What a script's failure looks like from Rust.
//!
//! Must not hold any JavaScript value: core.js describes a thrown value as JSON, and that is all that leaves.

use serde::Deserialize;

/// What kind of failure ended a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The code does not parse, or imports a name that is not exported.
    Syntax,
    /// The code threw, or rejected a promise.
    Runtime,
    /// The deadline came first.
    Timeout,
    /// The isolate's memory ran out.
    Memory,
    /// quickcuke itself is at fault.
    Internal,
}

/// A failure of a script, with positions in the author's files.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct ScriptError {
    pub kind: ErrorKind,
    /// The error's class, such as "TypeError". "Error" for a thrown value that is no error.
    pub name: Box<str>,
    pub message: String,
    /// V8-shaped: "Name: message\n    at fn (/abs/file.ts:3:7)". Without frames for a value that is no error.
    pub stack: String,
    /// The author's frame nearest to the throw: none of the prelude's, no builtin.
    pub file: Option<String>,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    pub cause: Option<Box<ScriptError>>,
    /// Code was cut off mid-way (deadline, memory): nothing may run in the isolate before `restore`.
    pub poisoned: bool,
}

/// Thrown values in a `cause` chain beyond this depth are left out; a chain may be a ring.
const MAX_CAUSES: usize = 16;

/// A thrown value as core.js describes it.
#[derive(Debug, Deserialize)]
struct Description {
    name: String,
    message: String,
    stack: String,
    /// A SyntaxError of the parser or the linker.
    #[serde(default)]
    syntax: bool,
    cause: Option<Box<Description>>,
}

impl ScriptError {
    /// The stack without the frames that are not the author's: the prelude's, and native ones, through
    /// which the prelude calls.
    pub fn author_stack(&self) -> String {
        let lines = self.stack.lines().filter(|line| !super::stack_trace::is_noise(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// An error with no position.
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> ScriptError {
        let message = message.into();
        let name = match kind {
            ErrorKind::Timeout => "TimeoutError",
            ErrorKind::Memory => "RangeError",
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Runtime => "Error",
            ErrorKind::Internal => "InternalError",
        };
        ScriptError {
            kind,
            name: name.into(),
            stack: format!("{name}: {message}"),
            message,
            file: None,
            line: None,
            column: None,
            cause: None,
            poisoned: false,
        }
    }

    /// Code that does not parse, with a message that begins with its place: `file:line:column: `.
    pub(crate) fn syntax(message: impl Into<String>) -> ScriptError {
        let mut error = ScriptError::new(ErrorKind::Syntax, message);
        error.locate_by_message();
        error
    }

    /// Takes the position that the message begins with, if it does.
    pub(crate) fn locate_by_message(&mut self) {
        let line = self.message.lines().next().unwrap_or_default();
        let place = line.split_once(": ").map_or(line, |(place, _)| place);
        let mut parts = place.rsplitn(3, ':');
        let mut number = || parts.next()?.parse().ok();
        if let (Some(column), Some(line)) = (number(), number())
            && let Some(file) = parts.next()
        {
            self.file = Some(file.to_owned());
            (self.line, self.column) = (Some(line), Some(column));
        }
    }

    /// quickcuke's own fault.
    pub(crate) fn internal(message: impl Into<String>) -> ScriptError {
        ScriptError::new(ErrorKind::Internal, message)
    }

    /// The error that core.js described.
    pub(super) fn from_description(json: &str) -> ScriptError {
        match serde_json::from_str::<Description>(json) {
            Ok(description) => from(description, MAX_CAUSES),
            Err(error) => ScriptError::internal(format!("cannot read the error {json}: {error}")),
        }
    }

    pub(crate) fn poisoned(mut self) -> ScriptError {
        self.poisoned = true;
        self
    }

    /// The same error with the frames of `stack` and the position of its first author's frame.
    pub(super) fn with_frames(mut self, stack: &str) -> ScriptError {
        self.stack = format!("{}: {}", self.name, self.message);
        for frame in stack.lines().filter(|line| line.starts_with("    at ")) {
            self.stack.push('\n');
            self.stack.push_str(frame);
        }
        self.locate();
        self
    }

    fn locate(&mut self) {
        if let Some(position) = super::stack_trace::first_author_position(&self.stack) {
            self.file = Some(position.file);
            self.line = Some(position.line);
            self.column = Some(position.column);
        }
    }
}

fn from(description: Description, causes: usize) -> ScriptError {
    let kind = if description.syntax { ErrorKind::Syntax } else { ErrorKind::Runtime };
    let cause = match description.cause {
        Some(cause) if causes > 0 => Some(Box::new(from(*cause, causes - 1))),
        _ => None,
    };
    let mut error = ScriptError {
        kind,
        name: description.name.into(),
        message: description.message,
        stack: description.stack,
        file: None,
        line: None,
        column: None,
        cause,
        poisoned: false,
    };
    error.locate();
    error
}
