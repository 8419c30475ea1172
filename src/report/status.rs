//! Names of statuses, and their order.

use crate::messages::TestStepResultStatus;

/// Every status, in order of gravity: the order in which reports list them.
pub(super) const BY_GRAVITY: [TestStepResultStatus; 7] = [
    TestStepResultStatus::Unknown,
    TestStepResultStatus::Passed,
    TestStepResultStatus::Skipped,
    TestStepResultStatus::Pending,
    TestStepResultStatus::Undefined,
    TestStepResultStatus::Ambiguous,
    TestStepResultStatus::Failed,
];

/// As it stands in a count: `2 failed`.
pub(super) fn name(status: TestStepResultStatus) -> &'static str {
    match status {
        TestStepResultStatus::Unknown => "unknown",
        TestStepResultStatus::Passed => "passed",
        TestStepResultStatus::Skipped => "skipped",
        TestStepResultStatus::Pending => "pending",
        TestStepResultStatus::Undefined => "undefined",
        TestStepResultStatus::Ambiguous => "ambiguous",
        TestStepResultStatus::Failed => "failed",
    }
}

/// As it stands at the head of a list: `Failed scenarios:`.
pub(super) fn title(status: TestStepResultStatus) -> &'static str {
    match status {
        TestStepResultStatus::Unknown => "Unknown",
        TestStepResultStatus::Passed => "Passed",
        TestStepResultStatus::Skipped => "Skipped",
        TestStepResultStatus::Pending => "Pending",
        TestStepResultStatus::Undefined => "Undefined",
        TestStepResultStatus::Ambiguous => "Ambiguous",
        TestStepResultStatus::Failed => "Failed",
    }
}

/// Whether a scenario of that status is listed in the summary.
pub(super) fn is_issue(status: TestStepResultStatus) -> bool {
    !matches!(status, TestStepResultStatus::Passed | TestStepResultStatus::Skipped)
}
