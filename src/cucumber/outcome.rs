//! Results of JavaScript in terms of the crate `cucumber`, whose steps pass or panic.

use std::any::Any;
use std::panic::resume_unwind;

use crate::messages::{Exception, TestStepResult, TestStepResultStatus};

/// How the message of a step begins that was skipped; [`Runner`](super::Runner) reads it.
const SKIPPED: &str = "skipped: ";
const PENDING: &str = "pending: ";
/// How it goes on.
const ADVICE: &str = "returned by the step or hook. A step of cucumber 0.23 cannot say so, and fails; \
                      run the suite with `.with_runner(library.runner())`, which tells of it as skipped";

/// Ends the step or hook that runs as its result says.
pub(super) fn conclude(result: &TestStepResult) {
    match message(result) {
        Some(message) => fail(message),
        None => (),
    }
}

/// Fails the step or hook that runs. The crate catches what is thrown, and prints it if it is a text.
pub(super) fn fail(message: String) -> ! {
    // Not a panic: nothing is wrong with the code that runs.
    resume_unwind(Box::new(message))
}

/// What is wrong; nothing where the result is a pass.
fn message(result: &TestStepResult) -> Option<String> {
    use TestStepResultStatus as Status;
    Some(match result.status {
        Status::Passed => return None,
        Status::Skipped => format!("{SKIPPED}{ADVICE}"),
        Status::Pending => format!("{PENDING}{ADVICE}"),
        Status::Undefined => {
            "Step doesn't match any function: a JavaScript step has a pattern like it, but with a lookaround, a \
             backreference or \\B that does not allow this text"
                .to_owned()
        }
        Status::Ambiguous => {
            "Step match is ambiguous: several JavaScript steps match it".to_owned()
        }
        _ => result.message.clone().unwrap_or_else(|| "failed without a message".to_owned()),
    })
}

/// Whether a step or hook that failed was skipped or pending in JavaScript.
pub(super) fn is_skipped(thrown: &(dyn Any + Send)) -> bool {
    let message = thrown.downcast_ref::<String>();
    message.is_some_and(|message| {
        [SKIPPED, PENDING]
            .iter()
            .any(|kind| message.strip_prefix(kind).is_some_and(|rest| rest == ADVICE))
    })
}

/// A failure that JavaScript had no part in, as After hooks are told of it.
pub(super) fn failed_elsewhere(message: String) -> TestStepResult {
    TestStepResult {
        status: TestStepResultStatus::Failed,
        exception: Some(Exception {
            kind: "Error".to_owned(),
            message: Some(message.clone()),
            stack_trace: Some(message.clone()),
        }),
        message: Some(message),
        ..TestStepResult::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_javascript_returned_counts_as_skipped() {
        for status in [TestStepResultStatus::Skipped, TestStepResultStatus::Pending] {
            let message = message(&TestStepResult { status, ..TestStepResult::default() });
            assert!(is_skipped(&message.unwrap_or_default()));
        }
        assert!(!is_skipped(&"skipped: for good".to_owned()));
        assert!(!is_skipped(&"skipped"));
        assert_eq!(
            message(&TestStepResult {
                status: TestStepResultStatus::Passed,
                ..TestStepResult::default()
            }),
            None
        );
    }
}
