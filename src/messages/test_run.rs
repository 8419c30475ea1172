//! A run: its beginning, its end, and the hooks around it.

use serde::Serialize;

use super::{Exception, Id, TestStepResult, Timestamp};

#[derive(Debug, Clone, Serialize)]
pub struct TestRunStarted {
    pub id: Id,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestRunFinished {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    pub success: bool,
    pub timestamp: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
    pub test_run_started_id: Id,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestRunHookStarted {
    pub id: Id,
    pub test_run_started_id: Id,
    pub hook_id: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_id: Option<String>,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TestRunHookFinished {
    pub test_run_hook_started_id: Id,
    pub result: TestStepResult,
    pub timestamp: Timestamp,
}
