//! `summary`: what did not pass, counts, durations and snippets, once the run is over.
//!
//! `progress` and `pretty` end with it. It is a fold: each scenario is counted as it ends, and of
//! one that did not pass only its finished text is kept.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use super::line::{Look, exception_message, failure_message};
use super::near_definition::NearDefinitions;
use super::query::Query;
use super::style::Painter;
use super::text::{indent, numbered};
use super::theme::{PerStatus, Theme};
use super::{Formatter, duration, issue, status};
use crate::messages::{
    Envelope, IdMap, StepDefinition, Suggestion, TestCaseFinished, TestRunFinished,
    TestRunHookFinished, TestStepResultStatus, Timestamp, UndefinedParameterType,
};

pub(super) struct Summary {
    pub query: Query,
    pub look: Look,
    include_attachments: bool,
    started: Option<Timestamp>,
    /// Time spent in steps and hooks, of every attempt.
    executing: Duration,
    run_hooks: PerStatus<u64>,
    scenarios: PerStatus<u64>,
    steps: PerStatus<u64>,
    /// The scenarios that did not pass, each with the time when it ended.
    issues: PerStatus<Vec<(Timestamp, String)>>,
    failed_hooks: Vec<String>,
    undefined_parameter_types: Vec<UndefinedParameterType>,
    suggestions: IdMap<Vec<Arc<Suggestion>>>,
    snippets: Snippets,
}

/// Something that went wrong, as an entry of a list.
pub(super) enum Problem {
    ParameterType(String),
    RunHook(String),
    Scenario(String),
    Run(String),
}

/// Snippets by their code.
type Snippets = HashMap<String, NeededSnippet>;

struct NeededSnippet {
    /// When it was first needed.
    rank: (Timestamp, usize),
    /// A step that it is the likeliest snippet for.
    step: Option<String>,
}

impl Summary {
    pub fn new(theme: Theme, painter: Painter, include_attachments: bool) -> Self {
        Self {
            query: Query::default(),
            look: Look { theme, painter },
            include_attachments,
            started: None,
            executing: Duration::ZERO,
            run_hooks: PerStatus::default(),
            scenarios: PerStatus::default(),
            steps: PerStatus::default(),
            issues: PerStatus::default(),
            failed_hooks: Vec::new(),
            undefined_parameter_types: Vec::new(),
            suggestions: IdMap::default(),
            snippets: Snippets::new(),
        }
    }

    /// Gives the problem that the envelope tells of, if it does.
    pub fn update(&mut self, envelope: &Envelope) -> Option<Problem> {
        self.query.update(envelope);
        match envelope {
            Envelope::TestRunStarted(started) => self.started = Some(started.timestamp),
            Envelope::TestRunHookFinished(finished) => {
                return self.finish_run_hook(finished).map(Problem::RunHook);
            }
            Envelope::TestStepFinished(finished) => {
                self.executing += finished.test_step_result.duration.into();
            }
            Envelope::TestCaseFinished(finished) => {
                return self.finish_attempt(finished).map(Problem::Scenario);
            }
            Envelope::Suggestion(suggestion) => {
                let known = self.suggestions.entry(suggestion.pickle_step_id).or_default();
                known.push(Arc::clone(suggestion));
            }
            Envelope::UndefinedParameterType(undefined) => {
                self.undefined_parameter_types.push(undefined.clone());
                return Some(Problem::ParameterType(undefined_parameter_type(undefined)));
            }
            _ => {}
        }
        None
    }

    /// Gives the entry of the list of failed hooks, if it is one.
    fn finish_run_hook(&mut self, finished: &TestRunHookFinished) -> Option<String> {
        let hook = self.query.finish_run_hook(finished.test_run_hook_started_id);
        let result = &finished.result;
        self.executing += result.duration.into();
        *self.run_hooks.get_mut(result.status) += 1;
        if result.status != TestStepResultStatus::Failed {
            return None;
        }
        let mut text = self.look.run_hook(hook.map(Arc::as_ref));
        if let Some(message) = failure_message(result) {
            let error = self.look.error(message, result.status);
            text = format!("{text}\n{}", indent(&error, 2));
        }
        self.failed_hooks.push(text.clone());
        Some(text)
    }

    /// Gives the entry of the list of scenarios that did not pass, if it is one.
    fn finish_attempt(&mut self, finished: &TestCaseFinished) -> Option<String> {
        let attempt = self.query.finish_attempt(finished)?;
        if finished.will_be_retried {
            return None;
        }
        for (_, result) in &attempt.results {
            *self.steps.get_mut(result.status) += 1;
        }
        let status = attempt.status().unwrap_or(TestStepResultStatus::Passed);
        *self.scenarios.get_mut(status) += 1;
        let issue = status::is_issue(status)
            .then(|| issue::compose(&attempt, &self.query, &self.look, self.include_attachments));
        if let Some(text) = &issue {
            self.issues.get_mut(status).push((finished.timestamp, text.clone()));
        }
        if !self.suggestions.is_empty() {
            for step in &attempt.pickle.steps {
                for suggestion in self.suggestions.remove(&step.id).unwrap_or_default() {
                    self.keep_snippets(&suggestion, &step.text, finished.timestamp);
                }
            }
        }
        self.query.forget(&attempt);
        issue
    }

