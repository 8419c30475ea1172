//! The step library's definitions, ready to be matched and called.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::matching::{
    CucumberExpression, ExpressionError, Match, MatchError, Matcher, ParameterRegexp,
    ParameterType, ParameterTypeRegistry, Pattern, Regexp, RegularExpression, TagExpression,
};
use crate::messages::{
    self, Envelope, HookType, IdGenerator, Location, Pickle, PickleStep, SourceReference,
    StepDefinitionPattern, StepDefinitionPatternType, Suggestion, UndefinedParameterType,
};

use super::error::DefinitionPlace;
use super::snippet::{self, Language};
use super::wire::{
    WireHook, WireHookType, WireLocation, WireParameterType, WirePattern, WireRegExp, WireStep,
    WireSupportCode,
};
use super::{SupportError, Timeout};

/// All that a step library defined.
#[derive(Debug, Default)]
pub(crate) struct SupportCode {
    /// Indexed as the library's step functions are.
    pub steps: Vec<StepDefinition>,
    /// Indexed as the library's hooks are.
    pub hooks: Vec<HookDefinition>,
    pub has_custom_parallel_can_assign: bool,
    default_timeout: Option<Timeout>,
    parameter_types: Arc<ParameterTypeRegistry>,
    /// How many of the parameter types are built in; the library's own follow.
    built_in_types: usize,
    /// TypeScript if any definition is in a file of that.
    snippet_language: Language,
    matcher: Matcher,
    /// The index among `steps` of each of the matcher's patterns.
    matched_steps: Vec<usize>,
    /// Definitions as messages, in the order in which they were made.
    envelopes: Vec<Envelope>,
}

#[derive(Debug)]
pub(crate) struct StepDefinition {
    pub message: Arc<messages::StepDefinition>,
    pub place: DefinitionPlace,
    pub timeout: Option<Timeout>,
    /// The number by which the isolate calls its function.
    pub function: usize,
    /// How many arguments its function can be called with and nothing more; none where cucumber-js's callback,
    /// which comes after the arguments, would be seen.
    pub arity: Option<usize>,
}

#[derive(Debug)]
pub(crate) struct HookDefinition {
    pub message: Arc<messages::Hook>,
    pub timeout: Option<Timeout>,
    /// The number by which the isolate calls its function.
    pub function: usize,
    /// Whether the function does not look at what it is given.
    pub takes_nothing: bool,
    /// Where a run hook runs; none where its author named something else, with which it runs nowhere.
    pub target: Option<HookTarget>,
    tags: Option<TagExpression>,
}

/// Where a run hook runs where there are workers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HookTarget {
    /// In every worker.
    Worker,
    /// Once, in a VM of its own, before the workers' hooks or after them.
    Coordinator,
}

/// A parameter type as JavaScript finds its transformer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum ParameterTypeRef<'a> {
    BuiltIn(&'a str),
    /// An index among those that the library defined.
    Custom(usize),
}

impl HookDefinition {
    fn is_run_hook(&self) -> bool {
        matches!(self.message.kind, HookType::BeforeTestRun | HookType::AfterTestRun)
    }
}

