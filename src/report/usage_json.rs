//! `usage-json`: what `usage` shows, and of each definition all steps, as data.
//!
//! cucumber-js adds each function's `code`, which messages do not hold.

use std::io::{self, Write};

use serde::Serialize;

use super::Formatter;
use super::usage::{Match, Usage, Used};
use crate::messages::{Duration, Envelope};

#[derive(Default)]
pub(super) struct UsageJson {
    usage: Usage,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonUsed<'a> {
    matches: Vec<JsonUse<'a>>,
    line: u32,
    pattern: &'a str,
    pattern_type: &'static str,
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_duration: Option<Duration>,
}

#[derive(Serialize)]
struct JsonUse<'a> {
    line: u32,
    text: &'a str,
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<Duration>,
}

impl Formatter for UsageJson {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.usage.update(envelope);
        if let Envelope::TestRunFinished(_) = envelope {
            let definitions: Vec<_> = self.usage.sorted().iter().map(JsonUsed::new).collect();
            serde_json::to_writer_pretty(out, &definitions)?;
        }
        Ok(())
    }
}

impl<'a> JsonUsed<'a> {
    fn new(used: &'a Used) -> Self {
        let found = |found: &'a Match| JsonUse {
            line: found.line,
            text: &found.text,
            uri: &found.uri,
            duration: found.took.map(Duration::from),
        };
        Self {
            matches: used.matches.iter().map(found).collect(),
            line: used.line(),
            pattern: used.pattern(),
            pattern_type: match used.is_regular() {
                true => "RegularExpression",
                false => "CucumberExpression",
            },
            uri: used.uri(),
            mean_duration: used.mean().map(Duration::from),
        }
    }
}
