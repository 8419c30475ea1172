//! `rerun`: the scenarios that did not pass, in the form in which the command takes them as paths:
//! `features/a.feature:3:12`.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use super::Formatter;
use super::query::Query;
use crate::messages::{Envelope, TestCaseFinished, TestStepResultStatus};

/// A file for each entry, in the order in which the first of its scenarios began, with the lines of its
/// scenarios in that order. Nothing follows the last one.
#[derive(Default)]
pub(super) struct Rerun {
    query: Query,
    separator: String,
    /// When each began, its file and its line.
    failures: Vec<(usize, Arc<str>, u32)>,
}

impl Rerun {
    pub fn new(separator: String) -> Self {
        Self { separator, ..Self::default() }
    }

    fn finish_attempt(&mut self, finished: &TestCaseFinished) {
        let Some(attempt) = self.query.finish_attempt(finished) else { return };
        if finished.will_be_retried {
            return;
        }
        // As in cucumber-js a scenario without steps, which has no status, has not passed either.
        if attempt.status() != Some(TestStepResultStatus::Passed) {
            let pickle = &attempt.pickle;
            self.failures.push((attempt.began, Arc::clone(&pickle.uri), pickle.location.line));
        }
        self.query.forget(&attempt);
    }

    fn entries(&mut self) -> Vec<String> {
        self.failures.sort_unstable_by_key(|(began, ..)| *began);
        let mut entries: Vec<String> = Vec::new();
        let mut by_uri: HashMap<&str, usize> = HashMap::new();
        for (_, uri, line) in &self.failures {
            let index = *by_uri.entry(uri).or_insert_with(|| {
                entries.push(uri.to_string());
                entries.len() - 1
            });
            entries[index] += &format!(":{line}");
        }
        entries
    }
}

impl Formatter for Rerun {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.query.update(envelope);
        match envelope {
            Envelope::TestCaseFinished(finished) => {
                self.finish_attempt(finished);
                Ok(())
            }
            Envelope::TestRunFinished(_) => {
                let entries = self.entries().join(&self.separator);
                out.write_all(entries.as_bytes())
            }
            _ => Ok(()),
        }
    }
}
