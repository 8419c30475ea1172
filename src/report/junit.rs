//! `junit`: a test case of JUnit's XML for each run hook that did not pass, and for each scenario, by file and line.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use super::documents::Documents;
use super::options::JunitOptions;
use super::query::{Attempt, Query};
use super::text::{trim, width};
use super::xml::{Attribute, cdata};
use super::{Formatter, status};
use crate::collation;
use crate::messages::{
    Envelope, IdMap, Pickle, Rule, Scenario, SourceReference, TestCaseFinished, TestRunFinished,
    TestRunHookFinished, TestStepResult, TestStepResultStatus, Timestamp,
};

#[derive(Default)]
pub(super) struct Junit {
    query: Query,
    documents: Documents,
    options: JunitOptions,
    run_started: Option<Timestamp>,
    /// When each attempt and run hook that is under way began.
    started: IdMap<Timestamp>,
    /// The test cases of run hooks, in order.
    run_hooks: String,
    cases: Vec<Case>,
    skipped: usize,
    failures: usize,
}

struct Case {
    uri: Arc<str>,
    line: u32,
    /// How many attempts began before it.
    began: usize,
    xml: String,
}

impl Junit {
    pub fn new(options: JunitOptions) -> Self {
        Self { options, ..Self::default() }
    }

    fn finish_attempt(&mut self, finished: &TestCaseFinished) {
        let started = self.started.remove(&finished.test_case_started_id);
        let Some(attempt) = self.query.finish_attempt(finished) else { return };
        if finished.will_be_retried {
            return;
        }
        match attempt.status() {
            None | Some(TestStepResultStatus::Passed) => {}
            Some(TestStepResultStatus::Skipped) => self.skipped += 1,
            Some(_) => self.failures += 1,
        }
        let took = started.map_or(Duration::ZERO, |started| finished.timestamp.since(started));
        let pickle = &attempt.pickle;
        self.cases.push(Case {
            uri: Arc::clone(&pickle.uri),
            line: pickle.location.line,
            began: attempt.began,
            xml: self.case(&attempt, took),
        });
        self.query.forget(&attempt);
    }

    fn case(&self, attempt: &Attempt, took: Duration) -> String {
        let pickle = &attempt.pickle;
        let document = self.documents.of(&pickle.uri);
        let feature = document.and_then(|document| document.feature());
        let own_class = self.options.test_class_name.as_deref();
        let class = own_class.or(feature.map(|feature| &*feature.name)).unwrap_or(&pickle.uri);
        let name = match document.and_then(|document| document.scenario(pickle)) {
            Some((scenario, rule)) => case_name(pickle, scenario, rule),
            None => pickle.name.clone(),
        };
        let mut xml = format!(
            "  <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
            Attribute(class),
            Attribute(&name),
            took.as_secs_f64()
        );
        let worst =
            attempt.results.iter().map(|(_, result)| result).max_by_key(|result| result.status);
        let (failure, output) = (worst.and_then(failure), self.output(attempt));
        if failure.is_none() && output.is_empty() {
            return xml + "/>\n";
        }
        xml += ">\n";
        xml += &failure.unwrap_or_default();
        if !output.is_empty() {
            let _ = writeln!(xml, "    <system-out>{}</system-out>", cdata(&output));
        }
        xml + "  </testcase>\n"
    }

    /// Skipped and passed hooks are no test cases, as in cucumber-js, and none counts as a test.
    fn finish_run_hook(&mut self, finished: &TestRunHookFinished) {
        let id = finished.test_run_hook_started_id;
        let started = self.started.remove(&id);
        let took = started.map_or(Duration::ZERO, |started| finished.timestamp.since(started));
        let place = self.query.finish_run_hook(id).map(|hook| &hook.source_reference);
        let name = match place {
            Some(SourceReference { uri, location: Some(location) }) => {
                format!("{uri}:{}", location.line)
            }
            Some(SourceReference { uri, .. }) => uri.to_string(),
            None => "(unknown)".to_owned(),
        };
        let result = &finished.result;
        if let Some(failure) =
            failure(result).filter(|_| result.status != TestStepResultStatus::Skipped)
        {
            let (name, took) = (Attribute(&name), took.as_secs_f64());
            self.run_hooks +=
                &format!("  <testcase name=\"{name}\" time=\"{took}\">\n{failure}  </testcase>\n");
        }
    }

