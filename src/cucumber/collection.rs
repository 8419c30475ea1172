//! JavaScript definitions in a `Collection` of the crate `cucumber`.
//!
//! The crate finds a definition by a `regex::Regex` and calls a plain function. So every definition has the regular
//! expression of its pattern, translated, and one function for all, which asks the library again.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use ::cucumber::step::{Collection, Location};
use regex::Regex;

use crate::matching;
use crate::support::{DefinitionPlace, SupportCode};

use super::{StepLibraryError, World, hooks};

/// A step definition of the library.
pub(super) struct Definition {
    location: Location,
    regex: Regex,
}

/// The step definitions, in order.
///
/// # Errors
/// The first one that cannot be used.
pub(super) fn definitions(support: &SupportCode) -> Result<Vec<Definition>, StepLibraryError> {
    if let Some((definition, name)) = support.undefined().next() {
        let place = definition.place.to_string();
        return Err(StepLibraryError::ParameterType { place, name: name.to_owned() });
    }
    let read = support.patterns().map(|(definition, regexp)| {
        let failed = |reason: String| StepLibraryError::Pattern {
            place: definition.place.to_string(),
            pattern: definition.message.pattern.source.clone(),
            reason,
        };
        let regex = translated(regexp).map_err(failed)?;
        Ok(Definition { location: location(&definition.place), regex })
    });
    read.collect()
}

fn translated(regexp: &matching::Regexp) -> Result<Regex, String> {
    let told = regexp.to_rust().map_err(|error| error.to_string())?.ok_or(
        "the flag `v`, modifiers such as (?i:…), halves of characters and escapes in names of groups have no \
         counterpart in Rust; write it without them",
    )?;
    Regex::new(&told.source).map_err(|error| format!("it has no counterpart in Rust: {error}"))
}

/// Adds them under every keyword.
pub(super) fn add<W: AsMut<World> + 'static>(
    definitions: &[Definition],
    mut collection: Collection<W>,
) -> Collection<W> {
    for Definition { location, regex } in definitions {
        let place = Some(*location);
        collection = collection
            .given(place, regex.clone(), hooks::step)
            .when(place, regex.clone(), hooks::step)
            .then(place, regex.clone(), hooks::step);
    }
    collection
}

fn location(place: &DefinitionPlace) -> Location {
    let (file, line, column) = place.parts();
    Location { path: leaked(file), line, column }
}

/// The crate wants a path that lives for ever: one for each step file of the process.
fn leaked(path: &str) -> &'static str {
    static PATHS: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
    let paths = paths.get_or_insert_default();
    match paths.get(path) {
        Some(known) => known,
        None => {
            let path: &'static str = Box::leak(path.into());
            paths.insert(path);
            path
        }
    }
}
