//! `commands.run`: a command that ends, and its output.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::command::Form;
use super::input::Stdin;
use super::launch::{Call, KillOnDrop, Launched};
use super::output::{Keep, Output};
use super::{CommandError, Processes};

/// How long a one-shot may take by default.
const TIMEOUT: Duration = Duration::from_secs(120);
/// Most bytes of each stream of a one-shot.
const OUTPUT_BYTES: usize = 8 << 20;

/// What a call of `run` may say beyond the declaration.
#[derive(Debug, Clone, Default)]
pub struct RunOptions {
    /// Instead of the declared timeout.
    pub timeout: Option<Duration>,
    /// Instead of the declared stdin.
    pub stdin: Option<String>,
}

impl RunOptions {
    /// Reads `{ timeoutMs, stdin }`. Errors: what is wrong with them.
    pub fn from_json(options: &Map<String, Value>) -> Result<Self, String> {
        let mut read = Self::default();
        for (key, value) in options {
            match (key.as_str(), value) {
                ("timeoutMs", Value::Number(ms)) => {
                    read.timeout = Some(super::duration::from_ms(ms)?)
                }
                ("timeoutMs", _) => {
                    return Err("`timeoutMs` must be a number of milliseconds".to_owned());
                }
                ("stdin", Value::String(text)) => read.stdin = Some(text.clone()),
                ("stdin", _) => return Err("`stdin` must be a string".to_owned()),
                _ => return Err(format!("unknown option \"{key}\"; known are timeoutMs, stdin")),
            }
        }
        Ok(read)
    }
}

impl Processes {
    /// Runs a command to its end and gives its stdout in the declared form: a string without the white space around it
    /// (null if there is none), the parsed JSON, or an array of lines.
    ///
    /// Returns when the command itself ends; what it left in the background lives until the session ends, and its
    /// output is dropped. Dropping the future kills the command and all that it started.
    pub async fn run(
        &self,
        name: &str,
        values: &Map<String, Value>,
        options: &RunOptions,
    ) -> Result<Value, CommandError> {
        let spec = self.commands.get(name)?;
        if spec.persistent.is_some() {
            let mend = "is persistent; start it with commands.start";
            return Err(CommandError::WrongKind { name: name.to_owned(), mend });
        }
        let keep = Keep::First(OUTPUT_BYTES);
        let stdin = options.stdin.as_ref().map(|text| Stdin::Bytes(text.as_bytes()));
        let call = Call { values, stdin, keep, watch: None };
        let launched = self.launch(spec, &call)?;
        let mut guard = KillOnDrop(Some(Arc::clone(&launched)));

        let timeout = options.timeout.or(spec.timeout).unwrap_or(TIMEOUT);
        let end = tokio::select! {
            biased;
            status = launched.tree.exited() => Some(status),
            () = launched.stdout.until(Output::overflowed) => None,
            () = launched.stderr.until(Output::overflowed) => None,
            () = tokio::time::sleep(timeout) => None,
        };
        let Some(status) = end else {
            launched.killed().await?;
            launched.check_size()?;
            let (stdout, stderr) = launched.texts();
            return Err(CommandError::TimedOut { name: name.to_owned(), timeout, stdout, stderr });
        };
        let status = status.map_err(|error| CommandError::Io { name: name.to_owned(), error })?;
        guard.0 = None;
        launched.check_size()?;
        let (stdout, stderr) = launched.texts();
        launched.forget_output();
        if !status.success() {
            return Err(CommandError::Failed { name: name.to_owned(), status, stdout, stderr });
        }
        value(name, spec.output, &stdout)
    }
}

impl Launched {
    fn check_size(&self) -> Result<(), CommandError> {
        for (stream, output) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if output.overflowed() {
                self.tree.kill();
                return Err(CommandError::TooMuchOutput {
                    name: self.name.clone(),
                    stream,
                    limit: OUTPUT_BYTES,
                });
            }
        }
        Ok(())
    }

    pub(super) fn texts(&self) -> (String, String) {
        (self.stdout.text(), self.stderr.text())
    }

    fn forget_output(&self) {
        self.stdout.forget();
        self.stderr.forget();
    }
}

fn value(name: &str, form: Form, stdout: &str) -> Result<Value, CommandError> {
    match form {
        Form::Text => match stdout.trim() {
            "" => Ok(Value::Null),
            text => Ok(text.into()),
        },
        Form::Lines => Ok(stdout.lines().map(Value::from).collect()),
        Form::Json => serde_json::from_str(stdout).map_err(|error| {
            let start = stdout.chars().take(200).collect();
            CommandError::NotJson { name: name.to_owned(), error, start }
        }),
    }
}
