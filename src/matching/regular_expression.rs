//! A RegExp as the pattern of a step definition.

use std::sync::Arc;

use super::{Argument, ExpressionError, ParameterTypeRegistry, Regexp};

/// A JavaScript RegExp whose capture groups take the parameter types that have the same regexp.
#[derive(Debug)]
pub struct RegularExpression {
    regexp: Regexp,
    registry: Arc<ParameterTypeRegistry>,
}

impl RegularExpression {
    /// The registry must be complete: later definitions of parameter types are not seen.
    pub fn new(regexp: Regexp, registry: Arc<ParameterTypeRegistry>) -> RegularExpression {
        RegularExpression { regexp, registry }
    }

    pub fn regexp(&self) -> &Regexp {
        &self.regexp
    }

    /// The arguments if the expression matches, `None` if not.
    ///
    /// # Errors
    /// If the regexp does not compile, or if it matches and a group is the regexp of several parameter types,
    /// none of them preferential.
    pub fn matches(&self, text: &str) -> Result<Option<Vec<Argument>>, ExpressionError> {
        let Some(group) = self.regexp.exec(text)? else { return Ok(None) };
        let tree = &self.regexp.compiled()?.groups;
        let sources = tree.top_level_sources(self.regexp.source());
        let groups = group.children.unwrap_or_default();
        let arguments = groups.into_iter().zip(sources).map(|(group, source)| {
            let parameter_type = self.registry.lookup_by_regexp(source, &self.regexp, text)?;
            Ok(Argument { group, parameter_type })
        });
        arguments.collect::<Result<_, _>>().map(Some)
    }

    /// Finds the errors of [`Self::matches`] without making arguments.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn check(&self, text: &str) -> Result<(), ExpressionError> {
        if self.regexp.is_match(text)? {
            let tree = &self.regexp.compiled()?.groups;
            for source in tree.top_level_sources(self.regexp.source()) {
                self.registry.lookup_by_regexp(source, &self.regexp, text)?;
            }
        }
        Ok(())
    }
}