impl SupportCode {
    /// Reads what the prelude's `supportCode` entry told; files are named relative to `project`.
    pub(crate) fn new(told: &str, project: &Path, ids: &IdGenerator) -> Result<Self, SupportError> {
        let wire: WireSupportCode = serde_json::from_str(told)?;
        let mut reader = Reader { project, ids, ordered: Vec::new(), undefined: Vec::new() };
        let mut parameter_types = ParameterTypeRegistry::new();
        let built_in_types = parameter_types.iter().count();
        for parameter_type in wire.parameter_types {
            reader.parameter_type(parameter_type, &mut parameter_types)?;
        }
        let parameter_types = Arc::new(parameter_types);
        let (mut steps, mut patterns, mut matched_steps) = (Vec::new(), Vec::new(), Vec::new());
        for step in wire.steps {
            let (definition, pattern) = reader.step(step, &parameter_types)?;
            if let Some(pattern) = pattern {
                matched_steps.push(steps.len());
                patterns.push(pattern);
            }
            steps.push(definition);
        }
        let hooks: Vec<HookDefinition> =
            wire.hooks.into_iter().map(|hook| reader.hook(hook)).collect::<Result<_, _>>()?;
        let mut files = steps
            .iter()
            .map(|step| &step.message.source_reference.uri)
            .chain(hooks.iter().map(|hook| &hook.message.source_reference.uri));
        let snippet_language =
            match files.any(|file| Language::of_file(file) == Language::TypeScript) {
                true => Language::TypeScript,
                false => Language::default(),
            };
        Ok(Self {
            snippet_language,
            steps,
            hooks,
            has_custom_parallel_can_assign: wire.custom_parallel_can_assign,
            default_timeout: Some(Timeout::from_millis(wire.default_timeout)),
            parameter_types,
            built_in_types,
            matcher: Matcher::new(patterns),
            matched_steps,
            envelopes: reader.into_envelopes(),
        })
    }

    /// What was defined, in order of definition.
    pub(crate) fn envelopes(&self) -> &[Envelope] {
        &self.envelopes
    }

    /// Every step definition that matches the text, in order of definition, with the index of it.
    pub(crate) fn matches(&self, text: &str) -> Result<Vec<Match>, SupportError> {
        let mut matches = self.matcher.matches(text).map_err(|failed| self.failed(failed))?;
        for found in &mut matches {
            found.definition = self.matched_steps[found.definition];
        }
        Ok(matches)
    }

    /// Whether [`Self::matches`] can be asked about the text without an error, which costs less.
    pub(crate) fn check(&self, text: &str) -> Result<(), SupportError> {
        self.matcher.check(text).map_err(|failed| self.failed(failed))
    }

    fn failed(&self, failed: MatchError) -> SupportError {
        let definition = &self.steps[self.matched_steps[failed.definition]];
        let place = definition.place.clone();
        SupportError::Pattern { place, error: Box::new(failed.error) }
    }

    /// The step definitions that can match, with their regular expressions.
    pub(crate) fn patterns(&self) -> impl Iterator<Item = (&StepDefinition, &Regexp)> {
        let patterns = self.matcher.patterns().iter().map(Pattern::regexp);
        self.matched_steps.iter().map(|index| &self.steps[*index]).zip(patterns)
    }

    /// The step definitions whose expression names a parameter type that is not defined, with that name.
    pub(crate) fn undefined(&self) -> impl Iterator<Item = (&StepDefinition, &str)> {
        let defined: HashSet<usize> = self.matched_steps.iter().copied().collect();
        let without = (0..self.steps.len()).filter(move |index| !defined.contains(index));
        without.map(|index| &self.steps[index]).zip(self.envelopes.iter().filter_map(|envelope| {
            match envelope {
                Envelope::UndefinedParameterType(undefined) => Some(undefined.name.as_str()),
                _ => None,
            }
        }))
    }

