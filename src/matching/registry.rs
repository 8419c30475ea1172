//! The parameter types that expressions can name.

use std::collections::HashMap;

use super::snippet::generate_expressions;
use super::{ExpressionError, ParameterType, Regexp};

/// Parameter types in order of definition: eleven built-in ones, then the library's own.
#[derive(Debug)]
pub struct ParameterTypeRegistry {
    types: Vec<ParameterType>,
    by_name: HashMap<String, usize>,
    /// Preferential types first, then by name.
    by_regexp: HashMap<String, Vec<usize>>,
}

const INTEGER: &[&str] = &[r"-?\d+", r"\d+"];
const FLOAT: &[&str] = &[r"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[E][+-]?\d+)?"];
const WORD: &[&str] = &[r"[^\s]+"];
const STRING: &[&str] = &[r#""([^"\\]*(\\.[^"\\]*)*)"|'([^'\\]*(\\.[^'\\]*)*)'"#];
const ANONYMOUS: &[&str] = &[".*"];

impl Default for ParameterTypeRegistry {
    fn default() -> ParameterTypeRegistry {
        ParameterTypeRegistry::new()
    }
}

impl ParameterTypeRegistry {
    /// A registry with the built-in types.
    pub fn new() -> ParameterTypeRegistry {
        let mut registry = ParameterTypeRegistry {
            types: Vec::new(),
            by_name: HashMap::new(),
            by_regexp: HashMap::new(),
        };
        for (name, regexps, type_name, use_for_snippets, prefer) in [
            ("int", INTEGER, "Number", true, true),
            ("float", FLOAT, "Number", true, false),
            ("word", WORD, "String", false, false),
            ("string", STRING, "String", true, false),
            ("", ANONYMOUS, "String", false, true),
            ("double", FLOAT, "Number", false, false),
            ("bigdecimal", FLOAT, "String", false, false),
            ("byte", INTEGER, "Number", false, false),
            ("short", INTEGER, "Number", false, false),
            ("long", INTEGER, "Number", false, false),
            ("biginteger", INTEGER, "BigInt", false, false),
        ] {
            registry.insert(ParameterType::built_in(
                name,
                regexps,
                type_name,
                use_for_snippets,
                prefer,
            ));
        }
        registry
    }

    /// Adds a type and gives its index.
    ///
    /// # Errors
    /// If the name is taken, or if one of its regexps has a preferential type already and this is another one.
    /// The registry is then as before.
    pub fn define(&mut self, parameter_type: ParameterType) -> Result<usize, ExpressionError> {
        if let Some(name) =
            parameter_type.name.as_deref().filter(|name| self.by_name.contains_key(*name))
        {
            return Err(ExpressionError::ParameterType(if name.is_empty() {
                "The anonymous parameter type has already been defined".to_owned()
            } else {
                format!("There is already a parameter type with name {name}")
            }));
        }
        for regexp in parameter_type.regexps() {
            let first =
                self.by_regexp.get(regexp).and_then(|types| self.types.get(*types.first()?));
            if let Some(first) = first
                && first.prefer_for_regexp_match
                && parameter_type.prefer_for_regexp_match
            {
                return Err(ExpressionError::ParameterType(format!(
                    "There can only be one preferential parameter type per regexp. The regexp /{regexp}/ is used for \
                     two preferential parameter types, {{{}}} and {{{}}}",
                    first.name_or_undefined(),
                    parameter_type.name_or_undefined()
                )));
            }
        }
        Ok(self.insert(parameter_type))
    }

    fn insert(&mut self, parameter_type: ParameterType) -> usize {
        let index = self.types.len();
        if let Some(name) = &parameter_type.name {
            self.by_name.insert(name.clone(), index);
        }
        self.types.push(parameter_type);
        for regexp in self.types[index].regexps() {
            let types = self.by_regexp.entry(regexp.clone()).or_default();
            if !types.contains(&index) {
                types.push(index);
                types.sort_by(|left, right| self.types[*left].order(&self.types[*right]));
            }
        }
        index
    }

    /// The type with this index, as [`Argument`](super::Argument) gives it.
    pub fn get(&self, index: usize) -> Option<&ParameterType> {
        self.types.get(index)
    }

    /// All types, in order of definition.
    pub fn iter(&self) -> impl Iterator<Item = &ParameterType> {
        self.types.iter()
    }

    pub fn lookup_by_name(&self, name: &str) -> Option<(usize, &ParameterType)> {
        let index = *self.by_name.get(name)?;
        Some((index, self.types.get(index)?))
    }

    /// The type that has `group` as a regexp; `regexp` and `text` are what it was met in.
    ///
    /// # Errors
    /// If there are several and none is preferential.
    pub(super) fn lookup_by_regexp(
        &self,
        group: &str,
        regexp: &Regexp,
        text: &str,
    ) -> Result<Option<usize>, ExpressionError> {
        let Some(types) = self.by_regexp.get(group) else { return Ok(None) };
        let Some(first) = types.first().copied() else { return Ok(None) };
        if types.len() == 1 || self.types[first].prefer_for_regexp_match {
            return Ok(Some(first));
        }
        let names: Vec<_> = types
            .iter()
            .map(|index| format!("{{{}}}", self.types[*index].name_or_undefined()))
            .collect();
        let expressions: Vec<_> = generate_expressions(text, self)
            .into_iter()
            .map(|expression| expression.source)
            .collect();
        Err(ExpressionError::AmbiguousParameterType(format!(
            "Your Regular Expression {regexp}\nmatches multiple parameter types with regexp {group}:\n   {}\n\n\
             I couldn't decide which one to use. You have two options:\n\n\
             1) Use a Cucumber Expression instead of a Regular Expression. Try one of these:\n   {}\n\n\
             2) Make one of the parameter types preferential and continue to use a Regular Expression.\n",
            names.join("\n   "),
            expressions.join("\n   ")
        )))
    }
}
