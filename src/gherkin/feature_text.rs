//! The text of a feature file that was parsed, from which its document can be had again.

use std::sync::{Arc, OnceLock};

use super::parse;
use crate::messages::{GherkinDocument, IdGenerator, Source};

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

    /// The document, ids and all; none for a file that does not parse. Kept once it was asked for.
    pub(crate) fn document(&self) -> Option<&GherkinDocument> {
        let parsed = self.document.get_or_init(|| {
            let Source { uri, data, media_type } = self.source.as_ref();
            parse(uri, data, *media_type, &self.language, &self.ids.clone()).ok()
        });
        parsed.as_ref()
    }
}
