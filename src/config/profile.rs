//! One profile of a file, whatever shape it was written in, as checked keys and values.

use serde_json::{Map, Value};

use super::document::Document;
use super::error::ConfigError;
use super::flags::Flags;
use super::parse::Stop;
use super::{argv, keys, schema};

/// The keys of the profile `name` that mean nothing. In quickcuke.toml these are mistakes; cucumber-js passes over
/// them.
pub(crate) fn unknown_keys(document: &Document, name: &str) -> Vec<ConfigError> {
    match document.values.get(name) {
        Some(Value::Object(profile)) => schema::unknown_keys(profile, name, &document.places),
        _ => Vec::new(),
    }
}

/// Reads the profile `name` of a file that has it, without unknown keys: a table of options, or arguments as a string
/// or a list. Null and other empty values are an empty profile.
pub(crate) fn read(
    document: &Document,
    name: &str,
    languages: &[&str],
) -> Result<Map<String, Value>, ConfigError> {
    let source_name = format!("Profile \"{name}\"");
    let arguments = match document.values.get(name) {
        None | Some(Value::Null | Value::Bool(false)) => return Ok(Map::new()),
        Some(Value::Object(profile)) => {
            schema::check_profile(profile, &source_name, name, &document.places, languages)?;
            let mut profile = profile.clone();
            profile.retain(|key, _| keys::find(key).is_some());
            return Ok(profile);
        }
        Some(Value::String(text)) => argv::split(text),
        Some(Value::Array(items)) => {
            let texts: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            texts.ok_or_else(|| ConfigError::NotAProfile {
                place: document.places.of(&[name]),
                source_name: source_name.clone(),
            })?
        }
        Some(_) => {
            return Err(ConfigError::NotAProfile {
                place: document.places.of(&[name]),
                source_name,
            });
        }
    };
    from_arguments(arguments, languages).map_err(|source| ConfigError::InProfile {
        place: document.places.of(&[name]),
        profile: source_name,
        source: Box::new(source),
    })
}

fn from_arguments(
    arguments: Vec<String>,
    languages: &[&str],
) -> Result<Map<String, Value>, ConfigError> {
    let flags = Flags::parse_arguments(arguments).map_err(|stop| match stop {
        Stop::Mistake(error) => error,
        Stop::Print(_) => ConfigError::NotInProfile { option: "--help", home: "" },
    })?;
    if let Some((option, home)) = flags.outside_profiles() {
        return Err(ConfigError::NotInProfile { option, home });
    }
    let profile = flags.to_profile()?;
    schema::check_options(&profile, languages)?;
    Ok(profile)
}