    /// A line for each step, with what became of it.
    fn output(&self, attempt: &Attempt) -> String {
        let lines = attempt.results.iter().filter_map(|(id, result)| {
            let step = attempt.pickle_step(attempt.test_step(*id)?)?;
            let lineage = self.query.lineage(&attempt.pickle);
            let keyword = lineage.as_ref().map_or("", |lineage| lineage.step_keyword(step));
            Some(output_line(keyword, &step.text, result.status))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn write(&mut self, finished: &TestRunFinished, out: &mut dyn Write) -> io::Result<()> {
        let suite = self.options.suite_name.as_deref().filter(|name| !name.is_empty());
        let took = self.run_started.map_or(Duration::ZERO, |begun| finished.timestamp.since(begun));
        write!(
            out,
            "<?xml version=\"1.0\"?>\n<testsuite name=\"{}\" time=\"{}\" tests=\"{}\" skipped=\"{}\" \
             failures=\"{}\" errors=\"0\"",
            Attribute(suite.unwrap_or("Cucumber")),
            took.as_secs_f64(),
            self.cases.len(),
            self.skipped,
            self.failures
        )?;
        if let Some(begun) = self.run_started {
            write!(out, " timestamp=\"{begun}\"")?;
        }
        if self.cases.is_empty() && self.run_hooks.is_empty() {
            return write!(out, "/>");
        }
        writeln!(out, ">")?;
        out.write_all(self.run_hooks.as_bytes())?;
        self.cases.sort_by_cached_key(|case| (collation::key(&case.uri), case.line, case.began));
        for Case { xml, .. } in &self.cases {
            out.write_all(xml.as_bytes())?;
        }
        write!(out, "</testsuite>")
    }
}

impl Formatter for Junit {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.query.update(envelope);
        self.documents.update(envelope);
        match envelope {
            Envelope::TestRunStarted(started) => self.run_started = Some(started.timestamp),
            Envelope::TestCaseStarted(started) => {
                self.started.insert(started.id, started.timestamp);
            }
            Envelope::TestRunHookStarted(started) => {
                self.started.insert(started.id, started.timestamp);
            }
            Envelope::TestRunHookFinished(finished) => self.finish_run_hook(finished),
            Envelope::TestCaseFinished(finished) => self.finish_attempt(finished),
            Envelope::TestRunFinished(finished) => return self.write(finished, out),
            _ => {}
        }
        Ok(())
    }
}

/// The names around a scenario and its own, and which of its examples it is: `Rule - Scenario - Examples - #1.2`.
fn case_name(pickle: &Pickle, scenario: &Scenario, rule: Option<&Rule>) -> String {
    let own = if scenario.name.is_empty() { &pickle.name } else { &scenario.name };
    let mut parts = vec![rule.map_or_else(String::new, |rule| rule.name.clone()), own.clone()];
    if pickle.ast_node_ids.row.is_some()
        && let Some((table, row)) = example(scenario, pickle.location.line)
    {
        parts.push(scenario.examples[table].name.clone());
        let number = format!("#{}.{}", table + 1, row + 1);
        parts.push(match scenario.name == pickle.name {
            true => number,
            false => format!("{number}: {}", pickle.name),
        });
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" - ")
}

/// The index of the table that holds the row of that line, and that of the row in it.
fn example(scenario: &Scenario, line: u32) -> Option<(usize, usize)> {
    let above = scenario.examples.partition_point(|examples| examples.location.line < line);
    let table = above.checked_sub(1)?;
    let rows = &scenario.examples[table].table_body;
    let row = rows.binary_search_by_key(&line, |row| row.location.line).ok()?;
    Some((table, row))
}

/// What a result that is no success says.
fn failure(result: &TestStepResult) -> Option<String> {
    let TestStepResult { status, message, exception, .. } = result;
    let element = match status {
        TestStepResultStatus::Passed => return None,
        TestStepResultStatus::Skipped => "skipped",
        _ => "failure",
    };
    let mut xml = format!("    <{element}");
    if let Some(thrown) = exception.as_ref().filter(|_| element == "failure") {
        let attributes = [("type", Some(&thrown.kind)), ("message", thrown.message.as_ref())];
        for (name, value) in attributes {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                let _ = write!(xml, " {name}=\"{}\"", Attribute(value));
            }
        }
    }
    let stack = exception.as_ref().and_then(|thrown| thrown.stack_trace.as_ref());
    match stack.or(message.as_ref()).filter(|text| !text.is_empty()) {
        Some(text) => Some(format!("{xml}>{}</{element}>\n", cdata(text))),
        None => Some(xml + "/>\n"),
    }
}

/// `Given a cart.......passed`, the status in the 77th column where there is room.
fn output_line(keyword: &str, text: &str, status: TestStepResultStatus) -> String {
    const STATUS_COLUMN: usize = 76;
    let step = format!("{} {}", trim(keyword), trim(text));
    let dots = STATUS_COLUMN.saturating_sub(width(&step)).max(2);
    format!("{step}{}{}", ".".repeat(dots), status::name(status))
}
