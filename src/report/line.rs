//! The single pieces that reports are put together from: titles, places, errors, attachments.

use super::status;
use super::style::Painter;
use super::text::{slice, trim, width};
use super::theme::{PerStatus, Theme, TitleTheme, or_space};
use crate::messages::{
    Attachment, AttachmentContentEncoding, Exception, Hook, HookType, Pickle, PickleStep,
    SourceReference, StepDefinition, TestStep, TestStepResult, TestStepResultStatus,
};

/// A theme, and whether its styles show: everything that a piece needs beside its content.
pub(super) struct Look {
    pub theme: Theme,
    pub painter: Painter,
}

impl Look {
    /// `Feature: name`, and the same for a rule or a scenario.
    pub fn title(&self, keyword: &str, name: &str, theme: &TitleTheme) -> String {
        let keyword = self.painter.paint(format!("{keyword}:"), &theme.keyword);
        let name = self.painter.paint(name, &theme.name);
        self.painter.paint(format!("{keyword} {name}"), &theme.all)
    }

    pub fn tags(&self, pickle: &Pickle) -> String {
        let names: Vec<&str> = pickle.tags.iter().map(|tag| tag.name.as_str()).collect();
        self.painter.paint(names.join(" "), &self.theme.tag)
    }

    /// `Given a step`, the arguments of its one definition set off.
    pub fn step_title(
        &self,
        step: &TestStep,
        pickle_step: &PickleStep,
        keyword: &str,
        status: TestStepResultStatus,
    ) -> String {
        let keyword = self.painter.paint(keyword, &self.theme.step.keyword);
        let text = self.step_text(step, &pickle_step.text);
        self.status(status, format!("{keyword}{text}"))
    }

    fn step_text(&self, step: &TestStep, text: &str) -> String {
        let plain = |text: String| self.painter.paint(text, &self.theme.step.text);
        let Some([list]) = step.step_match_arguments_lists.as_deref() else {
            return plain(text.to_string());
        };
        let mut painted = String::new();
        let mut reached = 0;
        for argument in &list.step_match_arguments {
            let (Some(start), Some(value)) = (argument.group.start, &argument.group.value) else {
                continue;
            };
            let start = start as usize;
            painted += &plain(slice(text, reached, start));
            painted += &self.painter.paint(value, &self.theme.step.argument);
            reached = start + width(value);
        }
        if reached != width(text) {
            painted += &plain(slice(text, reached, usize::MAX));
        }
        painted
    }

    /// `✔ `
    pub fn icon(&self, status: TestStepResultStatus) -> String {
        self.status(status, self.icon_text(status)) + " "
    }

    pub fn icon_text(&self, status: TestStepResultStatus) -> &str {
        or_space(self.theme.status.icon.get(status))
    }

    /// The character that stands for a step in `progress`.
    pub fn progress(&self, status: TestStepResultStatus) -> String {
        self.status(status, or_space(self.theme.status.progress.get(status)))
    }

    pub fn status(&self, status: TestStepResultStatus, text: impl Into<String>) -> String {
        self.painter.paint(text, self.theme.status.all.get(status))
    }

    /// `# features/a.feature:3`
    pub fn pickle_location(&self, pickle: &Pickle) -> String {
        let place = format!("# {}:{}", pickle.uri, pickle.location.line);
        self.painter.paint(place, &self.theme.location)
    }

    /// `# steps/a.ts:3`
    pub fn source_reference(&self, reference: &SourceReference) -> String {
        let mut place = format!("# {}", reference.uri);
        if let Some(location) = reference.location {
            place += &format!(":{}", location.line);
        }
        self.painter.paint(place, &self.theme.location)
    }

    /// `Before (name) # steps/a.ts:3`
    pub fn hook(&self, hook: Option<&Hook>, status: TestStepResultStatus) -> String {
        let label = self.painter.paint(hook_label(hook), &self.theme.step.keyword);
        let title = match hook_name(hook) {
            Some(name) => label + &self.painter.paint(format!(" ({name})"), &self.theme.step.text),
            None => label,
        };
        self.with_place(self.status(status, title), hook.map(|hook| &hook.source_reference))
    }

