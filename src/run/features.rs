//! Feature files to the pickles that are to run.

use std::fs;
use std::sync::Arc;

use crate::config::Config;
use crate::discover::{self, FeatureFile, Selection};
use crate::gherkin;
use crate::messages::{
    Envelope, GherkinDocument, IdGenerator, ParseError, Pickle, Source, SourceMediaType,
};

use super::RunError;

/// A pickle that is to run, with the document it comes from.
#[derive(Debug, Clone)]
pub(crate) struct SelectedPickle {
    pub document: Arc<GherkinDocument>,
    pub pickle: Arc<Pickle>,
}

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
        match read(file, &config.language, ids, emit)? {
            Ok((document, pickles)) => {
                let wanted =
                    pickles.into_iter().filter(|pickle| selection.selects(file, &document, pickle));
                selected.extend(
                    wanted.map(|pickle| SelectedPickle { document: Arc::clone(&document), pickle }),
                );
            }
            Err(more) => errors.extend(more),
        }
    }
    if !errors.is_empty() {
        return Err(RunError::Parse(errors));
    }
    Ok(discover::arrange(config, selected))
}

type Parsed = Result<(Arc<GherkinDocument>, Vec<Arc<Pickle>>), Vec<ParseError>>;

fn read(
    file: &FeatureFile,
    language: &str,
    ids: &IdGenerator,
    emit: &mut dyn FnMut(Envelope),
) -> Result<Parsed, RunError> {
    let uri = file.uri.clone();
    let data = fs::read_to_string(&file.path)
        .map_err(|source| RunError::Read { uri: uri.clone(), source })?;
    let media_type = gherkin::media_type(&uri).unwrap_or(SourceMediaType::Plain);
    let source = Arc::new(Source { uri, data, media_type });
    emit(Envelope::Source(Arc::clone(&source)));
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
    let pickles: Vec<_> = gherkin::compile(&document, ids).into_iter().map(Arc::new).collect();
    for pickle in &pickles {
        emit(Envelope::Pickle(Arc::clone(pickle)));
    }
    Ok(Ok((document, pickles)))
}
