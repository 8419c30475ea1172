//! The keys of a profile: one table that checking, suggestions and messages go by.

/// What a key's value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Flag,
    Text,
    /// A list of strings.
    Texts,
    /// A list of strings that are not blank.
    Names,
    /// A whole number, zero or more.
    Count,
    /// A [`Kind::Count`], or how it follows from the number of processors.
    Workers,
    /// A list of `name:file` or `[name, file]`.
    Formats,
    /// Any object; the slice names the members whose types are fixed.
    Object(&'static [(&'static str, Kind)]),
    /// A Gherkin language.
    Language,
    Order,
    Shard,
    /// A directory, or `false` for none.
    Cache,
}

/// A key and what it holds.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind }
}

const FORMAT_OPTIONS: &[(&str, Kind)] = &[
    ("colorsEnabled", Kind::Flag),
    ("html", Kind::Object(&[])),
    ("includeAttachments", Kind::Flag),
    ("junit", Kind::Object(&[("suiteName", Kind::Text), ("testClassName", Kind::Text)])),
    ("pretty", Kind::Object(&[])),
    ("printAttachments", Kind::Flag),
    ("rerun", Kind::Object(&[("separator", Kind::Text)])),
    ("theme", Kind::Object(&[])),
];

/// Every key of a profile, in alphabetical order: those of cucumber-js, and `artifacts`, `cache` and `color` of ours.
pub(crate) const KEYS: [Key; 30] = [
    key("artifacts", Kind::Text),
    key("backtrace", Kind::Flag),
    key("cache", Kind::Cache),
    key("color", Kind::Flag),
    key("dryRun", Kind::Flag),
    key("exit", Kind::Flag),
    key("failFast", Kind::Flag),
    key("forceExit", Kind::Flag),
    key("format", Kind::Formats),
    key("formatOptions", Kind::Object(FORMAT_OPTIONS)),
    key("import", Kind::Texts),
    key("language", Kind::Language),
    key("loader", Kind::Texts),
    key("name", Kind::Texts),
    key("order", Kind::Order),
    key("parallel", Kind::Workers),
    key("paths", Kind::Texts),
    key("plugin", Kind::Names),
    key("pluginOptions", Kind::Object(&[])),
    key("publish", Kind::Flag),
    key("publishQuiet", Kind::Flag),
    key("require", Kind::Texts),
    key("requireModule", Kind::Texts),
    key("retry", Kind::Count),
    key("retryTagFilter", Kind::Text),
    key("shard", Kind::Shard),
    key("strict", Kind::Flag),
    key("tags", Kind::Text),
    key("workerOptions", Kind::Object(&[("resourceLimits", Kind::Object(&[]))])),
    key("worldParameters", Kind::Object(&[])),
];

/// The key of that name.
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// All names, for messages.
pub(crate) fn names() -> impl Iterator<Item = &'static str> + Clone {
    KEYS.iter().map(|key| key.name)
}
