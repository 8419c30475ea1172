//! The prelude's entries as the runner calls them, and what they answer. The other side is
//! `prelude/cucumber/attempt.js`.

use serde::{Deserialize, Serialize};

use crate::isolate::{ErrorKind, PendingWork, ScriptError};
use crate::messages::{Exception, Id, TestStepResult, TestStepResultStatus};
use crate::support::Timeout;

use super::interruption::Cut;

/// Pieces of pending work that an error names.
const MOST_PENDING: usize = 3;

/// What a hook is told; the pickle and its document it fetches if it looks at them.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct HookParameter<'a> {
    pub test_case_started_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_step_id: Option<Id>,
    /// The index of the step among the pickle's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickle_step: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<&'a TestStepResult>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub will_be_retried: Option<bool>,
    /// Whether the step before left an error, which JavaScript keeps.
    pub has_error: bool,
    /// The message of that error where the error itself went with its VM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_error: Option<&'a str>,
}

/// The JSON of an argument.
pub(super) fn json(argument: &impl Serialize) -> String {
    serde_json::to_string(argument)
        .unwrap_or_else(|error| unreachable!("plain data with string keys: {error}"))
}

/// What an entry answers; nothing at all for passed.
#[derive(Deserialize, Default)]
struct Outcome {
    status: Option<OutcomeStatus>,
    message: Option<String>,
    exception: Option<OutcomeException>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum OutcomeStatus {
    Skipped,
    Pending,
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutcomeException {
    #[serde(rename = "type")]
    kind: String,
    message: Option<String>,
    stack_trace: Option<String>,
}

/// Reads what an entry answered; the duration is the caller's to add.
pub(super) fn result_of(answer: &str) -> TestStepResult {
    // The commonest answer by far.
    if answer.is_empty() {
        return passed();
    }
    let outcome: Outcome = match serde_json::from_str(answer) {
        Ok(outcome) => outcome,
        Err(error) => {
            return failed(
                "InternalError",
                format!("quickcuke could not read the outcome: {error}"),
            );
        }
    };
    let status = match outcome.status {
        None => TestStepResultStatus::Passed,
        Some(OutcomeStatus::Skipped) => TestStepResultStatus::Skipped,
        Some(OutcomeStatus::Pending) => TestStepResultStatus::Pending,
        Some(OutcomeStatus::Failed) => TestStepResultStatus::Failed,
    };
    let exception = outcome.exception.map(|exception| Exception {
        kind: exception.kind,
        message: exception.message,
        stack_trace: exception.stack_trace,
    });
    TestStepResult { status, message: outcome.message, exception, ..TestStepResult::default() }
}

/// What becomes of a step whose call did not come back: it was cut off, or it broke the VM.
pub(super) fn result_of_error(error: &ScriptError, timeout: Timeout) -> TestStepResult {
    let at = frames(error);
    match error.kind {
        ErrorKind::Timeout => timed_out(timeout, &at),
        ErrorKind::Memory => failed(
            "Error",
            format!(
                "out of memory: the scenario needed more than its limit; \
                 raise `memory` in [sandbox] of quickcuke.toml{at}"
            ),
        ),
        ErrorKind::Syntax | ErrorKind::Runtime | ErrorKind::Internal => {
            failed(&error.name, format!("{}{at}", error.message))
        }
    }
}

/// A failure that no step or hook is to blame for.
pub(super) fn exception(error: &ScriptError) -> Exception {
    Exception {
        kind: error.name.to_string(),
        message: Some(error.message.clone()),
        stack_trace: Some(error.author_stack()),
    }
}

/// What becomes of a call that ran out of time; `at` holds the frames where it was, if they are known.
pub(super) fn timed_out(timeout: Timeout, at: &str) -> TestStepResult {
    let message = format!(
        "function timed out, ensure the function returns within {timeout} milliseconds{at}"
    );
    failed("Error", message)
}

/// What becomes of an error that came from work that was pending when all steps were over, and that broke the VM.
pub(super) fn result_of_late_error(
    error: &ScriptError,
    end: &str,
    timeout: Timeout,
) -> TestStepResult {
    match error.kind {
        ErrorKind::Timeout => late_timed_out(end, timeout, &frames(error)),
        _ => result_of_error(error, timeout),
    }
}

/// What becomes of such work where it runs on and on; `at` holds the frames where it was, if they are known.
pub(super) fn late_timed_out(end: &str, timeout: Timeout, at: &str) -> TestStepResult {
    let message = format!(
        "what was still pending {end} ran for longer than {timeout} milliseconds and was stopped{at}"
    );
    failed("Error", message)
}

/// Where code was stopped, and what it waited for if it only waited; a line each with a line break before it.
pub(super) fn details(error: &ScriptError, pending: &[PendingWork]) -> String {
    let mut details = frames(error);
    for work in pending.iter().take(MOST_PENDING) {
        details += &format!("\nstill pending: {work}");
    }
    details
}

/// What becomes of a call that was stopped, or not made, because the run is cut short.
pub(super) fn cut_short(cut: Cut) -> TestStepResult {
    failed("Error", cut.to_string())
}

/// What becomes of what a run that ends early has begun.
pub(super) fn unfinished(problem: &str) -> TestStepResult {
    failed("Error", problem.to_owned())
}

/// As [`cut_short`], as the error of the call: with the frames where it was, if they are known.
pub(super) fn cut_short_error(cut: Cut, stopped: Option<ScriptError>) -> ScriptError {
    let error = ScriptError::new(ErrorKind::Runtime, cut.to_string());
    match stopped {
        Some(stopped) => ScriptError { stack: stopped.stack, poisoned: stopped.poisoned, ..error },
        None => error,
    }
}

/// The author's frames of a stack, each with a line break before it.
fn frames(error: &ScriptError) -> String {
    let stack = error.author_stack();
    let frames = stack.lines().filter(|line| line.trim_start().starts_with("at "));
    frames.map(|frame| format!("\n{frame}")).collect()
}

pub(super) fn passed() -> TestStepResult {
    TestStepResult { status: TestStepResultStatus::Passed, ..TestStepResult::default() }
}

pub(super) fn failed(kind: &str, message: String) -> TestStepResult {
    let stack_trace = format!("{kind}: {message}");
    TestStepResult {
        status: TestStepResultStatus::Failed,
        message: Some(stack_trace.clone()),
        exception: Some(Exception {
            kind: kind.to_owned(),
            message: Some(message.lines().next().unwrap_or_default().to_owned()),
            stack_trace: Some(stack_trace),
        }),
        ..TestStepResult::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_results() {
        let status = |answer: &str| result_of(answer).status;
        assert_eq!(status(""), TestStepResultStatus::Passed);
        assert_eq!(status(r#"{"status":"PENDING"}"#), TestStepResultStatus::Pending);
        assert_eq!(status(r#"{"status":"SKIPPED"}"#), TestStepResultStatus::Skipped);
        let failed = result_of(
            r#"{"status":"FAILED","message":"Error: x\n    at f","exception":{"type":"Error","message":"x","stackTrace":"s"}}"#,
        );
        assert_eq!(failed.message.as_deref(), Some("Error: x\n    at f"));
        assert_eq!(
            failed.exception.and_then(|exception| exception.stack_trace).as_deref(),
            Some("s")
        );
    }

    #[test]
    fn an_answer_that_cannot_be_read_fails_the_step() {
        let result = result_of("{");
        assert_eq!(result.status, TestStepResultStatus::Failed);
        assert!(result.message.unwrap_or_default().contains("could not read the outcome"));
    }
}
