//! The spoken languages that Gherkin can be written in, and their keywords.

mod table;

use crate::messages::StepKeywordType;

/// The keywords of one language.
///
/// A step keyword holds its trailing space where its language wants one; a title keyword is written
/// without its colon. Most dialects have the bullet `"* "` in each of their step lists.
#[derive(Debug)]
pub struct Dialect {
    /// What `# language:` names it by, such as `fr` or `zh-CN`.
    pub code: &'static str,
    /// The language's name in English.
    pub name: &'static str,
    /// The language's name in itself.
    pub native: &'static str,
    pub feature: &'static [&'static str],
    pub rule: &'static [&'static str],
    pub background: &'static [&'static str],
    pub scenario: &'static [&'static str],
    pub scenario_outline: &'static [&'static str],
    pub examples: &'static [&'static str],
    pub given: &'static [&'static str],
    pub when: &'static [&'static str],
    pub then: &'static [&'static str],
    pub and: &'static [&'static str],
    pub but: &'static [&'static str],
}

/// A step keyword and what it means in its dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepKeyword {
    pub text: &'static str,
    pub kind: StepKeywordType,
}

/// The dialect with this code. Codes are compared as written, case included.
pub fn named(code: &str) -> Option<&'static Dialect> {
    table::DIALECTS.iter().find(|dialect| dialect.code == code)
}

/// Every dialect, in order of code.
pub fn all() -> &'static [Dialect] {
    table::DIALECTS
}

impl Dialect {
    /// Each step keyword once, the longest first: of two that begin alike, the longer is the one
    /// that was meant. A keyword that is listed under more than one heading is of kind `Unknown`.
    pub fn step_keywords(&self) -> Vec<StepKeyword> {
        use StepKeywordType::{Action, Conjunction, Context, Outcome, Unknown};
        let mut keywords: Vec<StepKeyword> = Vec::with_capacity(16);
        for (kind, list) in [
            (Context, self.given),
            (Action, self.when),
            (Outcome, self.then),
            (Conjunction, self.and),
            (Conjunction, self.but),
        ] {
            for &text in list {
                match keywords.iter_mut().find(|known| known.text == text) {
                    Some(known) => known.kind = Unknown,
                    None => keywords.push(StepKeyword { text, kind }),
                }
            }
        }
        keywords.sort_by_key(|keyword| std::cmp::Reverse(keyword.text.len()));
        keywords
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_found_by_its_code() {
        assert_eq!(named("fr").map(|d| (d.name, d.native)), Some(("French", "français")));
        assert_eq!(named("zh-CN").map(|d| d.feature), Some(&["功能"][..]));
        assert!(named("FR").is_none());
        assert!(named("toString").is_none());
    }

    #[test]
    fn codes_are_unique_and_every_list_is_filled() {
        for (index, dialect) in all().iter().enumerate() {
            assert!(all()[..index].iter().all(|other| other.code != dialect.code));
            let lists = [
                dialect.feature,
                dialect.rule,
                dialect.background,
                dialect.scenario,
                dialect.scenario_outline,
                dialect.examples,
                dialect.given,
                dialect.when,
                dialect.then,
                dialect.and,
                dialect.but,
            ];
            assert!(lists.iter().all(|list| !list.is_empty()), "{}", dialect.code);
        }
    }

    #[test]
    fn a_keyword_of_several_meanings_is_unknown() {
        let kind = |code, text| {
            let keywords = named(code).unwrap().step_keywords();
            keywords.iter().find(|keyword| keyword.text == text).map(|keyword| keyword.kind)
        };
        assert_eq!(kind("en", "* "), Some(StepKeywordType::Unknown));
        assert_eq!(kind("en", "Given "), Some(StepKeywordType::Context));
        assert_eq!(kind("en", "But "), Some(StepKeywordType::Conjunction));
        assert_eq!(kind("sl", "* "), None);
    }

    #[test]
    fn the_longest_keyword_comes_first() {
        let keywords = named("fr").unwrap().step_keywords();
        assert!(keywords.is_sorted_by(|a, b| a.text.len() >= b.text.len()));
    }
}
