//! Which pickles run: by line, by name, by tags.

use super::error::DiscoverError;
use super::features::FeatureFile;
use crate::config::Config;
use crate::matching::TagExpression;
use crate::messages::{FeatureChild, GherkinDocument, Pickle, RuleChild, Scenario};

/// A condition that a pickle does not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// `FILE:LINE`.
    Lines,
    Tags,
    Name,
}

/// The conditions of one run. A pickle runs when it meets all of them.
pub struct Selection {
    names: Vec<regress::Regex>,
    tags: TagExpression,
}

impl Selection {
    /// # Errors
    /// A name that is no JavaScript regular expression, or tags that are no tag expression.
    pub fn new(config: &Config) -> Result<Selection, DiscoverError> {
        let name = |pattern: &String| {
            regress::Regex::new(pattern).map_err(|error| DiscoverError::Name {
                pattern: pattern.clone(),
                reason: error.text,
            })
        };
        Ok(Selection {
            names: config.names.iter().map(name).collect::<Result<_, _>>()?,
            tags: TagExpression::parse(&config.tags)?,
        })
    }

    /// Whether a pickle of that file runs: its line is asked for, its name matches one of the names, its tags match.
    pub fn selects(&self, file: &FeatureFile, document: &GherkinDocument, pickle: &Pickle) -> bool {
        self.rejects(file, document, pickle).is_none()
    }

    /// The first condition that a pickle of that file does not meet.
    pub fn rejects(
        &self,
        file: &FeatureFile,
        document: &GherkinDocument,
        pickle: &Pickle,
    ) -> Option<Filter> {
        if !(file.lines.is_empty() || stands_at(document, pickle, &file.lines)) {
            return Some(Filter::Lines);
        }
        if !self.tags.matches(pickle.tags.iter().map(|tag| tag.name.as_str())) {
            return Some(Filter::Tags);
        }
        (!self.names_match(pickle)).then_some(Filter::Name)
    }

    /// Whether one of the names matches, or there are none.
    pub fn names_match(&self, pickle: &Pickle) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name.find(&pickle.name).is_some())
    }
}

/// Whether one of the lines is that of the pickle's scenario or example row. As in cucumber-js the line of a feature,
/// rule, background, `Examples:` or step selects nothing.
fn stands_at(document: &GherkinDocument, pickle: &Pickle, lines: &[u32]) -> bool {
    let line = pickle.location.line;
    lines.contains(&line)
        || scenario_above(document, line).is_some_and(|above| lines.contains(&above.location.line))
}

/// The scenario that the line, which is one of a pickle, belongs to. Nodes stand in the order of their lines.
fn scenario_above(document: &GherkinDocument, line: u32) -> Option<&Scenario> {
    let children = &document.feature.as_ref()?.children;
    let after = children.partition_point(|child| match child {
        FeatureChild::Rule(rule) => rule.location.line <= line,
        FeatureChild::Background(background) => background.location.line <= line,
        FeatureChild::Scenario(scenario) => scenario.location.line <= line,
    });
    match children.get(after.checked_sub(1)?)? {
        FeatureChild::Scenario(scenario) => Some(scenario),
        FeatureChild::Background(_) => None,
        FeatureChild::Rule(rule) => {
            let after = rule.children.partition_point(|child| match child {
                RuleChild::Background(background) => background.location.line <= line,
                RuleChild::Scenario(scenario) => scenario.location.line <= line,
            });
            scenario_of(rule.children.get(after.checked_sub(1)?)?)
        }
    }
}

fn scenario_of(child: &RuleChild) -> Option<&Scenario> {
    match child {
        RuleChild::Scenario(scenario) => Some(scenario),
        RuleChild::Background(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::config::{Flags, Surroundings, resolve};
    use crate::gherkin;
    use crate::messages::{IdGenerator, SourceMediaType};

    const FEATURE: &str = "\
Feature: f
  Background:
    Given b

  @slow
  Scenario Outline: outline <a>
    Given <a>

    Examples:
      | a |
      | 1 |
      | 2 |

  Rule: r
    Background:
      Given c
    Scenario: in a rule
      Given d
";

    fn selection(arguments: &[&str]) -> Result<Selection, DiscoverError> {
        let flags = Flags::parse_arguments(arguments).unwrap();
        let load_script = |_: &Path| Err(String::new());
        let surroundings = Surroundings {
            cwd: Path::new("/"),
            env: &|_| None,
            languages: &[],
            load_script: &load_script,
            debug: &|_, _| {},
        };
        Selection::new(&resolve(&flags, &surroundings).unwrap())
    }

    /// The lines of the pickles that run.
    fn selected(lines: &[u32], arguments: &[&str]) -> Vec<u32> {
        let ids = IdGenerator::default();
        let document =
            gherkin::parse("a.feature", FEATURE, SourceMediaType::Plain, "en", &ids).unwrap();
        let file = FeatureFile {
            path: PathBuf::new(),
            uri: "a.feature".to_owned(),
            lines: lines.to_vec(),
        };
        let selection = selection(arguments).unwrap();
        gherkin::compile(&document, &ids)
            .iter()
            .filter(|pickle| selection.selects(&file, &document, pickle))
            .map(|pickle| pickle.location.line)
            .collect()
    }

    #[test]
    fn selects_by_line() {
        assert_eq!(selected(&[], &[]), [11, 12, 17]);
        assert_eq!(selected(&[6], &[]), [11, 12]);
        assert_eq!(selected(&[12], &[]), [12]);
        assert_eq!(selected(&[17, 11], &[]), [11, 17]);
        for no_scenario in [1, 2, 3, 5, 7, 9, 10, 14, 15, 18] {
            assert_eq!(selected(&[no_scenario], &[]), [0; 0], "line {no_scenario}");
        }
    }

    #[test]
    fn selects_by_name() {
        assert_eq!(selected(&[], &["--name", "^outline 2$", "--name", "nothing"]), [12]);
        assert_eq!(selected(&[], &["--name", "(?<=in a )rule$"]), [17]);
        let error = selection(&["--name", "("]).err().unwrap().to_string();
        assert!(error.starts_with("--name: Invalid regular expression: /(/: "), "{error}");
    }

    #[test]
    fn selects_by_tags() {
        assert_eq!(selected(&[], &["--tags", "@slow", "--tags", "not @x"]), [11, 12]);
        assert_eq!(selected(&[12, 17], &["--tags", "not @slow"]), [17]);
        let error = selection(&["--tags", "@a and"]).err().unwrap().to_string();
        assert!(
            error.starts_with("--tags: Tag expression \"(@a and)\" could not be parsed"),
            "{error}"
        );
    }
}