    /// The hooks of a kind that apply to a pickle, in order of definition.
    pub(crate) fn hooks_for<'a>(
        &'a self,
        kind: HookType,
        pickle: &'a Pickle,
    ) -> impl DoubleEndedIterator<Item = usize> + 'a {
        self.hooks_of(kind).filter(|&index| {
            let tags = self.hooks[index].tags.as_ref();
            tags.is_none_or(|tags| tags.matches(pickle.tags.iter().map(|tag| tag.name.as_str())))
        })
    }

    /// The hooks of a kind, in order of definition.
    pub(crate) fn hooks_of(&self, kind: HookType) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (0..self.hooks.len()).filter(move |&index| self.hooks[index].message.kind == kind)
    }

    /// Whether there is something to run in a VM beside those of workers.
    pub(crate) fn needs_coordinator(&self) -> bool {
        let at_coordinator = |hook: &HookDefinition| {
            hook.is_run_hook() && hook.target == Some(HookTarget::Coordinator)
        };
        self.has_custom_parallel_can_assign || self.hooks.iter().any(at_coordinator)
    }

    /// A definition's own timeout, or the library's.
    pub(crate) fn timeout_of(&self, own: Option<Timeout>) -> Timeout {
        own.or(self.default_timeout).unwrap_or(Timeout::NEVER)
    }

    /// The name of a parameter type, as messages tell it.
    pub(crate) fn parameter_type_name(&self, index: usize) -> Option<&str> {
        self.parameter_types.get(index)?.name.as_deref()
    }

    pub(crate) fn parameter_type_ref(&self, index: usize) -> ParameterTypeRef<'_> {
        match index.checked_sub(self.built_in_types) {
            Some(own) => ParameterTypeRef::Custom(own),
            None => ParameterTypeRef::BuiltIn(self.parameter_type_name(index).unwrap_or_default()),
        }
    }

    /// What to write for an undefined step.
    pub(crate) fn suggestion(
        &self,
        step: &PickleStep,
        interface: snippet::Interface,
        ids: &IdGenerator,
    ) -> Suggestion {
        Suggestion {
            id: ids.next(),
            pickle_step_id: step.id,
            snippets: snippet::snippets(
                step,
                &self.parameter_types,
                interface,
                self.snippet_language,
            ),
        }
    }
}

/// Turns definitions from their wire form into data and messages.
struct Reader<'a> {
    project: &'a Path,
    ids: &'a IdGenerator,
    ordered: Vec<(usize, Envelope)>,
    undefined: Vec<UndefinedParameterType>,
}

