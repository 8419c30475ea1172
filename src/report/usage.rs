//! `usage`: every step definition with the steps that it ran and how long they took, the slowest first.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use super::Formatter;
use super::documents::Documents;
use super::query::{Attempt, Query};
use crate::messages::{
    Envelope, Id, IdMap, SourceReference, StepDefinition, StepDefinitionPatternType,
    TestStepResultStatus,
};

/// So many steps of a definition are shown.
const SHOWN: usize = 5;

#[derive(Default)]
pub(super) struct Usage {
    query: Query,
    documents: Documents,
    definitions: Vec<Used>,
    /// The index of a definition, by its id.
    indices: IdMap<usize>,
}

/// A step definition and the steps that it alone matches, of every attempt.
struct Used {
    definition: Arc<StepDefinition>,
    matches: Vec<Match>,
}

struct Match {
    text: String,
    place: String,
    /// None where the step did not run.
    took: Option<Duration>,
}

impl Usage {
    fn define(&mut self, definition: &Arc<StepDefinition>) {
        self.indices.insert(definition.id, self.definitions.len());
        let definition = Arc::clone(definition);
        self.definitions.push(Used { definition, matches: Vec::new() });
    }

    fn count(&mut self, attempt: &Attempt) {
        for step in &attempt.test_case.test_steps {
            let Some([definition]) = step.step_definition_ids.as_deref() else { continue };
            let Some(&index) = self.indices.get(definition) else { continue };
            let counted = self.counted(attempt, step.id);
            self.definitions[index].matches.extend(counted);
        }
    }

    fn counted(&self, attempt: &Attempt, test_step: Id) -> Option<Match> {
        let step = attempt.pickle_step(attempt.test_step(test_step)?)?;
        let uri = &attempt.pickle.uri;
        let line = self.documents.of(uri)?.step(step)?.location.line;
        let result = attempt.results.iter().find(|(id, _)| *id == test_step);
        let (_, result) = result?;
        use TestStepResultStatus::{Ambiguous, Skipped, Undefined};
        let has_run = !matches!(result.status, Ambiguous | Skipped | Undefined);
        Some(Match {
            text: step.text.clone(),
            place: format!("{uri}:{line}"),
            took: has_run.then(|| result.duration.into()),
        })
    }

    fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.definitions.is_empty() {
            return write!(out, "No step definitions");
        }
        for used in &mut self.definitions {
            // By duration, the longest first, and what has none last, by text.
            used.matches.sort_by(|one, other| {
                let by_text = || one.text.encode_utf16().cmp(other.text.encode_utf16());
                let by_duration = other.took.cmp(&one.took);
                if one.took.is_none() { by_duration.then_with(by_text) } else { by_duration }
            });
        }
        self.definitions.sort_by_key(|used| std::cmp::Reverse(used.mean()));
        let mut rows =
            vec![["Pattern / Text", "Duration", "Location"].map(|head| vec![head.to_owned()])];
        rows.extend(self.definitions.iter().map(Used::row));
        write_table(&rows, out)
    }
}

impl Used {
    /// Of the steps that ran; none where none did.
    fn mean(&self) -> Option<Duration> {
        let took: Vec<Duration> = self.matches.iter().filter_map(|found| found.took).collect();
        let count = u32::try_from(took.len()).ok().filter(|count| *count > 0)?;
        Some(took.iter().sum::<Duration>() / count)
    }

    /// The lines of each of its cells.
    fn row(&self) -> [Vec<String>; 3] {
        let StepDefinition { pattern, source_reference, .. } = &*self.definition;
        let pattern = match pattern.kind {
            StepDefinitionPatternType::CucumberExpression => pattern.source.clone(),
            StepDefinitionPatternType::RegularExpression => {
                format!("/{}/", without_flags(&pattern.source))
            }
        };
        let whole = match self.matches.is_empty() {
            true => "UNUSED".to_owned(),
            false => millis(self.mean()),
        };
        let mut cells = [vec![pattern], vec![whole], vec![place(source_reference)]];
        for found in self.matches.iter().take(SHOWN) {
            let lines = [format!("  {}", found.text), millis(found.took), found.place.clone()];
            for (cell, line) in cells.iter_mut().zip(lines) {
                cell.push(line);
            }
        }
        let more = self.matches.len().saturating_sub(SHOWN);
        if more > 0 {
            cells[0].push(format!("  {more} more"));
        }
        cells
    }
}

impl Formatter for Usage {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.query.update(envelope);
        self.documents.update(envelope);
        match envelope {
            Envelope::StepDefinition(definition) => self.define(definition),
            Envelope::TestCaseFinished(finished) => {
                if let Some(attempt) = self.query.finish_attempt(finished) {
                    self.count(&attempt);
                    if !finished.will_be_retried {
                        self.query.forget(&attempt);
                    }
                }
            }
            Envelope::TestRunFinished(_) => return self.write(out),
            _ => {}
        }
        Ok(())
    }
}

/// The source of a regular expression, which messages give between slashes where it has flags: within a source
/// slashes are escaped.
fn without_flags(source: &str) -> &str {
    let inner = source.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    inner.map_or(source, |(source, _)| source)
}

fn millis(span: Option<Duration>) -> String {
    span.map_or_else(|| "-".to_owned(), |span| format!("{:.2}ms", span.as_secs_f64() * 1000.0))
}

fn place(reference: &SourceReference) -> String {
    let line = reference.location.map_or(0, |location| location.line);
    format!("{}:{line}", reference.uri)
}

/// Writes rows of cells of lines, in a frame.
fn write_table(rows: &[[Vec<String>; 3]], out: &mut dyn Write) -> io::Result<()> {
    let widths = [0, 1, 2].map(|column| {
        let lines = rows.iter().flat_map(|cells| &cells[column]);
        lines.map(|line| line.width()).max().unwrap_or_default()
    });
    let rule = |[left, middle, right]: [&str; 3]| {
        format!("{left}{}{right}", widths.map(|width| "─".repeat(width + 2)).join(middle))
    };
    for (index, cells) in rows.iter().enumerate() {
        let above = if index == 0 { ["┌", "┬", "┐"] } else { ["├", "┼", "┤"] };
        writeln!(out, "{}", rule(above))?;
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        for line in 0..height {
            for (cell, width) in cells.iter().zip(widths) {
                let text = cell.get(line).map_or("", String::as_str);
                write!(out, "│ {text}{} ", " ".repeat(width - text.width()))?;
            }
            writeln!(out, "│")?;
        }
    }
    writeln!(out, "{}", rule(["└", "┴", "┘"]))
}
