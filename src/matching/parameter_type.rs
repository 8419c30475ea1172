//! Parameter types: names for regexps, and what becomes of the strings that they match.

use std::cmp::Ordering;

use super::{ExpressionError, Regexp};
use crate::collation;

/// A parameter type as the registry keeps it. Its transformer stays with JavaScript.
#[derive(Debug)]
pub struct ParameterType {
    /// `None` if the author gave none: then only RegExp definitions can use it. Empty for the anonymous type `{}`.
    pub name: Option<String>,
    /// The JavaScript type that the built-in transformers give: `Number`, `String` or `BigInt`.
    pub type_name: Option<&'static str>,
    pub use_for_snippets: bool,
    /// Whether it wins over other types with the same regexp, in RegExp definitions and in snippets.
    pub prefer_for_regexp_match: bool,
    regexps: Vec<String>,
    stands_alone: bool,
    /// Each regexp as a group of its own; for finding parameters in the text of an undefined step.
    finders: Vec<Regexp>,
}

/// A regexp of a parameter type, as its author gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterRegexp {
    /// The source of a regular expression.
    Source(String),
    RegExp {
        source: String,
        flags: String,
    },
}

impl ParameterType {
    /// # Errors
    /// If the name has a character that may not be in one, or a RegExp has a flag that cannot be kept.
    pub fn new(
        name: Option<String>,
        regexps: Vec<ParameterRegexp>,
        use_for_snippets: bool,
        prefer_for_regexp_match: bool,
    ) -> Result<ParameterType, ExpressionError> {
        if let Some(name) =
            name.as_deref().filter(|name| name.contains(|c| "[]()$.|?*+".contains(c)))
        {
            return Err(ExpressionError::ParameterType(format!(
                "Illegal character in parameter name {{{name}}}. Parameter names may not contain '{{', '}}', '(', \
                 ')', '\\' or '/'"
            )));
        }
        let regexps =
            regexps.into_iter().map(ParameterRegexp::into_source).collect::<Result<Vec<_>, _>>()?;
        let compiles = |source: &String| Regexp::new(source, "").compiled().is_ok();
        // `(?<` may open a named group, whose name must be unique in the whole expression.
        let stands_alone = regexps.iter().all(|source| !source.contains("(?<") && compiles(source));
        let finders = finders(&regexps);
        let type_name = None;
        Ok(ParameterType {
            name,
            type_name,
            use_for_snippets,
            prefer_for_regexp_match,
            regexps,
            stands_alone,
            finders,
        })
    }

    pub(super) fn built_in(
        name: &str,
        regexps: &[&str],
        type_name: &'static str,
        use_for_snippets: bool,
        prefer_for_regexp_match: bool,
    ) -> ParameterType {
        let regexps: Vec<_> = regexps.iter().map(|source| (*source).to_owned()).collect();
        ParameterType {
            name: Some(name.to_owned()),
            type_name: Some(type_name),
            use_for_snippets,
            prefer_for_regexp_match,
            finders: finders(&regexps),
            regexps,
            stands_alone: true,
        }
    }

    /// The sources of its regexps.
    pub fn regexps(&self) -> &[String] {
        &self.regexps
    }

    /// Whether expressions made of such types compile for certain.
    pub(super) fn stands_alone(&self) -> bool {
        self.stands_alone
    }

    pub(super) fn finders(&self) -> &[Regexp] {
        &self.finders
    }

    /// The name as JavaScript prints it.
    pub(super) fn name_or_undefined(&self) -> &str {
        self.name.as_deref().unwrap_or("undefined")
    }

    /// Preferential types first, then by name.
    pub(super) fn order(&self, other: &ParameterType) -> Ordering {
        let preferred = other.prefer_for_regexp_match.cmp(&self.prefer_for_regexp_match);
        let name = |parameter_type: &ParameterType| {
            collation::key(parameter_type.name.as_deref().unwrap_or(""))
        };
        preferred.then_with(|| name(self).cmp(&name(other)))
    }
}

impl ParameterRegexp {
    fn into_source(self) -> Result<String, ExpressionError> {
        match self {
            ParameterRegexp::Source(source) => Ok(source),
            ParameterRegexp::RegExp { source, flags } => {
                match "gimy".chars().find(|flag| flags.contains(*flag)) {
                    Some(flag) => Err(ExpressionError::ParameterType(format!(
                        "ParameterType Regexps can't use flag '{flag}'"
                    ))),
                    None => Ok(source),
                }
            }
        }
    }
}

fn finders(regexps: &[String]) -> Vec<Regexp> {
    regexps.iter().map(|source| Regexp::new(format!("({source})"), "")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn custom(name: &str, regexp: ParameterRegexp) -> Result<ParameterType, ExpressionError> {
        ParameterType::new(Some(name.into()), vec![regexp], true, false)
    }

    #[test]
    fn names_and_flags_are_checked() {
        let source = || ParameterRegexp::Source("red|blue".into());
        assert_eq!(
            custom("(colour)", source()).unwrap_err().to_string(),
            r"Illegal character in parameter name {(colour)}. Parameter names may not contain '{', '}', '(', ')', '\' or '/'"
        );
        assert!(custom("dark {colour}", source()).is_ok());
        let flagged = ParameterRegexp::RegExp { source: "red".into(), flags: "uim".into() };
        assert_eq!(
            custom("x", flagged).unwrap_err().to_string(),
            "ParameterType Regexps can't use flag 'i'"
        );
    }
}