    fn keep_snippets(&mut self, suggestion: &Suggestion, step: &str, needed: Timestamp) {
        for (index, snippet) in suggestion.snippets.iter().enumerate() {
            let rank = (needed, self.snippets.len());
            let known = self
                .snippets
                .entry(snippet.code.clone())
                .or_insert(NeededSnippet { rank, step: None });
            known.rank = known.rank.min(rank);
            if index == 0 && known.step.is_none() {
                known.step = Some(step.to_owned());
            }
        }
    }

    /// Writes the whole summary. Scenarios and snippets stand in the order in which their
    /// scenarios ended by the clock.
    pub fn write(&mut self, finished: &TestRunFinished, out: &mut dyn Write) -> io::Result<()> {
        self.write_issues(out)?;
        self.write_undefined_parameter_types(out)?;
        self.write_failed_hooks(out)?;
        self.write_failed_run(finished, out)?;
        self.write_counts(finished, out)?;
        self.write_snippets(out)
    }

    fn write_issues(&mut self, out: &mut dyn Write) -> io::Result<()> {
        for status in status::BY_GRAVITY {
            let issues = self.issues.get_mut(status);
            if issues.is_empty() {
                continue;
            }
            issues.sort_by_key(|(ended, _)| *ended);
            let title = format!("{} scenarios:", status::title(status));
            writeln!(out, "\n{}", self.look.status(status, title))?;
            for (index, (_, text)) in issues.iter().enumerate() {
                writeln!(out, "{}", numbered(text, index + 1))?;
            }
        }
        Ok(())
    }

    fn write_undefined_parameter_types(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.undefined_parameter_types.is_empty() {
            return Ok(());
        }
        let title = "These parameters are missing a parameter type definition:";
        writeln!(out, "\n{}", self.look.status(TestStepResultStatus::Undefined, title))?;
        for (index, undefined) in self.undefined_parameter_types.iter().enumerate() {
            writeln!(out, "{}", numbered(&undefined_parameter_type(undefined), index + 1))?;
        }
        Ok(())
    }

    fn write_failed_hooks(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.failed_hooks.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", self.look.status(TestStepResultStatus::Failed, "Failed hooks:"))?;
        for (index, text) in self.failed_hooks.iter().enumerate() {
            writeln!(out, "{}", numbered(text, index + 1))?;
        }
        Ok(())
    }

    fn write_failed_run(&self, finished: &TestRunFinished, out: &mut dyn Write) -> io::Result<()> {
        let Some(exception) = &finished.exception else { return Ok(()) };
        let failed = TestStepResultStatus::Failed;
        writeln!(out, "{}", self.look.status(failed, "Failed test run:"))?;
        match exception_message(exception) {
            // Without a line's end, as cucumber-js prints it.
            Some(message) => write!(out, "{}", indent(&self.look.error(message, failed), 7)),
            None => Ok(()),
        }
    }

    /// Behind an empty line: what there was of each status, and how long it took.
    pub fn write_counts(&self, finished: &TestRunFinished, out: &mut dyn Write) -> io::Result<()> {
        let look = &self.look;
        writeln!(out)?;
        if finished.exception.is_some() {
            let failed = PerStatus { failed: 1, ..PerStatus::default() };
            writeln!(out, "\n{}", look.counts("test run", "test runs", &failed))?;
        }
        if status::BY_GRAVITY.iter().any(|status| *self.run_hooks.get(*status) > 0) {
            writeln!(out, "{}", look.counts("hook", "hooks", &self.run_hooks))?;
        }
        writeln!(out, "{}", look.counts("scenario", "scenarios", &self.scenarios))?;
        writeln!(out, "{}", look.counts("step", "steps", &self.steps))?;
        if let Some(started) = self.started {
            let run = duration::format(finished.timestamp.since(started));
            let executing = duration::format(self.executing);
            writeln!(out, "{run} ({executing} executing your code)")?;
        }
        Ok(())
    }

    pub fn write_snippets(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.snippets.is_empty() {
            return Ok(());
        }
        let mut snippets: Vec<_> = self.snippets.iter().collect();
        snippets.sort_by_key(|(_, needed)| needed.rank);
        let mut near = NearDefinitions::new(self.query.all_step_definitions());
        writeln!(out, "\nYou can implement missing steps with the snippets below:\n")?;
        for (code, needed) in snippets {
            let meant = needed.step.as_deref().and_then(|step| near.find(step));
            if let Some(StepDefinition { pattern, source_reference, .. }) = meant {
                let question = format!("// Did you mean '{}'?", pattern.source);
                writeln!(out, "{}", self.look.with_place(question, Some(source_reference)))?;
            }
            writeln!(out, "{code}\n")?;
        }
        Ok(())
    }
}

fn undefined_parameter_type(undefined: &UndefinedParameterType) -> String {
    format!("'{}' in '{}'", undefined.name, undefined.expression)
}

impl Formatter for Summary {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.update(envelope);
        match envelope {
            Envelope::TestRunFinished(finished) => self.write(finished, out),
            _ => Ok(()),
        }
    }
}