impl Reader<'_> {
    fn into_envelopes(mut self) -> Vec<Envelope> {
        self.ordered.sort_by_key(|(order, _)| *order);
        let defined = self.ordered.into_iter().map(|(_, envelope)| envelope);
        defined.chain(self.undefined.into_iter().map(Envelope::UndefinedParameterType)).collect()
    }

    fn place(&self, location: Option<WireLocation>) -> DefinitionPlace {
        DefinitionPlace(match location {
            None => SourceReference { uri: "unknown".to_owned(), location: None },
            Some(WireLocation { file, line, column }) => SourceReference {
                uri: crate::discover::relative(self.project, Path::new(&file)),
                location: Some(Location { line, column: Some(column) }),
            },
        })
    }

    fn parameter_type(
        &mut self,
        wire: WireParameterType,
        registry: &mut ParameterTypeRegistry,
    ) -> Result<(), SupportError> {
        let place = self.place(wire.location);
        let source_reference = place.reference();
        let regexps = wire.regexps.into_iter().map(parameter_regexp).collect();
        let index = ParameterType::new(
            wire.name,
            regexps,
            wire.use_for_snippets,
            wire.prefer_for_regexp_match,
        )
        .and_then(|parameter_type| registry.define(parameter_type))
        .map_err(|error| SupportError::ParameterType { place, error: Box::new(error) })?;
        // Those without a name are not told, as in cucumber-js: only a regular expression finds them.
        let defined = registry.get(index);
        let Some((defined, Some(name))) = defined.map(|it| (it, it.name.clone())) else {
            return Ok(());
        };
        let message = messages::ParameterType {
            name,
            regular_expressions: defined.regexps().to_vec(),
            prefer_for_regular_expression_match: defined.prefer_for_regexp_match,
            use_for_snippets: defined.use_for_snippets,
            id: self.ids.next(),
            source_reference: Some(source_reference),
        };
        self.ordered.push((wire.order, Envelope::ParameterType(Arc::new(message))));
        Ok(())
    }

    /// No pattern where the expression names a parameter type that nobody defined: such a
    /// definition matches nothing, and a message tells of it.
    fn step(
        &mut self,
        wire: WireStep,
        registry: &Arc<ParameterTypeRegistry>,
    ) -> Result<(StepDefinition, Option<Pattern>), SupportError> {
        let place = self.place(wire.location);
        let (pattern, compiled) = match wire.pattern {
            WirePattern::Expression(source) => {
                let compiled = CucumberExpression::new(&source, registry).map(Pattern::from);
                let kind = StepDefinitionPatternType::CucumberExpression;
                (StepDefinitionPattern { source, kind }, compiled)
            }
            WirePattern::Regexp(WireRegExp { source, flags }) => {
                let flags = flags.unwrap_or_default();
                let regexp = Regexp::new(source.as_str(), flags.as_str());
                let compiled = RegularExpression::new(regexp, Arc::clone(registry));
                // As cucumber-js tells it: between slashes only where there are flags.
                let source = if flags.is_empty() { source } else { format!("/{source}/{flags}") };
                let kind = StepDefinitionPatternType::RegularExpression;
                (StepDefinitionPattern { source, kind }, Ok(compiled.into()))
            }
        };
        let compiled = match compiled {
            Ok(compiled) => Some(compiled),
            Err(ExpressionError::UndefinedParameterType { name, expression, .. }) => {
                self.undefined.push(UndefinedParameterType { expression, name });
                None
            }
            Err(error) => return Err(SupportError::Pattern { place, error: Box::new(error) }),
        };
        let (id, source_reference) = (self.ids.next(), place.reference());
        let message = Arc::new(messages::StepDefinition { id, pattern, source_reference });
        if compiled.is_some() {
            self.ordered.push((wire.order, Envelope::StepDefinition(Arc::clone(&message))));
        }
        let definition = StepDefinition {
            message,
            place,
            timeout: wire.timeout.map(Timeout::from_millis),
            function: wire.function,
            arity: wire.arity,
        };
        Ok((definition, compiled))
    }

    fn hook(&mut self, wire: WireHook) -> Result<HookDefinition, SupportError> {
        let place = self.place(wire.location);
        let source_reference = place.reference();
        let tags = wire
            .tags
            .as_deref()
            .filter(|tags| !tags.is_empty())
            .map(TagExpression::parse)
            .transpose()
            .map_err(|error| SupportError::Tags { place, error })?;
        let kind = hook_type(wire.kind);
        let message = Arc::new(messages::Hook {
            id: self.ids.next(),
            name: wire.name,
            source_reference,
            tag_expression: wire.tags,
            kind,
        });
        // cucumber-js tells nothing of step hooks, and no report knows what to make of them.
        if !matches!(kind, HookType::BeforeTestStep | HookType::AfterTestStep) {
            self.ordered.push((wire.order, Envelope::Hook(Arc::clone(&message))));
        }
        Ok(HookDefinition {
            message,
            timeout: wire.timeout.map(Timeout::from_millis),
            function: wire.function,
            takes_nothing: wire.takes_nothing,
            target: match wire.target.as_str() {
                "WORKER" => Some(HookTarget::Worker),
                "COORDINATOR" => Some(HookTarget::Coordinator),
                _ => None,
            },
            tags,
        })
    }
}

fn parameter_regexp(wire: WireRegExp) -> ParameterRegexp {
    match wire.flags {
        None => ParameterRegexp::Source(wire.source),
        Some(flags) => ParameterRegexp::RegExp { source: wire.source, flags },
    }
}

fn hook_type(wire: WireHookType) -> HookType {
    match wire {
        WireHookType::Before => HookType::BeforeTestCase,
        WireHookType::After => HookType::AfterTestCase,
        WireHookType::BeforeStep => HookType::BeforeTestStep,
        WireHookType::AfterStep => HookType::AfterTestStep,
        WireHookType::BeforeAll => HookType::BeforeTestRun,
        WireHookType::AfterAll => HookType::AfterTestRun,
    }
}
