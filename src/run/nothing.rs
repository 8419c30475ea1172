//! Messages for a run that selects no scenario, and for paths that lead to none.

use std::collections::BTreeSet;

use crate::config::{Config, did_you_mean, nearest};
use crate::discover::{self, FeatureFile, FeatureFiles, Filter, Selection, nearest_existing};
use crate::messages::{Envelope, IdGenerator, Pickle};

use super::RunError;
use super::features;

/// The most paths, tags and lines that a message lists.
const MOST_LISTED: usize = 10;

/// Why no scenario was selected, and what would select one.
pub(super) fn explain(config: &Config, found: &FeatureFiles) -> String {
    let reason = match found.files.is_empty() {
        true => Ok(no_features(config, found)),
        false => Census::take(config, &found.files).map(|census| census.told(config, &found.files)),
    };
    // The files were read a moment ago; whoever changes them meanwhile gets the short form.
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("no scenario was selected, so nothing was run{reason}")
}

/// Paths that led to no feature file, beside others that did.
pub(super) fn unmatched_paths(config: &Config, found: &FeatureFiles) -> Option<String> {
    let is_beside = !found.files.is_empty() && !found.unmatched.is_empty();
    is_beside.then(|| unmatched(config, &found.unmatched, "feature file"))
}

/// Says of each pattern that it matches none of these files.
pub(super) fn unmatched(config: &Config, patterns: &[String], files: &str) -> String {
    let told = patterns.iter().take(MOST_LISTED).map(|pattern| {
        let near = nearest_existing(&config.cwd, pattern);
        let verb = if config.cwd.join(pattern).is_dir() { "holds" } else { "matches" };
        format!("`{pattern}` {verb} no {files}{}", did_you_mean(near.as_deref()))
    });
    told.collect::<Vec<_>>().join(", ")
}

fn no_features(config: &Config, found: &FeatureFiles) -> String {
    if !config.paths.is_empty() {
        return match found.unmatched.is_empty() {
            true => format!("{} lists no feature", quoted(&config.paths)),
            false => unmatched(config, &found.unmatched, "feature file"),
        };
    }
    let elsewhere = discover::feature_directories(&config.cwd);
    let hint = match elsewhere.as_slice() {
        [] => String::new(),
        [first, ..] => format!(
            "; there are some in {}: run `quickcuke {first}`, or set `paths = [{first:?}]` in [default] of quickcuke.toml",
            quoted(&elsewhere)
        ),
    };
    format!("there is no feature file in {}{hint}", config.cwd.join("features").display())
}

/// How many scenarios each filter lets pass, one after the other.
struct Census {
    found: usize,
    by_lines: usize,
    by_tags: usize,
    by_names: usize,
    /// How many the names alone let pass.
    by_names_alone: usize,
    tags: BTreeSet<String>,
    names: BTreeSet<String>,
    /// The lines at which scenarios are, of each file.
    lines: Vec<BTreeSet<u32>>,
}

impl Census {
    fn take(config: &Config, files: &[FeatureFile]) -> Result<Self, RunError> {
        let selection = Selection::new(config)?;
        let ids = IdGenerator::default();
        let mut census = Self {
            found: 0,
            by_lines: 0,
            by_tags: 0,
            by_names: 0,
            by_names_alone: 0,
            tags: BTreeSet::new(),
            names: BTreeSet::new(),
            lines: Vec::new(),
        };
        for file in files {
            let mut lines = BTreeSet::new();
            let mut document = None;
            features::read(file, &config.language, &selection, &ids, &mut |envelope| match (
                envelope, &document,
            ) {
                (Envelope::GherkinDocument(read), _) => document = Some(read),
                (Envelope::Pickle(pickle), Some(document)) => {
                    lines.insert(pickle.location.line);
                    let rejected = selection.rejects(file, document, &pickle);
                    census.count(&pickle, rejected, selection.names_match(&pickle));
                }
                _ => {}
            })?
            .map_err(RunError::Parse)?;
            census.lines.push(lines);
        }
        Ok(census)
    }

    fn count(&mut self, pickle: &Pickle, rejected: Option<Filter>, name_matches: bool) {
        self.found += 1;
        self.by_lines += usize::from(rejected != Some(Filter::Lines));
        self.by_tags += usize::from(!matches!(rejected, Some(Filter::Lines | Filter::Tags)));
        self.by_names += usize::from(rejected.is_none());
        self.by_names_alone += usize::from(name_matches);
        self.tags.extend(pickle.tags.iter().map(|tag| tag.name.clone()));
        self.names.insert(pickle.name.clone());
    }

