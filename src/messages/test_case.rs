//! Test cases: pickles bound to definitions, and what became of them.

use std::sync::Arc;

use serde::Serialize;

use super::{Duration, Id, Timestamp};

/// A pickle bound to hooks and step definitions: what will run, in order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCase {
    pub id: Id,
    pub pickle_id: Id,
    /// In ascending order of their ids.
    pub test_steps: Vec<TestStep>,
    pub test_run_started_id: Id,
}

/// A hook (`hook_id`) or a step of the pickle (`pickle_step_id` and the lists, which are empty for
/// an undefined step and hold several entries for an ambiguous one). Steps with the same text share
/// their lists.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStep {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook_id: Option<Id>,
    pub id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pickle_step_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_definition_ids: Option<Arc<[Id]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_match_arguments_lists: Option<Arc<[StepMatchArgumentsList]>>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepMatchArgumentsList {
    pub step_match_arguments: Vec<StepMatchArgument>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepMatchArgument {
    pub group: Group,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter_type_name: Option<String>,
}

/// A capture group of a match. `start` counts UTF-16 code units from the start of the step's text;
/// a group that took no part in the match has neither `start` nor `value`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<Group>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// An attempt of a test case begins. `attempt` counts from 0.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCaseStarted {
    pub attempt: u32,
    pub id: Id,
    pub test_case_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<String>,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCaseFinished {
    pub test_case_started_id: Id,
    pub timestamp: Timestamp,
    pub will_be_retried: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStepStarted {
    pub test_case_started_id: Id,
    pub test_step_id: Id,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestStepFinished {
    pub test_case_started_id: Id,
    pub test_step_id: Id,
    pub test_step_result: TestStepResult,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Default, Serialize)]
pub struct TestStepResult {
    pub duration: Duration,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    pub status: TestStepResultStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
}

/// What became of a step. In order of gravity: the worst of a test case's steps is its status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TestStepResultStatus {
    #[default]
    Unknown,
    Passed,
    Skipped,
    Pending,
    Undefined,
    Ambiguous,
    Failed,
}

/// What was thrown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// The error's `name`, for example `AssertionError`.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stack_trace: Option<String>,
}
