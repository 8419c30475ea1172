//! `snippets`: nothing but the code that is suggested for undefined steps.

use std::io::{self, Write};
use std::sync::Arc;

use super::Formatter;
use super::query::Query;
use crate::messages::{Envelope, Id, IdMap, Snippet, Suggestion, TestStepResultStatus};

/// One snippet for each undefined step of each attempt, in the order in which the attempts began.
#[derive(Default)]
pub(super) struct Snippets {
    query: Query,
    suggestions: IdMap<Arc<Suggestion>>,
    /// Each with when its attempt began.
    snippets: Vec<(usize, String)>,
}

impl Snippets {
    fn collect(&mut self, started: Id) {
        let Some(attempt) = self.query.attempt(started) else { return };
        for step in &attempt.test_case.test_steps {
            let result = attempt.result(step.id);
            let undefined =
                result.is_some_and(|result| result.status == TestStepResultStatus::Undefined);
            let suggestion = step.pickle_step_id.and_then(|id| self.suggestions.get(&id));
            if let (true, Some(suggestion)) = (undefined, suggestion) {
                let merged = merge(&suggestion.snippets);
                self.snippets.extend(merged.map(|code| (attempt.began, code)));
            }
        }
    }
}

impl Formatter for Snippets {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.query.update(envelope);
        match envelope {
            Envelope::Suggestion(suggestion) => {
                self.suggestions.insert(suggestion.pickle_step_id, Arc::clone(suggestion));
            }
            Envelope::TestCaseFinished(finished) => {
                self.collect(finished.test_case_started_id);
                let attempt = self.query.finish_attempt(finished);
                if let (Some(attempt), false) = (attempt, finished.will_be_retried) {
                    for step in &attempt.pickle.steps {
                        self.suggestions.remove(&step.id);
                    }
                    self.query.forget(&attempt);
                }
            }
            Envelope::TestRunFinished(_) => {
                self.snippets.sort_by_key(|(began, _)| *began);
                let codes: Vec<&str> =
                    self.snippets.iter().map(|(_, code)| code.as_str()).collect();
                write!(out, "{}", codes.join("\n\n"))?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// One snippet out of several for the same step: the heads of all but the first as comments.
fn merge(snippets: &[Snippet]) -> Option<String> {
    let (first, others) = snippets.split_first()?;
    let (head, rest) = first.code.split_once('\n')?;
    let mut merged = head.to_string();
    for other in others {
        let head = other.code.lines().next().unwrap_or_default();
        merged += &format!("\n// {head}");
    }
    Some(format!("{merged}\n{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_the_other_heads_as_comments() {
        let code = |code: &str| Snippet { language: "javascript".into(), code: code.into() };
        let merged = merge(&[code("Given(1 {\n  body\n});"), code("Given(2 {\n  body\n});")]);
        assert_eq!(merged.as_deref(), Some("Given(1 {\n// Given(2 {\n  body\n});"));
        assert_eq!(merge(&[]), None);
    }
}
