//! The tables of `quickcuke.toml` that are no profiles: `[sandbox]`, `[commands]`, `[alias]`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::Document;
use super::error::ConfigError;
use super::nearest::nearest;
use super::place::{Place, Places};
use super::sandbox::Sandbox;
use super::{keys, profile};

const RESERVED: [&str; 3] = ["sandbox", "commands", "alias"];

/// `[commands]` as it stands in the file: what a command's keys mean is not known here.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Commands {
    /// Each command's name and declaration, in the order of the file.
    pub values: Map<String, Value>,
    places: Places,
}

impl Commands {
    /// Where a command, or one of its keys (`["run"]`, `["ready", "port"]`), stands in the file.
    pub fn place(&self, command: &str, path: &[&str]) -> Place {
        let path: Vec<&str> =
            ["commands", command].into_iter().chain(path.iter().copied()).collect();
        self.places.of(&path)
    }
}

/// What the reserved tables say.
pub(crate) struct Reserved {
    pub(crate) sandbox: Sandbox,
    pub(crate) commands: Commands,
    pub(crate) aliases: BTreeMap<String, String>,
}

/// Reads the reserved tables and takes them out of the document, so that profiles remain; these are all checked,
/// used or not, because a misspelt `[sandbox]` looks like one.
pub(crate) fn take_reserved(
    document: &mut Document,
    languages: &[&str],
) -> Result<Reserved, ConfigError> {
    let mut sandbox = Sandbox::default();
    sandbox.read_table(&table(document, "sandbox")?, &document.places)?;
    let commands =
        Commands { values: table(document, "commands")?, places: document.places.clone() };
    let mut aliases = BTreeMap::new();
    for (from, to) in table(document, "alias")? {
        let Value::String(to) = to else {
            return Err(ConfigError::Value {
                place: document.places.of(&["alias", &from]),
                key: format!("alias.{from}"),
                expected: format!("the name or path of a module, but was `{to}`"),
            });
        };
        aliases.insert(from, to);
    }
    for (name, value) in &document.values {
        if keys::find(name).is_some() && !value.is_object() {
            return Err(ConfigError::Value {
                place: document.places.of(&[name]),
                key: name.clone(),
                expected: "in a profile: write [default] above it".to_owned(),
            });
        }
        if let Some(unknown) = profile::unknown_keys(document, name).into_iter().next() {
            return Err(suggest_reserved(name, unknown));
        }
        profile::read(document, name, languages)?;
    }
    Ok(Reserved { sandbox, commands, aliases })
}

fn table(document: &mut Document, name: &str) -> Result<Map<String, Value>, ConfigError> {
    match document.values.shift_remove(name) {
        None => Ok(Map::new()),
        Some(Value::Object(table)) => Ok(table),
        Some(other) => Err(ConfigError::Value {
            place: document.places.of(&[name]),
            key: name.to_owned(),
            expected: format!("a table, but was `{other}`"),
        }),
    }
}

/// An unknown key in what looks like a reserved table is the table's mistake.
fn suggest_reserved(name: &str, error: ConfigError) -> ConfigError {
    match (error, nearest(name, RESERVED)) {
        (ConfigError::UnknownKey { place, key, table, .. }, Some(reserved)) => {
            ConfigError::UnknownKey {
                place,
                key,
                table,
                hint: format!("; did you mean the table [{reserved}]?"),
            }
        }
        (error, _) => error,
    }
}
