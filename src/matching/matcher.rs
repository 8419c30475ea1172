//! Finds the definitions that match a text, without trying them all.

use super::literal::Literals;
use super::text_map::TextMap;
use super::{Argument, ExpressionError, Pattern};

/// The patterns of a step library, with an index in front.
///
/// A pattern without groups is found by its text. Any other is filed under the rarest of the words that it
/// requires and tried only on texts that have that word, so that the cost of a match follows
/// the patterns that share a word and not the size of the library. Patterns that require no word are always tried.
/// Regular expressions compile when they are first tried.
#[derive(Debug, Default)]
pub struct Matcher {
    patterns: Vec<Pattern>,
    literals: Vec<Literals>,
    by_text: TextMap<String, Vec<usize>>,
    by_word: TextMap<Vec<u8>, Vec<usize>>,
    wordless: Vec<usize>,
}

/// A definition that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Index of the pattern, as given to [`Matcher::new`].
    pub definition: usize,
    pub arguments: Vec<Argument>,
}

/// A pattern that could not be tried; its author must mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct MatchError {
    /// Index of the pattern, as given to [`Matcher::new`].
    pub definition: usize,
    pub error: ExpressionError,
}

impl Matcher {
    pub fn new(patterns: Vec<Pattern>) -> Matcher {
        let literals: Vec<_> =
            patterns.iter().map(|pattern| Literals::of(pattern.regexp())).collect();
        let mut uses: TextMap<&str, usize> = TextMap::default();
        for word in literals.iter().flat_map(|literals| &literals.words) {
            *uses.entry(word).or_default() += 1;
        }
        let (mut by_text, mut by_word) = (TextMap::default(), TextMap::default());
        let mut wordless = Vec::new();
        for (index, literals) in literals.iter().enumerate() {
            let rarest = literals.words.iter().min_by_key(|word| uses.get(word.as_str()));
            let list: &mut Vec<usize> = match rarest {
                _ if literals.exact => by_text.entry(literals.prefix.clone()).or_default(),
                Some(word) => by_word.entry(word.clone().into_bytes()).or_default(),
                None => &mut wordless,
            };
            list.push(index);
        }
        Matcher { patterns, literals, by_text, by_word, wordless }
    }

    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// All definitions that match the text, in order of definition.
    ///
    /// # Errors
    /// If a candidate does not compile or cannot tell which parameter type a group has.
    pub fn matches(&self, text: &str) -> Result<Vec<Match>, MatchError> {
        let mut matches = Vec::new();
        for definition in self.candidates(text) {
            let arguments = if self.literals[definition].exact {
                Some(Vec::new())
            } else {
                let arguments = self.patterns[definition].matches(text);
                arguments.map_err(|error| MatchError { definition, error })?
            };
            matches.extend(arguments.map(|arguments| Match { definition, arguments }));
        }
        Ok(matches)
    }

    /// Finds the errors of [`Self::matches`] at a fraction of the cost.
    ///
    /// # Errors
    /// As [`Self::matches`].
    pub fn check(&self, text: &str) -> Result<(), MatchError> {
        for definition in self.candidates(text) {
            if !self.literals[definition].exact {
                let checked = self.patterns[definition].check(text);
                checked.map_err(|error| MatchError { definition, error })?;
            }
        }
        Ok(())
    }

    /// The patterns worth trying, in order of definition.
    fn candidates(&self, text: &str) -> Vec<usize> {
        let words = text.as_bytes().split(|byte| *byte == b' ');
        let by_word = words.filter_map(|word| self.by_word.get(word)).flatten();
        let found = self.by_text.get(text).into_iter().flatten().chain(&self.wordless);
        let mut candidates: Vec<usize> = found
            .chain(by_word)
            .copied()
            .filter(|&index| self.literals[index].allow(text))
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::matching::{CucumberExpression, ParameterTypeRegistry, Regexp, RegularExpression};

    fn matcher(patterns: &[&str]) -> Matcher {
        let registry = Arc::new(ParameterTypeRegistry::new());
        let pattern =
            |source: &&str| match source.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
                Some((source, flags)) => {
                    RegularExpression::new(Regexp::new(source, flags), Arc::clone(&registry)).into()
                }
                None => CucumberExpression::new(source, &registry).unwrap().into(),
            };
        Matcher::new(patterns.iter().map(pattern).collect())
    }

    fn definitions(patterns: &[&str], text: &str) -> Vec<usize> {
        matcher(patterns).matches(text).unwrap().iter().map(|found| found.definition).collect()
    }

    #[test]
    fn every_kind_of_pattern_is_found_in_order_of_definition() {
        let patterns = [
            "{} wait",
            "/wait/",
            "I {word}",
            "I wait",
            "/^I WAIT$/i",
            "I/we wait(s)",
            "/^I (?:wait|go)$/",
            "we wait",
        ];
        assert_eq!(definitions(&patterns, "I wait"), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(definitions(&patterns, "we wait"), [0, 1, 5, 7]);
    }

    #[test]
    fn a_word_that_occurs_twice_gives_one_match() {
        assert_eq!(definitions(&["no {word} no"], "no no no"), [0]);
    }

    #[test]
    fn optional_text_at_a_word_does_not_hide_the_pattern() {
        let patterns = ["I have {int} cucumber(s)", "the (big )cat's {word}", "{int}%"];
        assert_eq!(definitions(&patterns, "I have 1 cucumber"), [0]);
        assert_eq!(definitions(&patterns, "the cat's pyjamas"), [1]);
        assert_eq!(definitions(&patterns, "50%"), [2]);
    }

    #[test]
    fn an_error_names_its_definition() {
        let error = matcher(&["I wait", "/I (wait(/"]).matches("I wait").unwrap_err();
        assert_eq!(error.definition, 1);
    }

    #[test]
    fn a_check_finds_the_same_errors() {
        let float = r"/I have ([-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[E][+-]?\d+)?)/";
        let endless = "z".repeat(60) + "!";
        for (pattern, text, fails) in [
            ("I {word}", "I wait", false),
            (float, "I have 3", true),
            ("/a (b(/", "a b", true),
            ("/(z+)+$/", &endless, true),
        ] {
            let matcher = matcher(&[pattern]);
            let error = matcher.check(text).err();
            assert_eq!(error.is_some(), fails, "{text}");
            assert_eq!(error, matcher.matches(text).err());
        }
    }

    #[test]
    fn arguments_carry_types_and_transformer_values() {
        let found = matcher(&["a {string} and {int}"]).matches(r#"a "b c" and 7"#).unwrap();
        let [string, int] = &found[0].arguments[..] else { panic!("{found:?}") };
        assert_eq!(string.values(), [Some("b c"), None]);
        assert_eq!((string.parameter_type, string.group.start), (Some(3), Some(2)));
        assert_eq!((int.parameter_type, int.values()), (Some(0), vec![Some("7")]));
    }
}