    fn told(&self, config: &Config, files: &[FeatureFile]) -> String {
        if self.found == 0 {
            let uris: Vec<String> = files.iter().map(|file| file.uri.clone()).collect();
            let verb = if uris.len() == 1 { "has" } else { "have" };
            return format!("{} {verb} no scenario", quoted(&uris));
        }
        let mut passed = Vec::new();
        let mut left = |what: String, count: usize| {
            passed.push(format!(
                "{what} left {}",
                if count == 0 { "none".to_owned() } else { count.to_string() }
            ));
            count == 0
        };
        let has_lines = files.iter().any(|file| !file.lines.is_empty());
        let names = config.names.iter().map(|name| format!("/{name}/"));
        let names = names.collect::<Vec<_>>().join(" or ");
        let tags = plain(&config.tags);
        let hint = if has_lines && left(lines_of(files), self.by_lines) {
            self.lines_hint(files)
        } else if !tags.is_empty() && left(format!("the tags `{tags}`"), self.by_tags) {
            self.tags_hint(tags)
        } else if !names.is_empty() && left(format!("the name {names}"), self.by_names) {
            self.names_hint(config)
        } else if let Some(shard) = config.shard {
            left(format!("the shard {}/{}", shard.index, shard.total), 0);
            String::new()
        } else {
            String::new()
        };
        let scenarios = if self.found == 1 { "scenario" } else { "scenarios" };
        format!("of {} {scenarios} {}{hint}", self.found, passed.join(", "))
    }

    fn lines_hint(&self, files: &[FeatureFile]) -> String {
        let of_file = files.iter().zip(&self.lines).filter(|(file, _)| !file.lines.is_empty());
        let told = of_file.take(MOST_LISTED).map(|(file, lines)| {
            let asked = file.lines.first().copied().unwrap_or_default();
            let mut near: Vec<u32> = lines.iter().copied().collect();
            near.sort_by_key(|line| line.abs_diff(asked));
            near.truncate(MOST_LISTED);
            near.sort_unstable();
            let more = if near.len() < lines.len() { " and more" } else { "" };
            let near: Vec<String> = near.iter().map(ToString::to_string).collect();
            match near.len() {
                0 => format!("{} has no scenario", file.uri),
                1 => format!("{} has a scenario at line {}", file.uri, near[0]),
                _ => format!("{} has scenarios at lines {}{more}", file.uri, near.join(", ")),
            }
        });
        format!("; {}", told.collect::<Vec<_>>().join(", "))
    }

    fn tags_hint(&self, expression: &str) -> String {
        let known = || self.tags.iter().map(String::as_str);
        let words = expression.split(|c: char| c.is_whitespace() || c == '(' || c == ')');
        let unknown = words.filter(|word| word.starts_with('@') && !self.tags.contains(*word));
        let near: Vec<String> =
            unknown.filter_map(|tag| nearest(tag, known())).map(str::to_owned).collect();
        match (near.is_empty(), self.tags.is_empty()) {
            (false, _) => format!(" (did you mean {}?)", quoted(&near)),
            (true, true) => "; no scenario has a tag".to_owned(),
            (true, false) => {
                let some: Vec<&str> = known().take(MOST_LISTED).collect();
                let more = if some.len() < self.tags.len() { " and more" } else { "" };
                format!("; the tags are {}{more}", some.join(", "))
            }
        }
    }

    fn names_hint(&self, config: &Config) -> String {
        if self.by_names_alone > 0 {
            return format!("; the name alone selects {}", self.by_names_alone);
        }
        let known = || self.names.iter().map(String::as_str);
        let near = config.names.iter().find_map(|name| {
            let text = name.trim_start_matches('^').trim_end_matches('$').replace('\\', "");
            let contains = |known: &&str| known.to_lowercase().contains(&text.to_lowercase());
            // A name is often given by a word of it.
            let has_near_word = |known: &&str| nearest(&text, known.split_whitespace()).is_some();
            nearest(&text, known())
                .or_else(|| known().find(contains))
                .or_else(|| known().find(has_near_word))
        });
        near.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
    }
}

/// The lines that were asked for.
fn lines_of(files: &[FeatureFile]) -> String {
    let mut asked = files.iter().filter(|file| !file.lines.is_empty()).map(|file| {
        let lines: Vec<String> = file.lines.iter().map(ToString::to_string).collect();
        format!("{}:{}", file.uri, lines.join(":"))
    });
    let first: Vec<String> = asked.by_ref().take(MOST_LISTED).collect();
    let more = if asked.next().is_some() { " and more" } else { "" };
    format!("{}{more}", first.join(" "))
}

/// An expression without the brackets that stand around all of it.
fn plain(expression: &str) -> &str {
    let inner = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| !inner.contains(['(', ')'])).unwrap_or(expression)
}

fn quoted(names: &[String]) -> String {
    let some: Vec<String> =
        names.iter().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    let more = if some.len() < names.len() { " and more" } else { "" };
    format!("{}{more}", some.join(", "))
}
