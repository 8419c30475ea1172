//! The feature files of a run, whole, for reports that end with it and show more of them than an
//! [`Outline`](super::outline::Outline) keeps.

use std::collections::HashMap;
use std::sync::Arc;

use crate::messages::{
    Envelope, Feature, FeatureChild, GherkinDocument, IdMap, Pickle, PickleStep, Rule, RuleChild,
    Scenario, Step,
};

#[derive(Default)]
pub(super) struct Documents {
    /// By the URI of the document.
    by_uri: HashMap<String, Document>,
}

pub(super) struct Document {
    document: Arc<GherkinDocument>,
    scenarios: IdMap<Place>,
    /// Each with its index among the steps of what stands at the place.
    steps: IdMap<(Place, usize)>,
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
        let mut indexed = Self { document, scenarios: IdMap::default(), steps: IdMap::default() };
        let document = Arc::clone(&indexed.document);
        let children = document.feature.iter().flat_map(|feature| &feature.children);
        for (index, child) in children.enumerate() {
            match child {
                FeatureChild::Background(background) => {
                    indexed.add_steps(&background.steps, (index, None));
                }
                FeatureChild::Scenario(scenario) => indexed.add_scenario(scenario, (index, None)),
                FeatureChild::Rule(rule) => {
                    for (inner, child) in rule.children.iter().enumerate() {
                        let place = (index, Some(inner));
                        match child {
                            RuleChild::Background(background) => {
                                indexed.add_steps(&background.steps, place);
                            }
                            RuleChild::Scenario(scenario) => indexed.add_scenario(scenario, place),
                        }
                    }
                }
            }
        }
        indexed
    }

    fn add_scenario(&mut self, scenario: &Scenario, place: Place) {
        self.scenarios.insert(scenario.id, place);
        self.add_steps(&scenario.steps, place);
    }

    fn add_steps(&mut self, steps: &[Step], place: Place) {
        let indexed = steps.iter().enumerate().map(|(index, step)| (step.id, (place, index)));
        self.steps.extend(indexed);
    }

    pub fn feature(&self) -> Option<&Feature> {
        self.document.feature.as_ref()
    }

    /// The scenario that a pickle comes from, and the rule around it.
    pub fn scenario(&self, pickle: &Pickle) -> Option<(&Scenario, Option<&Rule>)> {
        let place = self.scenarios.get(&pickle.ast_node_ids.node)?;
        match (self.child(*place)?, self.inner_child(*place)) {
            (FeatureChild::Scenario(scenario), _) => Some((scenario, None)),
            (FeatureChild::Rule(rule), Some(RuleChild::Scenario(scenario))) => {
                Some((scenario, Some(rule)))
            }
            _ => None,
        }
    }

    /// The step that a pickle's step comes from.
    pub fn step(&self, step: &PickleStep) -> Option<&Step> {
        let (place, index) = self.steps.get(&step.ast_node_ids.node)?;
        let steps = match (self.child(*place)?, self.inner_child(*place)) {
            (FeatureChild::Background(background), _) => &background.steps,
            (FeatureChild::Scenario(scenario), _) => &scenario.steps,
            (_, Some(RuleChild::Background(background))) => &background.steps,
            (_, Some(RuleChild::Scenario(scenario))) => &scenario.steps,
            _ => return None,
        };
        steps.get(*index)
    }

    fn child(&self, (index, _): Place) -> Option<&FeatureChild> {
        self.feature()?.children.get(index)
    }

    fn inner_child(&self, place: Place) -> Option<&RuleChild> {
        match self.child(place)? {
            FeatureChild::Rule(rule) => rule.children.get(place.1?),
            _ => None,
        }
    }
}
