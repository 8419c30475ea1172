//! `pretty`: features, scenarios and steps as they run, then the summary.

use std::collections::HashSet;
use std::io::{self, Write};
use std::sync::Arc;

use super::line::{Look, exception_message, reportable_message};
use super::options::PrettyOptions;
use super::outline::Lineage;
use super::query::Attempt;
use super::summary::Summary;
use super::text::{indent, width};
use super::{Formatter, table};
use crate::messages::{
    Attachment, Envelope, Id, IdMap, Pickle, TestCaseStarted, TestStepFinished,
    TestStepResultStatus,
};

const GHERKIN_INDENT: usize = 2;
const ARGUMENT_INDENT: usize = 2;
const DETAIL_INDENT: usize = 4;

pub(super) struct Pretty {
    summary: Summary,
    include_attachments: bool,
    options: PrettyOptions,
    /// Of the attempts that are under way.
    layouts: IdMap<Layout>,
    features_printed: HashSet<Arc<str>>,
    rules_printed: HashSet<Id>,
}

/// Where the lines of one scenario stand.
#[derive(Clone, Copy, Default)]
struct Layout {
    indent: usize,
    /// Of the longest of its lines: places stand one column behind it.
    width: usize,
}

impl Pretty {
    pub fn new(summary: Summary, include_attachments: bool, options: PrettyOptions) -> Self {
        Self {
            summary,
            include_attachments,
            options,
            layouts: IdMap::default(),
            features_printed: HashSet::new(),
            rules_printed: HashSet::new(),
        }
    }

    fn start_scenario(&mut self, started: &TestCaseStarted, out: &mut dyn Write) -> io::Result<()> {
        let Self { summary, options, .. } = self;
        let Some(attempt) = summary.query.attempt(started.id) else { return Ok(()) };
        let pickle = &attempt.pickle;
        let Some(lineage) = summary.query.lineage(pickle) else { return Ok(()) };
        let (look, theme) = (&summary.look, &summary.look.theme);
        let layout = layout(attempt, lineage, look, options);
        if options.include_feature_line && self.features_printed.insert(Arc::clone(&pickle.uri)) {
            let feature = lineage.feature;
            writeln!(out, "\n{}", look.title(feature.keyword, &feature.name, &theme.feature))?;
        }
        if let Some(rule) = lineage.rule.filter(|_| options.include_rule_line)
            && self.rules_printed.insert(rule.id)
        {
            let title = look.title(rule.title.keyword, &rule.title.name, &theme.rule);
            writeln!(out, "\n{}", indent(&title, GHERKIN_INDENT))?;
        }
        writeln!(out)?;
        if !pickle.tags.is_empty() {
            writeln!(out, "{}", indent(&look.tags(pickle), layout.indent))?;
        }
        let title = look.title(lineage.keyword, &pickle.name, &theme.scenario);
        let line = layout.line(&title, title_width(lineage, pickle), &look.pickle_location(pickle));
        writeln!(out, "{line}")?;
        self.layouts.insert(started.id, layout);
        Ok(())
    }

    fn finish_step(&self, finished: &TestStepFinished, out: &mut dyn Write) -> io::Result<()> {
        let (query, look) = (&self.summary.query, &self.summary.look);
        let Some(attempt) = query.attempt(finished.test_case_started_id) else { return Ok(()) };
        let Some(step) = attempt.test_step(finished.test_step_id) else { return Ok(()) };
        let layout = self.layout(finished.test_case_started_id);
        let content = layout.indent + detail_indent(&self.options);
        let status = finished.test_step_result.status;
        if let Some(pickle_step) = attempt.pickle_step(step) {
            let lineage = query.lineage(&attempt.pickle);
            let keyword = lineage.as_ref().map_or("", |lineage| lineage.step_keyword(pickle_step));
            let icon = if self.options.use_status_icon { look.icon(status) } else { String::new() };
            let title = look.step_title(step, pickle_step, keyword, status);
            let title = indent(&format!("{icon}{title}"), GHERKIN_INDENT);
            let title_width =
                step_width(keyword, &pickle_step.text) + icon_width(look, status, &self.options);
            let place = query
                .step_definition(step)
                .map(|definition| look.source_reference(&definition.source_reference));
            let line = layout.line(&title, title_width, place.as_deref().unwrap_or_default());
            writeln!(out, "{line}")?;
            if let Some(argument) = &pickle_step.argument {
                let argument = table::argument(argument, &look.theme, look.painter);
                writeln!(out, "{}", indent(&argument, content + ARGUMENT_INDENT))?;
            }
            if status == TestStepResultStatus::Ambiguous {
                let definitions = look.ambiguous(&query.step_definitions(step));
                writeln!(out, "{}", indent(&definitions, content + DETAIL_INDENT))?;
            }
        }
        if let Some(message) = reportable_message(&finished.test_step_result) {
            let error = look.error(message, status);
            writeln!(out, "{}", indent(&error, content + DETAIL_INDENT))?;
        }
        Ok(())
    }

