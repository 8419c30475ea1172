//! `json`: the features that ran with their scenarios and steps, in the older format that other tools
//! read.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::documents::{Document, Documents};
use super::outline::Lineage;
use super::query::{Attempt, Query, attachments_of};
use super::{Formatter, status};
use crate::base64;
use crate::messages::{
    Attachment, AttachmentContentEncoding, Envelope, IdMap, PickleStepArgument, StepBlock,
    TestCaseFinished, TestStep, TestStepResultStatus,
};

#[derive(Default)]
pub(super) struct Json {
    query: Query,
    documents: Documents,
    /// By the attempt: of passed steps too.
    attachments: IdMap<Vec<Arc<Attachment>>>,
    /// When each began, its file, and what is told of it.
    elements: Vec<(usize, Arc<str>, JsonElement)>,
}

#[derive(Serialize)]
struct JsonFeature<'a> {
    description: &'a str,
    elements: Vec<JsonElement>,
    id: String,
    line: u32,
    keyword: &'a str,
    name: &'a str,
    tags: Vec<JsonTag>,
    uri: Arc<str>,
}

#[derive(Serialize)]
struct JsonElement {
    description: String,
    id: String,
    keyword: &'static str,
    line: u32,
    name: String,
    steps: Vec<JsonStep>,
    tags: Vec<JsonTag>,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct JsonTag {
    name: String,
    /// Missing for the tags of rules, as in cucumber-js.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

/// A step of the scenario, or a hook.
#[derive(Serialize)]
struct JsonStep {
    result: JsonResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<Vec<JsonArgument>>,
    keyword: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    found: Option<JsonMatch>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    embeddings: Vec<JsonEmbedding>,
}

#[derive(Serialize)]
struct JsonResult {
    status: &'static str,
    /// In nanoseconds.
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum JsonArgument {
    Table { rows: Vec<JsonRow> },
    DocString { content: String, line: u32 },
}

#[derive(Serialize)]
struct JsonRow {
    cells: Vec<String>,
}

#[derive(Serialize)]
struct JsonMatch {
    location: String,
}

#[derive(Serialize)]
struct JsonEmbedding {
    /// In base64, text too.
    data: String,
    mime_type: String,
}

impl Json {
    fn finish_attempt(&mut self, finished: &TestCaseFinished) {
        let attachments = self.attachments.remove(&finished.test_case_started_id);
        let Some(attempt) = self.query.finish_attempt(finished) else { return };
        if finished.will_be_retried {
            return;
        }
        if let Some(element) = self.element(&attempt, &attachments.unwrap_or_default()) {
            self.elements.push((attempt.began, Arc::clone(&attempt.pickle.uri), element));
        }
        self.query.forget(&attempt);
    }

    fn element(&self, attempt: &Attempt, attachments: &[Arc<Attachment>]) -> Option<JsonElement> {
        let pickle = &attempt.pickle;
        let document = self.documents.of(&pickle.uri)?;
        let (scenario, rule) = document.scenario(pickle)?;
        let feature = document.feature()?;
        let lineage = self.query.lineage(pickle)?;
        let names = [Some(&feature.name), rule.map(|rule| &rule.name), Some(&pickle.name)];
        let ids: Vec<String> = names.into_iter().flatten().map(|name| id_of(name)).collect();
        let mut is_before = true;
        let steps = attempt.test_case.test_steps.iter().map(|step| {
            is_before &= step.pickle_step_id.is_none();
            self.step(step, attempt, lineage, attachments, is_before)
        });
        let tags = pickle.tags.iter().map(|tag| JsonTag {
            name: tag.name.clone(),
            line: document.line_of_tag(tag.ast_node_id),
        });
        Some(JsonElement {
            description: scenario.description.clone(),
            id: ids.join(";"),
            keyword: scenario.keyword,
            line: pickle.location.line,
            name: pickle.name.clone(),
            steps: steps.collect(),
            tags: tags.collect(),
            kind: "scenario",
        })
    }

    fn step(
        &self,
        test_step: &TestStep,
        attempt: &Attempt,
        lineage: Lineage<'_>,
        attachments: &[Arc<Attachment>],
        is_before: bool,
    ) -> JsonStep {
        let result = attempt.result(test_step.id).cloned().unwrap_or_default();
        let step = attempt.pickle_step(test_step);
        let hook = if is_before { "Before" } else { "After" };
        let place = self.query.step_definition(test_step).map(|found| &found.source_reference);
        let attachments = attachments_of(attachments, test_step.id).iter();
        JsonStep {
            arguments: step.map(|step| arguments(step.argument.as_deref())),
            keyword: step.map_or(hook, |step| lineage.step_keyword(step)),
            line: step.map(|step| step.line),
            name: step.map(|step| step.text.clone()),
            hidden: step.is_none(),
            found: place.map(|place| {
                let line = place.location.map_or(0, |location| location.line);
                JsonMatch { location: format!("{}:{line}", place.uri) }
            }),
            embeddings: attachments.map(|told| embedding(told)).collect(),
            result: JsonResult {
                status: status::name(result.status),
                duration: result.duration.as_nanos(),
                error_message: result
                    .message
                    .filter(|_| result.status == TestStepResultStatus::Failed),
            },
        }
    }

    fn features(&mut self) -> Vec<JsonFeature<'_>> {
        self.elements.sort_by_key(|(began, ..)| *began);
        let mut features: Vec<JsonFeature<'_>> = Vec::new();
        let mut by_uri: HashMap<Arc<str>, usize> = HashMap::new();
        for (_, uri, element) in self.elements.drain(..) {
            if let Some(&known) = by_uri.get(&uri) {
                features[known].elements.push(element);
                continue;
            }
            let Some(feature) = self.documents.of(&uri).and_then(Document::feature) else {
                continue;
            };
            let tags = feature.tags.iter();
            by_uri.insert(Arc::clone(&uri), features.len());
            features.push(JsonFeature {
                description: &feature.description,
                elements: vec![element],
                id: id_of(&feature.name),
                line: feature.location.line,
                keyword: feature.keyword,
                name: &feature.name,
                tags: tags
                    .map(|tag| JsonTag { name: tag.name.clone(), line: Some(tag.location.line) })
                    .collect(),
                uri,
            });
        }
        features
    }
}

impl Formatter for Json {
    fn handle(&mut self, envelope: &Envelope, out: &mut dyn Write) -> io::Result<()> {
        self.query.update(envelope);
        self.documents.update(envelope);
        match envelope {
            Envelope::Attachment(attachment) => {
                if let Some(started) = attachment.test_case_started_id {
                    self.attachments.entry(started).or_default().push(Arc::clone(attachment));
                }
            }
            Envelope::TestCaseFinished(finished) => self.finish_attempt(finished),
            Envelope::TestRunFinished(_) => serde_json::to_writer_pretty(out, &self.features())?,
            _ => {}
        }
        Ok(())
    }
}

/// A name as part of an id: no spaces, no capitals.
fn id_of(name: &str) -> String {
    name.replace(' ', "-").to_lowercase()
}

/// The table and the doc string below a step, in source order.
fn arguments(argument: Option<&PickleStepArgument>) -> Vec<JsonArgument> {
    let blocks = argument.into_iter().flat_map(PickleStepArgument::blocks);
    let told = blocks.map(|block| match block {
        StepBlock::DataTable(table) => {
            let rows = table.rows.iter().map(|row| JsonRow {
                cells: row.cells.iter().map(|cell| cell.value.clone()).collect(),
            });
            JsonArgument::Table { rows: rows.collect() }
        }
        StepBlock::DocString(text) => {
            JsonArgument::DocString { content: text.content.clone(), line: text.line }
        }
    });
    told.collect()
}

fn embedding(attachment: &Attachment) -> JsonEmbedding {
    JsonEmbedding {
        data: match attachment.content_encoding {
            AttachmentContentEncoding::Identity => base64::encode(attachment.body.as_bytes()),
            AttachmentContentEncoding::Base64 => attachment.body.clone(),
        },
        mime_type: attachment.media_type.clone(),
    }
}
