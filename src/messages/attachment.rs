//! Attachments: data that steps and hooks add to the report.

use serde::Serialize;

use super::{Id, Timestamp};

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Text, or base64: as `content_encoding` says.
    pub body: String,
    pub content_encoding: AttachmentContentEncoding,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    pub media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_case_started_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_step_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_run_started_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_run_hook_started_id: Option<Id>,
    pub timestamp: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttachmentContentEncoding {
    Identity,
    Base64,
}
