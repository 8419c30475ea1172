//! Where an attempt at a test case stands.

use std::sync::Arc;

use crate::messages::{Id, TestStepResult, TestStepResultStatus};
use crate::plan::PlannedCase;

/// Where an attempt stands.
#[derive(Clone)]
pub(super) struct Attempt {
    pub case: Arc<PlannedCase>,
    /// From 0.
    pub number: usize,
    pub started_id: Id,
    /// In a dry run, and with `--fail-fast` after a failure: nothing of the author's is called.
    pub skip: bool,
    /// The worst so far; none where nothing has run.
    pub worst: Option<TestStepResult>,
    /// Whether a step of the pickle was reached: tells Before hooks from After hooks.
    pub reached_steps: bool,
    pub more_attempts: bool,
    /// The message of the error that the last step that was reached left. Hooks are told of that one
    /// only, as in cucumber-js.
    pub error: Option<String>,
    /// Whether the error itself is not to be had, because JavaScript never got it or its VM is gone.
    pub is_error_lost: bool,
}

impl Attempt {
    pub(super) fn status(&self) -> TestStepResultStatus {
        match &self.worst {
            Some(result) => result.status,
            None if self.skip => TestStepResultStatus::Skipped,
            None => TestStepResultStatus::Passed,
        }
    }

    pub(super) fn is_skipping(&self) -> bool {
        self.status() != TestStepResultStatus::Passed
    }

    /// A step or hook said 'skipped': what follows is not even looked at.
    pub(super) fn is_explicitly_skipped(&self) -> bool {
        !self.skip && self.status() == TestStepResultStatus::Skipped
    }

    pub(super) fn will_be_retried(&self) -> bool {
        self.more_attempts && self.status() == TestStepResultStatus::Failed
    }

    pub(super) fn record(&mut self, result: &TestStepResult) {
        if self.worst.as_ref().is_none_or(|worst| result.status > worst.status) {
            self.worst = Some(result.clone());
        }
    }
}
