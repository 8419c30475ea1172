//! The text of a feature file that was parsed, from which its document can be had again.

use std::sync::{Arc, OnceLock};

use super::parse;
use crate::messages::{FeatureChild, GherkinDocument, Id, IdGenerator, RuleChild, Source, Step};

/// Takes a fraction of the room of the document, which few hooks look at.
#[derive(Debug)]
pub(crate) struct FeatureText {
    source: Arc<Source>,
    language: String,
    /// As the run's were before the file was parsed.
    ids: IdGenerator,
    document: OnceLock<Option<GherkinDocument>>,
}

impl FeatureText {
    /// `language` and `ids` are what the file was, or is going to be, parsed with.
    pub(crate) fn new(source: Arc<Source>, language: &str, ids: &IdGenerator) -> Self {
        let (language, ids) = (language.to_owned(), ids.clone());
        Self { source, language, ids, document: OnceLock::new() }
    }

    /// The line of a step, by its id in the document; none for a file that does not parse any more.
    pub(crate) fn line_of_step(&self, step: Id) -> Option<u32> {
        let feature = self.document()?.feature.as_ref()?;
        let steps = feature.children.iter().flat_map(|child| match child {
            FeatureChild::Background(background) => vec![&background.steps],
            FeatureChild::Scenario(scenario) => vec![&scenario.steps],
            FeatureChild::Rule(rule) => rule.children.iter().map(steps_of).collect(),
        });
        let step = steps.flatten().find(|known| known.id == step)?;
        Some(step.location.line)
    }

    /// The document, ids and all; none for a file that does not parse. Kept once it was asked for.
    pub(crate) fn document(&self) -> Option<&GherkinDocument> {
        let parsed = self.document.get_or_init(|| {
            let Source { uri, data, media_type } = self.source.as_ref();
            parse(uri, data, *media_type, &self.language, &self.ids.clone()).ok()
        });
        parsed.as_ref()
    }
}

fn steps_of(child: &RuleChild) -> &Vec<Step> {
    match child {
        RuleChild::Background(background) => &background.steps,
        RuleChild::Scenario(scenario) => &scenario.steps,
    }
}