    /// As [`Self::hook`], of a hook around the whole run; it has no style but its place's.
    pub fn run_hook(&self, hook: Option<&Hook>) -> String {
        let name = hook_name(hook).map(|name| format!(" ({name})")).unwrap_or_default();
        let title = format!("{}{name}", hook_label(hook));
        self.with_place(title, hook.map(|hook| &hook.source_reference))
    }

    pub fn with_place(&self, title: String, place: Option<&SourceReference>) -> String {
        match place {
            Some(place) => format!("{title} {}", self.source_reference(place)),
            None => title,
        }
    }

    pub fn error(&self, message: &str, status: TestStepResultStatus) -> String {
        self.painter.paint_lines(trim(message), self.theme.status.all.get(status))
    }

    /// The definitions that an ambiguous step has.
    pub fn ambiguous(&self, definitions: &[&StepDefinition]) -> String {
        let bullet = or_space(&self.theme.symbol.bullet);
        let mut list = String::from("Multiple matching step definitions found:");
        for definition in definitions {
            let place = self.source_reference(&definition.source_reference);
            list += &format!("\n  {bullet} {} {place}", definition.pattern.source);
        }
        list
    }

    /// A text attachment as it is; of any other what it is and how large.
    pub fn attachment(&self, attachment: &Attachment) -> String {
        let text = match attachment.content_encoding {
            AttachmentContentEncoding::Identity => attachment.body.clone(),
            AttachmentContentEncoding::Base64 => {
                let bytes = width(&attachment.body) as f64 / 4.0 * 3.0;
                let name = match attachment.file_name.as_deref() {
                    None | Some("") => String::new(),
                    Some(name) => format!("{name} "),
                };
                format!("Embedding {name}[{} {bytes} bytes]", attachment.media_type)
            }
        };
        self.painter.paint(text, &self.theme.attachment)
    }

    /// `3 scenarios (1 failed, 2 passed)`; `counts` by gravity, as [`status::BY_GRAVITY`].
    pub fn counts(&self, one: &str, many: &str, counts: &PerStatus<u64>) -> String {
        let all = status::BY_GRAVITY.map(|status| (status, *counts.get(status)));
        let total: u64 = all.iter().map(|(_, count)| count).sum();
        let noun = if total == 1 { one } else { many };
        if total == 0 {
            return format!("{total} {noun}");
        }
        let parts = all.iter().filter(|(_, count)| *count > 0).map(|(status, count)| {
            self.status(*status, format!("{count} {}", status::name(*status)))
        });
        format!("{total} {noun} ({})", parts.collect::<Vec<_>>().join(", "))
    }
}

/// What a report says about a result, if anything: all of a failure, the reason of a skipped or
/// pending step.
pub(super) fn reportable_message(result: &TestStepResult) -> Option<&str> {
    match result.status {
        TestStepResultStatus::Failed => failure_message(result),
        TestStepResultStatus::Pending | TestStepResultStatus::Skipped => result
            .exception
            .as_ref()
            .and_then(|exception| given(exception.message.as_deref()))
            .or(given(result.message.as_deref())),
        _ => None,
    }
}

/// The stack trace, or else the message.
pub(super) fn failure_message(result: &TestStepResult) -> Option<&str> {
    result.exception.as_ref().and_then(exception_message).or(given(result.message.as_deref()))
}

pub(super) fn exception_message(exception: &Exception) -> Option<&str> {
    given(exception.stack_trace.as_deref()).or(given(exception.message.as_deref()))
}

/// An empty text counts as none.
fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn hook_label(hook: Option<&Hook>) -> &'static str {
    match hook.map(|hook| hook.kind) {
        Some(HookType::BeforeTestRun) => "BeforeAll",
        Some(HookType::AfterTestRun) => "AfterAll",
        Some(HookType::BeforeTestCase) => "Before",
        Some(HookType::AfterTestCase) => "After",
        Some(HookType::BeforeTestStep) => "BeforeStep",
        Some(HookType::AfterTestStep) => "AfterStep",
        None => "Hook",
    }
}

fn hook_name(hook: Option<&Hook>) -> Option<&str> {
    given(hook?.name.as_deref())
}
