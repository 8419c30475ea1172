//! The step definition that an undefined step was most likely meant for.

use strsim::generic_levenshtein;

use crate::messages::{StepDefinition, StepDefinitionPatternType};

/// Comparisons of two characters in all of a report: a few tens of milliseconds.
const BUDGET: usize = 20_000_000;
/// What is in the place of a parameter or of a value for one.
const VALUE: char = '\0';

/// The definitions of a run, ready to be compared with texts of steps.
pub(super) struct NearDefinitions<'a> {
    definitions: Vec<(Vec<char>, &'a StepDefinition)>,
    budget: usize,
}

impl<'a> NearDefinitions<'a> {
    pub fn new(definitions: impl Iterator<Item = &'a StepDefinition>) -> Self {
        let mut definitions: Vec<_> =
            definitions.map(|definition| (shape_of(definition), definition)).collect();
        // So that of two that are equally near it is always the same one.
        definitions.sort_by_key(|(_, definition)| {
            let place = &definition.source_reference;
            (&place.uri, place.location.map(|location| location.line))
        });
        Self { definitions, budget: BUDGET }
    }

    /// The definition with the fewest edits, if there are few enough. Linear in the definitions; once the budget is
    /// spent nothing is near.
    pub fn find(&mut self, text: &str) -> Option<&'a StepDefinition> {
        let wanted = shape_of_text(text);
        let allowed = match wanted.len() {
            0..=5 => 1,
            length => (length / 4).max(2),
        };
        let mut best = None;
        for (shape, definition) in &self.definitions {
            if shape.len().abs_diff(wanted.len()) > allowed {
                continue;
            }
            let Some(budget) = self.budget.checked_sub(shape.len() * wanted.len()) else { break };
            self.budget = budget;
            let edits = generic_levenshtein(&wanted, shape);
            if edits <= allowed && best.is_none_or(|(fewest, _)| edits < fewest) {
                best = Some((edits, *definition));
            }
        }
        best.map(|(_, definition)| definition)
    }
}

/// The words of a step, with a mark for each number and each text in quotes.
fn shape_of_text(text: &str) -> Vec<char> {
    let mut shape = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        let after_letter = shape.last().is_some_and(|last: &char| last.is_alphanumeric());
        match next {
            '"' | '\'' if !after_letter && rest.clone().any(|other| other == next) => {
                rest.by_ref().find(|other| *other == next);
                shape.push(VALUE);
            }
            '0'..='9' if !after_letter => {
                while rest.next_if(|other| other.is_ascii_digit() || *other == '.').is_some() {}
                shape.push(VALUE);
            }
            _ => shape.extend(next.to_lowercase()),
        }
    }
    shape
}

/// The same of an expression: a mark for each parameter, or for what a regular expression captures.
fn shape_of(definition: &StepDefinition) -> Vec<char> {
    let source = &definition.pattern.source;
    let is_expression = definition.pattern.kind == StepDefinitionPatternType::CucumberExpression;
    let mut shape = Vec::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '{' if is_expression => {
                rest.by_ref().find(|other| *other == '}');
                shape.push(VALUE);
            }
            '\\' => shape.extend(rest.next()),
            // Optional text, which is mostly there.
            '(' | ')' if is_expression => {}
            '(' => {
                let mut depth = 1;
                while depth > 0
                    && let Some(other) = rest.next()
                {
                    match other {
                        '\\' => drop(rest.next()),
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                }
                shape.push(VALUE);
            }
            '^' | '$' | '?' if !is_expression => {}
            _ => shape.extend(next.to_lowercase()),
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{IdGenerator, Location, SourceReference, StepDefinitionPattern};

    fn definition(source: &str, kind: StepDefinitionPatternType, line: u32) -> StepDefinition {
        StepDefinition {
            id: IdGenerator::default().next(),
            pattern: StepDefinitionPattern { source: source.to_owned(), kind },
            source_reference: SourceReference {
                uri: "steps/a.ts".to_owned(),
                location: Some(Location { line, column: None }),
            },
        }
    }

    fn near(text: &str, sources: &[&str]) -> Option<String> {
        let definitions: Vec<_> = sources
            .iter()
            .zip(1..)
            .map(|(source, line)| match source.strip_prefix('/') {
                Some(regexp) => {
                    definition(regexp, StepDefinitionPatternType::RegularExpression, line)
                }
                None => definition(source, StepDefinitionPatternType::CucumberExpression, line),
            })
            .collect();
        let found = NearDefinitions::new(definitions.iter()).find(text)?;
        Some(found.pattern.source.clone())
    }

    #[test]
    fn words_are_compared_and_values_are_not() {
        let sources = ["I order {int} pack(s) of {string}", "the shop is open"];
        assert_eq!(near("I order 12 pack of \"Earl Grey\"", &sources).as_deref(), Some(sources[0]));
        assert_eq!(near("i orderd 12 packs of 'tea'", &sources).as_deref(), Some(sources[0]));
        assert_eq!(near("the shop opens", &sources), None);
        assert_eq!(near("the shops are open", &sources).as_deref(), Some(sources[1]));
        assert_eq!(
            near("it isn't Ann's shop", &["it isnt Anns shop"]).as_deref(),
            Some("it isnt Anns shop")
        );
    }

    #[test]
    fn regular_expressions_are_compared_without_their_groups() {
        let source = r#"^I pay (\d+(?:\.\d+)?) euros?$"#;
        assert_eq!(near("I paid 12.5 euros", &[&format!("/{source}")]).as_deref(), Some(source));
    }

    #[test]
    fn the_budget_bounds_the_cost() {
        let definition =
            definition(&"a".repeat(3000), StepDefinitionPatternType::CucumberExpression, 1);
        let mut near = NearDefinitions::new(std::iter::once(&definition));
        let text = "a".repeat(3000);
        assert!(near.find(&text).is_some());
        assert!(near.find(&text).is_some());
        assert!(near.find(&text).is_none(), "nine million each");
    }
}
