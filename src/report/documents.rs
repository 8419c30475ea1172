//! The feature files of a run, whole, for reports that end with it and show more of them than an
//! [`Outline`](super::outline::Outline) keeps.

use std::collections::HashMap;
use std::sync::Arc;

use crate::messages::{
    Envelope, Examples, Feature, FeatureChild, GherkinDocument, Id, IdMap, Pickle, Rule, RuleChild,
    Scenario, Tag,
};

#[derive(Default)]
pub(super) struct Documents {
    /// By the URI of the document.
    by_uri: HashMap<String, Document>,
}

pub(super) struct Document {
    document: Arc<GherkinDocument>,
    scenarios: IdMap<Place>,
    /// The line of each tag, but for those of rules.
    tags: IdMap<u32>,
}

/// The index of a child of the feature, and where that is a rule of a child of the rule.
type Place = (usize, Option<usize>);

impl Documents {
    pub fn update(&mut self, envelope: &Envelope) {
        if let Envelope::GherkinDocument(document) = envelope {
            self.by_uri.insert(document.uri.clone(), Document::new(Arc::clone(document)));
        }
    }

    pub fn of(&self, uri: &str) -> Option<&Document> {
        self.by_uri.get(uri)
    }
}

impl Document {
    fn new(document: Arc<GherkinDocument>) -> Self {
        let mut indexed = Self { document, scenarios: IdMap::default(), tags: IdMap::default() };
        let document = Arc::clone(&indexed.document);
        let Some(feature) = &document.feature else { return indexed };
        indexed.add_tags(&feature.tags);
        for (index, child) in feature.children.iter().enumerate() {
            match child {
                FeatureChild::Background(_) => {}
                FeatureChild::Scenario(scenario) => indexed.add_scenario(scenario, (index, None)),
                FeatureChild::Rule(rule) => {
                    for (inner, child) in rule.children.iter().enumerate() {
                        if let RuleChild::Scenario(scenario) = child {
                            indexed.add_scenario(scenario, (index, Some(inner)));
                        }
                    }
                }
            }
        }
        indexed
    }

    fn add_scenario(&mut self, scenario: &Scenario, place: Place) {
        self.scenarios.insert(scenario.id, place);
        self.add_tags(&scenario.tags);
        for Examples { tags, .. } in &scenario.examples {
            self.add_tags(tags);
        }
    }

    fn add_tags(&mut self, tags: &[Tag]) {
        self.tags.extend(tags.iter().map(|tag| (tag.id, tag.location.line)));
    }

    pub fn feature(&self) -> Option<&Feature> {
        self.document.feature.as_ref()
    }

    /// The scenario that a pickle comes from, and the rule around it.
    pub fn scenario(&self, pickle: &Pickle) -> Option<(&Scenario, Option<&Rule>)> {
        let (index, inner) = *self.scenarios.get(&pickle.ast_node_ids.node)?;
        match self.feature()?.children.get(index)? {
            FeatureChild::Scenario(scenario) => Some((scenario, None)),
            FeatureChild::Rule(rule) => match rule.children.get(inner?)? {
                RuleChild::Scenario(scenario) => Some((scenario, Some(rule))),
                RuleChild::Background(_) => None,
            },
            FeatureChild::Background(_) => None,
        }
    }

    /// The line of a tag; none for that of a rule, as in cucumber-js.
    pub fn line_of_tag(&self, tag: Id) -> Option<u32> {
        self.tags.get(&tag).copied()
    }
}
