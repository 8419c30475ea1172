//! What each step definition was used for: the fold behind `usage` and `usage-json`.

use std::sync::Arc;
use std::time::Duration;

use super::query::{Attempt, Query};
use crate::messages::{
    Envelope, IdMap, StepDefinition, StepDefinitionPatternType, TestStep, TestStepResultStatus,
};

#[derive(Default)]
pub(super) struct Usage {
    query: Query,
    definitions: Vec<Used>,
    /// The index of a definition, by its id.
    indices: IdMap<usize>,
}

/// A step definition and the steps that it alone matches, of every attempt.
pub(super) struct Used {
    pub definition: Arc<StepDefinition>,
    pub matches: Vec<Match>,
}

pub(super) struct Match {
    pub text: String,
    pub uri: Arc<str>,
    pub line: u32,
    /// None where the step did not run.
    pub took: Option<Duration>,
}

impl Usage {
    pub fn update(&mut self, envelope: &Envelope) {
        self.query.update(envelope);
        match envelope {
            Envelope::StepDefinition(definition) => self.define(definition),
            Envelope::TestCaseFinished(finished) => {
                if let Some(attempt) = self.query.finish_attempt(finished) {
                    self.count(&attempt);
                    if !finished.will_be_retried {
                        self.query.forget(&attempt);
                    }
                }
            }
            _ => {}
        }
    }

    fn define(&mut self, definition: &Arc<StepDefinition>) {
        self.indices.insert(definition.id, self.definitions.len());
        let definition = Arc::clone(definition);
        self.definitions.push(Used { definition, matches: Vec::new() });
    }

    fn count(&mut self, attempt: &Attempt) {
        for step in &attempt.test_case.test_steps {
            let Some([definition]) = step.step_definition_ids.as_deref() else { continue };
            let Some(&index) = self.indices.get(definition) else { continue };
            self.definitions[index].matches.extend(counted(attempt, step));
        }
    }

    /// What is known at the end of the run: definitions by their mean and the steps of each by their duration, the
    /// longest first; what has none comes last, steps by their text.
    pub fn sorted(&mut self) -> &[Used] {
        for used in &mut self.definitions {
            used.matches.sort_by(|one, other| {
                let by_text = || one.text.encode_utf16().cmp(other.text.encode_utf16());
                let by_duration = other.took.cmp(&one.took);
                if one.took.is_none() { by_duration.then_with(by_text) } else { by_duration }
            });
        }
        self.definitions.sort_by_key(|used| std::cmp::Reverse(used.mean()));
        &self.definitions
    }
}

fn counted(attempt: &Attempt, test_step: &TestStep) -> Option<Match> {
    use TestStepResultStatus::{Ambiguous, Skipped, Undefined};
    let step = attempt.pickle_step(test_step)?;
    let result = attempt.result(test_step.id)?;
    let has_run = !matches!(result.status, Ambiguous | Skipped | Undefined);
    Some(Match {
        text: step.text.clone(),
        uri: Arc::clone(&attempt.pickle.uri),
        line: step.line,
        took: has_run.then(|| result.duration.into()),
    })
}

impl Used {
    /// Of the steps that ran; none where none did.
    pub fn mean(&self) -> Option<Duration> {
        let took: Vec<Duration> = self.matches.iter().filter_map(|found| found.took).collect();
        let count = u32::try_from(took.len()).ok().filter(|count| *count > 0)?;
        Some(took.iter().sum::<Duration>() / count)
    }

    /// The text of its expression; of a regular expression what stands between its slashes. Messages tell that with its
    /// slashes where it has flags, and within it slashes are escaped.
    pub fn pattern(&self) -> &str {
        let source = &self.definition.pattern.source;
        let inner = source.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
        match (self.is_regular(), inner) {
            (true, Some((inner, _))) => inner,
            _ => source,
        }
    }

    pub fn is_regular(&self) -> bool {
        self.definition.pattern.kind == StepDefinitionPatternType::RegularExpression
    }

    pub fn uri(&self) -> &str {
        &self.definition.source_reference.uri
    }

    pub fn line(&self) -> u32 {
        self.definition.source_reference.location.map_or(0, |location| location.line)
    }
}
