//! What reports show of a feature file beside its pickles: titles and keywords.

use crate::messages::{
    Background, Feature, FeatureChild, Id, PickleStep, Rule, RuleChild, Scenario, Step,
};

/// Some bytes for a scenario and for a step, where the document takes hundreds.
pub(super) struct Outline {
    feature: Title,
    rules: Vec<RuleTitle>,
    /// By the scenario's id; the rule is an index.
    scenarios: Vec<(Id, Keyword, Option<usize>)>,
    /// By the step's id.
    steps: Vec<(Id, Keyword)>,
    /// Those of scenarios and steps, each once.
    keywords: Vec<&'static str>,
}

/// An index among [`Outline::keywords`].
type Keyword = u32;

pub(super) struct Title {
    pub keyword: &'static str,
    pub name: String,
}

pub(super) struct RuleTitle {
    pub id: Id,
    pub title: Title,
}

/// Where a pickle comes from.
#[derive(Clone, Copy)]
pub(super) struct Lineage<'a> {
    pub feature: &'a Title,
    pub rule: Option<&'a RuleTitle>,
    /// The scenario's.
    pub keyword: &'static str,
    outline: &'a Outline,
}

impl Outline {
    pub fn new(feature: &Feature) -> Self {
        let mut outline = Self {
            feature: Title::new(feature.keyword, &feature.name),
            rules: Vec::new(),
            scenarios: Vec::new(),
            steps: Vec::new(),
            keywords: Vec::new(),
        };
        for child in &feature.children {
            match child {
                FeatureChild::Background(background) => outline.add_steps(&background.steps),
                FeatureChild::Scenario(scenario) => outline.add_scenario(scenario, None),
                FeatureChild::Rule(rule) => outline.add_rule(rule),
            }
        }
        outline.scenarios.sort_unstable_by_key(|(id, ..)| *id);
        outline.scenarios.shrink_to_fit();
        outline.steps.sort_unstable_by_key(|(id, _)| *id);
        outline.steps.shrink_to_fit();
        outline
    }

    fn add_rule(&mut self, rule: &Rule) {
        let index = self.rules.len();
        self.rules.push(RuleTitle { id: rule.id, title: Title::new(rule.keyword, &rule.name) });
        for child in &rule.children {
            match child {
                RuleChild::Background(Background { steps, .. }) => self.add_steps(steps),
                RuleChild::Scenario(scenario) => self.add_scenario(scenario, Some(index)),
            }
        }
    }

    fn add_scenario(&mut self, scenario: &Scenario, rule: Option<usize>) {
        let keyword = self.intern(scenario.keyword);
        self.scenarios.push((scenario.id, keyword, rule));
        self.add_steps(&scenario.steps);
    }

    fn add_steps(&mut self, steps: &[Step]) {
        for step in steps {
            let keyword = self.intern(step.keyword);
            self.steps.push((step.id, keyword));
        }
    }

    fn intern(&mut self, keyword: &'static str) -> Keyword {
        let known = self.keywords.iter().position(|&known| known == keyword);
        let index = known.unwrap_or_else(|| {
            self.keywords.push(keyword);
            self.keywords.len() - 1
        });
        index as Keyword
    }

    fn keyword(&self, keyword: Keyword) -> &'static str {
        self.keywords[keyword as usize]
    }

    /// Of the pickles of that scenario.
    pub fn lineage(&self, scenario: Id) -> Option<Lineage<'_>> {
        let index = self.scenarios.binary_search_by_key(&scenario, |(id, ..)| *id).ok()?;
        let (_, keyword, rule) = self.scenarios[index];
        Some(Lineage {
            feature: &self.feature,
            rule: rule.map(|rule| &self.rules[rule]),
            keyword: self.keyword(keyword),
            outline: self,
        })
    }
}

impl Title {
    fn new(keyword: &'static str, name: &str) -> Self {
        Self { keyword, name: name.to_owned() }
    }
}

impl Lineage<'_> {
    /// The keyword of a pickle's step as written, with its trailing space.
    pub fn step_keyword(&self, step: &PickleStep) -> &'static str {
        let steps = &self.outline.steps;
        let found = steps.binary_search_by_key(&step.ast_node_ids.node, |(id, _)| *id);
        found.map_or("", |index| self.outline.keyword(steps[index].1))
    }
}
