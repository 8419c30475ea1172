//! Feature files to the pickles that are to run.

use std::fs;
use std::sync::Arc;

use crate::config::Config;
use crate::discover::{self, FeatureFile, Selection};
use crate::gherkin::{self, FeatureText};
use crate::messages::{Envelope, IdGenerator, ParseError, Source, SourceMediaType};
use crate::plan::SelectedPickle;

use super::RunError;

/// Reads and parses the files, tells of each through `emit`, and gives the pickles that the
/// configuration selects, in the order in which they are to run.
///
/// # Errors
/// Files that cannot be read, selections that do not parse, and, after all
/// files were looked at, every error of every file that does not parse.
pub(crate) fn select(
    config: &Config,
    files: &[FeatureFile],
    ids: &IdGenerator,
    emit: &mut dyn FnMut(Envelope),
) -> Result<Vec<SelectedPickle>, RunError> {
    let selection = Selection::new(config)?;
    let mut selected = Vec::new();
    let mut errors = Vec::new();
    for file in files {
        match read(file, &config.language, &selection, ids, emit)? {
            Ok(more) => selected.extend(more),
            Err(more) => errors.extend(more),
        }
    }
    if !errors.is_empty() {
        return Err(RunError::Parse(errors));
    }
    Ok(discover::arrange(config, selected))
}

/// The selected pickles of a file, or all that is wrong with it.
pub(super) fn read(
    file: &FeatureFile,
    language: &str,
    selection: &Selection,
    ids: &IdGenerator,
    emit: &mut dyn FnMut(Envelope),
) -> Result<Result<Vec<SelectedPickle>, Vec<ParseError>>, RunError> {
    let uri = file.uri.clone();
    let data = fs::read_to_string(&file.path)
        .map_err(|source| RunError::Read { uri: uri.clone(), source })?;
    let media_type = gherkin::media_type(&uri).unwrap_or(SourceMediaType::Plain);
    let source = Arc::new(Source { uri, data, media_type });
    emit(Envelope::Source(Arc::clone(&source)));
    let feature = Arc::new(FeatureText::new(Arc::clone(&source), language, ids));
    let document = match gherkin::parse(&source.uri, &source.data, media_type, language, ids) {
        Ok(document) => Arc::new(document),
        Err(errors) => {
            for error in &errors {
                emit(Envelope::ParseError(Arc::new(error.clone())));
            }
            return Ok(Err(errors));
        }
    };
    emit(Envelope::GherkinDocument(Arc::clone(&document)));
    let mut selected = Vec::new();
    for pickle in gherkin::compile(&document, ids).into_iter().map(Arc::new) {
        emit(Envelope::Pickle(Arc::clone(&pickle)));
        if selection.selects(file, &document, &pickle) {
            selected.push(SelectedPickle { feature: Arc::clone(&feature), pickle });
        }
    }
    Ok(Ok(selected))
}
