//! The crate's scenarios as pickles, which is what hooks are given and steps are bound by.
//!
//! Where the file parses here too, its own pickle is used, with all that messages have of it. Where it does not, or
//! differs from what the crate made of it, one is made of what the crate has.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ::cucumber::gherkin::{self as parsed, Feature, Rule, Scenario, StepType};

use crate::config::Config;
use crate::discover;
use crate::gherkin::{self, FeatureText};
use crate::messages::{
    AstNodeIds, IdGenerator, Location, Pickle, PickleDocString, PickleStep, PickleStepArgument,
    PickleStepType, PickleTable, PickleTableCell, PickleTableRow, PickleTag, Source,
    SourceMediaType,
};
use crate::plan::SelectedPickle;
use crate::run::stepwise::Stepwise;

/// The feature files of a suite, read when their first scenario begins.
pub(super) struct Features {
    project: PathBuf,
    language: String,
    known: Mutex<HashMap<PathBuf, Arc<Known>>>,
}

struct Known {
    text: Arc<FeatureText>,
    pickles: Vec<Arc<Pickle>>,
}

impl Features {
    pub(super) fn new(config: &Config) -> Self {
        let language = config.language.clone();
        Self { project: config.cwd.clone(), language, known: Mutex::default() }
    }

    /// The pickle of a scenario.
    pub(super) fn pickle(
        &self,
        library: &Stepwise,
        feature: &Feature,
        rule: Option<&Rule>,
        scenario: &Scenario,
    ) -> SelectedPickle {
        let ids = library.ids();
        let known = self.known(feature.path.as_deref().unwrap_or(Path::new("")), ids);
        let steps: Vec<_> = steps(feature, rule, scenario).collect();
        let is_it = |pickle: &&Arc<Pickle>| {
            let texts = pickle.steps.iter().map(|step| &step.text);
            pickle.name == scenario.name && texts.eq(steps.iter().map(|step| &step.value))
        };
        let line = u32::try_from(scenario.position.line).unwrap_or(u32::MAX);
        let at_line = known.pickles.iter().filter(is_it).find(|it| it.location.line == line);
        let pickle = match at_line.or_else(|| known.pickles.iter().find(is_it)) {
            Some(pickle) => Arc::clone(pickle),
            None => {
                let uri = self.uri(feature.path.as_deref());
                Arc::new(made(&uri, &steps, feature, rule, scenario, ids))
            }
        };
        SelectedPickle { feature: Arc::clone(&known.text), pickle }
    }

    fn known(&self, path: &Path, ids: &IdGenerator) -> Arc<Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(path) {
            return Arc::clone(known);
        }
        let read = Arc::new(self.read(path, ids));
        known.insert(path.to_owned(), Arc::clone(&read));
        read
    }

    /// Without pickles where the file cannot be read: the crate may have it from elsewhere.
    fn read(&self, path: &Path, ids: &IdGenerator) -> Known {
        let uri = self.uri(Some(path));
        let data = fs::read_to_string(path).unwrap_or_default();
        let media_type = gherkin::media_type(&uri).unwrap_or(SourceMediaType::Plain);
        let source = Arc::new(Source { uri, data, media_type });
        let text = Arc::new(FeatureText::new(Arc::clone(&source), &self.language, ids));
        let document = gherkin::parse(&source.uri, &source.data, media_type, &self.language, ids);
        let pickles = document.map(|document| gherkin::compile(&document, ids)).unwrap_or_default();
        Known { text, pickles: pickles.into_iter().map(Arc::new).collect() }
    }

    fn uri(&self, path: Option<&Path>) -> String {
        path.map_or_else(String::new, |path| discover::relative(&self.project, path))
    }
}

/// The steps that the crate runs, in its order.
fn steps<'a>(
    feature: &'a Feature,
    rule: Option<&'a Rule>,
    scenario: &'a Scenario,
) -> impl Iterator<Item = &'a parsed::Step> {
    let of_feature = feature.background.iter();
    let of_rule = rule.and_then(|rule| rule.background.as_ref()).into_iter();
    of_feature.chain(of_rule).flat_map(|background| &background.steps).chain(&scenario.steps)
}

fn made(
    uri: &str,
    steps: &[&parsed::Step],
    feature: &Feature,
    rule: Option<&Rule>,
    scenario: &Scenario,
    ids: &IdGenerator,
) -> Pickle {
    let location = |position: parsed::LineCol| Location {
        line: u32::try_from(position.line).unwrap_or(u32::MAX),
        column: u32::try_from(position.col).ok(),
    };
    let node = || AstNodeIds { node: ids.next(), row: None };
    let of_rule = rule.map(|rule| &rule.tags).into_iter().flatten();
    let tags = feature.tags.iter().chain(of_rule).chain(&scenario.tags);
    Pickle {
        id: ids.next(),
        uri: uri.into(),
        location: location(scenario.position),
        ast_node_ids: node(),
        name: scenario.name.clone(),
        language: "en",
        steps: steps
            .iter()
            .map(|step| PickleStep {
                argument: argument(step).map(Box::new),
                ast_node_ids: node(),
                id: ids.next(),
                kind: match step.ty {
                    StepType::Given => PickleStepType::Context,
                    StepType::When => PickleStepType::Action,
                    StepType::Then => PickleStepType::Outcome,
                },
                line: location(step.position).line,
                text: step.value.clone(),
            })
            .collect(),
        tags: tags
            .map(|tag| PickleTag {
                name: format!("@{}", tag.trim_start_matches('@')),
                ast_node_id: ids.next(),
            })
            .collect(),
    }
}

fn argument(step: &parsed::Step) -> Option<PickleStepArgument> {
    let doc_string = step.docstring.as_ref().map(|text| PickleDocString {
        argument_index: None,
        media_type: None,
        // The crate keeps the line breaks next to the quotes.
        line: u32::try_from(step.position.line + 1).unwrap_or(u32::MAX),
        content: text.strip_prefix('\n').unwrap_or(text).trim_end_matches('\n').to_owned(),
    });
    let row = |cells: &Vec<String>| PickleTableRow {
        cells: cells.iter().map(|value| PickleTableCell { value: value.clone() }).collect(),
    };
    let data_table = step.table.as_ref().map(|table| PickleTable {
        argument_index: None,
        rows: table.rows.iter().map(row).collect(),
    });
    (doc_string.is_some() || data_table.is_some())
        .then_some(PickleStepArgument { doc_string, data_table })
}