    fn attach(&self, attachment: &Attachment, out: &mut dyn Write) -> io::Result<()> {
        if !self.include_attachments {
            return Ok(());
        }
        let scenario = attachment.test_case_started_id.map(|id| self.layout(id));
        let content =
            scenario.unwrap_or_default().indent + detail_indent(&self.options) + DETAIL_INDENT;
        let text = indent(&self.summary.look.attachment(attachment), content);
        writeln!(out, "\n{text}\n")
    }

    fn layout(&self, started: Id) -> Layout {
        self.layouts.get(&started).copied().unwrap_or_default()
    }
}

impl Layout {
    /// The title with its place beside it, if it has one.
    fn line(self, title: &str, title_width: usize, place: &str) -> String {
        if place.is_empty() {
            return indent(title, self.indent);
        }
        let gap = " ".repeat((self.width + 1).saturating_sub(title_width));
        indent(&format!("{title}{gap}{place}"), self.indent)
    }
}

impl Formatter for Pretty {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.summary.update(envelope);
        match envelope {
            Envelope::TestCaseStarted(started) => self.start_scenario(started, out),
            Envelope::Attachment(attachment) => self.attach(attachment, out),
            Envelope::TestStepFinished(finished) => self.finish_step(finished, out),
            Envelope::TestCaseFinished(finished) => {
                self.layouts.remove(&finished.test_case_started_id);
                Ok(())
            }
            Envelope::TestRunFinished(finished) => {
                if let Some(message) = finished.exception.as_ref().and_then(exception_message) {
                    let failed = TestStepResultStatus::Failed;
                    writeln!(out, "{}", self.summary.look.error(message, failed))?;
                }
                self.summary.write(finished, out)
            }
            _ => Ok(()),
        }
    }

    fn wants_whole_attempts(&self) -> bool {
        true
    }
}

fn layout(attempt: &Attempt, lineage: Lineage<'_>, look: &Look, options: &PrettyOptions) -> Layout {
    let steps = attempt.pickle.steps.iter();
    // As in cucumber-js: how long the icons will be is not known yet.
    let icon = icon_width(look, TestStepResultStatus::Unknown, options);
    let widths = steps.map(|step| icon + step_width(lineage.step_keyword(step), &step.text));
    let width = widths.chain([title_width(lineage, &attempt.pickle)]).max().unwrap_or_default();
    let indent = match (options.include_feature_line, lineage.rule) {
        (false, _) => 0,
        (true, Some(_)) if options.include_rule_line => 2 * GHERKIN_INDENT,
        (true, _) => GHERKIN_INDENT,
    };
    Layout { indent, width }
}

/// Of `Scenario: name`.
fn title_width(lineage: Lineage<'_>, pickle: &Pickle) -> usize {
    width(lineage.keyword) + 2 + width(&pickle.name)
}

/// Of a step without its icon, seen from its scenario.
fn step_width(keyword: &str, text: &str) -> usize {
    GHERKIN_INDENT + width(keyword) + width(text)
}

/// Of an icon and the space behind it.
fn icon_width(look: &Look, status: TestStepResultStatus, options: &PrettyOptions) -> usize {
    if options.use_status_icon { width(look.icon_text(status)) + 1 } else { 0 }
}

/// Of what stands below a step, seen from its scenario; whatever the icons of the theme are.
fn detail_indent(options: &PrettyOptions) -> usize {
    if options.use_status_icon { 2 * GHERKIN_INDENT } else { GHERKIN_INDENT }
}
