//! Cucumber expressions: `I have {int} cucumber(s) in my belly/stomach`.
//!
//! [`token`] splits the source, [`parser`] builds the [`ast`], [`compile`] turns that into the source of a
//! JavaScript regular expression and the parameter types of its groups.

mod ast;
mod compile;
mod error;
mod parser;
#[cfg(test)]
mod tests;
mod token;

use super::{Argument, ExpressionError, ParameterTypeRegistry, Regexp};

/// A cucumber expression, checked when it is made.
#[derive(Debug)]
pub struct CucumberExpression {
    source: String,
    regexp: Regexp,
    /// Indexes into the registry, one per parameter of the expression.
    parameter_types: Vec<usize>,
    names: Vec<String>,
}

impl CucumberExpression {
    /// # Errors
    /// If the expression does not parse, names an undefined parameter type, or takes a regexp from a
    /// parameter type that does not compile.
    pub fn new(
        source: &str,
        registry: &ParameterTypeRegistry,
    ) -> Result<CucumberExpression, ExpressionError> {
        let compile::Compiled { regexp, parameter_types } = compile::compile(source, registry)?;
        let types: Vec<_> =
            parameter_types.iter().filter_map(|index| registry.get(*index)).collect();
        let regexp = Regexp::new(regexp, "");
        // Regexps that stand on their own cannot fail together, and compile when they are first needed.
        if !types.iter().all(|parameter_type| parameter_type.stands_alone()) {
            regexp.compiled()?;
        }
        let names = types
            .iter()
            .map(|parameter_type| parameter_type.name_or_undefined().to_owned())
            .collect();
        Ok(CucumberExpression { source: source.to_owned(), regexp, parameter_types, names })
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// The regular expression that does the matching.
    pub fn regexp(&self) -> &Regexp {
        &self.regexp
    }

    /// The arguments if the expression matches the whole text, `None` if not.
    ///
    /// # Errors
    /// If a parameter type's regexp has unbalanced parentheses, so that groups and parameters do not pair up.
    pub fn matches(&self, text: &str) -> Result<Option<Vec<Argument>>, ExpressionError> {
        let Some(group) = self.regexp.exec(text)? else { return Ok(None) };
        let groups = group.children.unwrap_or_default();
        if groups.len() != self.parameter_types.len() {
            let values: Vec<_> =
                groups.iter().map(|group| group.value.as_deref().unwrap_or_default()).collect();
            return Err(ExpressionError::GroupCount(format!(
                "Group has {} capture groups ({}), but there were {} parameter types ({})",
                groups.len(),
                values.join(","),
                self.parameter_types.len(),
                self.names.join(",")
            )));
        }
        let types = self.parameter_types.iter().copied().map(Some);
        Ok(Some(
            groups
                .into_iter()
                .zip(types)
                .map(|(group, parameter_type)| Argument { group, parameter_type })
                .collect(),
        ))
    }

    /// Finds the errors of [`Self::matches`] without making arguments.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn check(&self, text: &str) -> Result<(), ExpressionError> {
        let is_match = self.regexp.is_match(text)?;
        if is_match && self.regexp.compiled()?.groups.top_level_len() != self.parameter_types.len()
        {
            self.matches(text)?;
        }
        Ok(())
    }
}
