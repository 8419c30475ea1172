//! Gherkin: the text of a feature file to its syntax tree, and the tree to pickles.
//!
//! Follows the official parser, the npm package `@cucumber/gherkin` (MIT licence,
//! <https://github.com/cucumber/gherkin>), to the letter: trees, ids, error messages and their
//! order are the same, its oddities included, so that other tools see no difference. Reads one pass
//! over the lines, in time linear in the text.
//!
//! Nothing here reads files, and nothing knows of steps that run.

mod builder;
mod classic;
pub mod dialect;
mod error;
mod feature_text;
mod line;
mod markdown;
mod parser;
mod pickle;
mod state;
mod table_row;
mod tag;
mod token;

pub(crate) use feature_text::FeatureText;
pub use pickle::compile;

use classic::ClassicMatcher;
use markdown::MarkdownMatcher;
use parser::Parser;

use crate::messages::{GherkinDocument, IdGenerator, ParseError, SourceMediaType, SourceReference};

/// The syntax tree of a feature file.
///
/// `uri` is what messages call the file by. `language` is the code of the dialect that holds until
/// the file says otherwise; a Markdown file cannot.
///
/// # Errors
///
/// All that is wrong with the file, in the official wording and order. Parsing stops at the
/// eleventh error. An error about `language` itself has no place in the file.
pub fn parse(
    uri: &str,
    source: &str,
    media_type: SourceMediaType,
    language: &str,
    ids: &IdGenerator,
) -> Result<GherkinDocument, Vec<ParseError>> {
    let Some(dialect) = dialect::named(language) else {
        return Err(vec![ParseError {
            source: SourceReference { uri: uri.to_owned(), location: None },
            message: format!("Language not supported: {language}"),
        }]);
    };
    match media_type {
        SourceMediaType::Plain => Parser::new(source, ClassicMatcher::new(dialect), ids).parse(uri),
        SourceMediaType::Markdown => {
            Parser::new(source, MarkdownMatcher::new(dialect), ids).parse(uri)
        }
    }
}

/// The kind of feature file that a path names, by its end: `.feature` or `.feature.md`.
pub fn media_type(uri: &str) -> Option<SourceMediaType> {
    if uri.ends_with(".feature") {
        Some(SourceMediaType::Plain)
    } else if uri.ends_with(".feature.md") {
        Some(SourceMediaType::Markdown)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
