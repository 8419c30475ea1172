//! A scenario that did not pass, as the summary lists it.

use super::line::{Look, reportable_message};
use super::query::{Attempt, Query};
use super::table;
use super::text::indent;
use crate::messages::{TestStep, TestStepResult, TestStepResultStatus};

const STEP_INDENT: usize = 2;
const ARGUMENT_INDENT: usize = STEP_INDENT + 2;
const DETAIL_INDENT: usize = STEP_INDENT + 4;

/// The scenario's name and place, and the steps that matter, each with its argument, error and
/// attachments.
pub(super) fn compose(
    attempt: &Attempt,
    query: &Query,
    look: &Look,
    include_attachments: bool,
) -> String {
    let attempts = match attempt.number {
        0 => String::new(),
        number => format!(", after {} attempts", number + 1),
    };
    let location = look.pickle_location(&attempt.pickle);
    let mut lines = vec![format!("{}{attempts} {location}", attempt.pickle.name)];
    for (step, result) in steps_that_matter(attempt) {
        push_step(&mut lines, step, result, attempt, query, look);
        if include_attachments {
            push_attachments(&mut lines, step, attempt, look);
        }
    }
    lines.join("\n")
}

/// The first step that did not pass, and after it those that neither passed nor were skipped.
fn steps_that_matter(attempt: &Attempt) -> impl Iterator<Item = (&TestStep, &TestStepResult)> {
    let mut found_first = false;
    attempt.results.iter().filter_map(move |(id, result)| {
        let matters = match result.status {
            TestStepResultStatus::Passed => false,
            TestStepResultStatus::Skipped => !found_first,
            _ => true,
        };
        found_first |= matters;
        if matters { Some((attempt.test_step(*id)?, result)) } else { None }
    })
}

fn push_step(
    lines: &mut Vec<String>,
    step: &TestStep,
    result: &TestStepResult,
    attempt: &Attempt,
    query: &Query,
    look: &Look,
) {
    let status = result.status;
    if let Some(pickle_step) = attempt.pickle_step(step) {
        let lineage = query.lineage(&attempt.pickle);
        let keyword = lineage.as_ref().map_or("", |lineage| lineage.step_keyword(pickle_step));
        let title = look.step_title(step, pickle_step, keyword, status);
        let place = query.step_definition(step).map(|definition| &definition.source_reference);
        lines.push(indent(&look.with_place(title, place), STEP_INDENT));
        if let Some(argument) = &pickle_step.argument {
            let argument = table::argument(argument, &look.theme, look.painter);
            lines.push(indent(&argument, ARGUMENT_INDENT));
        }
        if status == TestStepResultStatus::Ambiguous {
            let definitions = look.ambiguous(&query.step_definitions(step));
            lines.push(indent(&definitions, DETAIL_INDENT));
        }
    } else if let Some(hook) = step.hook_id {
        lines.push(indent(&look.hook(query.hook(hook), status), STEP_INDENT));
    }
    if let Some(message) = reportable_message(result) {
        lines.push(indent(&look.error(message, status), DETAIL_INDENT));
    }
}

fn push_attachments(lines: &mut Vec<String>, step: &TestStep, attempt: &Attempt, look: &Look) {
    for attachment in attempt.attachments_of(step.id) {
        lines.push(String::new());
        lines.push(indent(&look.attachment(attachment), DETAIL_INDENT));
    }
}
