//! The text of a configuration file as JSON values, with the place of every key.

use std::path::Path;

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use super::error::ConfigError;
use super::place::{Lines, Place, Places};

/// A configuration file that was read.
pub(crate) struct Document {
    /// The file as messages name it.
    pub(crate) file: String,
    pub(crate) values: Map<String, Value>,
    pub(crate) places: Places,
}

impl Document {
    /// Reads JSON.
    pub(crate) fn json(file: &str, text: &str) -> Result<Document, ConfigError> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            // serde_json ends its message with the position, which stands at the front of ours.
            let message = error.to_string();
            let reason =
                message.rsplit_once(" at line ").map_or(message.as_str(), |(reason, _)| reason);
            syntax(file, (error.line(), error.column()), reason)
        })?;
        // JSON is YAML, so the YAML parser tells where its keys stand; without them the file alone is named.
        let mut places = Places::of_file(file);
        if yaml_depth(text).is_ok()
            && let Ok(nodes) = MarkedYaml::load_from_str(text)
            && let Some(root) = nodes.first()
        {
            yaml_value(root, &mut Vec::new(), &mut places);
        }
        Document::of(file, value, places)
    }

    /// Reads YAML 1.2; of several documents in one file the first.
    pub(crate) fn yaml(file: &str, text: &str) -> Result<Document, ConfigError> {
        yaml_depth(text).map_err(|line| {
            let reason = format!("more than {MOST_YAML_LEVELS} levels inside each other");
            syntax(file, (line, 1), &reason)
        })?;
        let nodes = MarkedYaml::load_from_str(text).map_err(|error| {
            syntax(file, (error.marker().line(), error.marker().col() + 1), error.info())
        })?;
        let mut places = Places::of_file(file);
        let value = nodes
            .first()
            .map_or(Value::Null, |root| yaml_value(root, &mut Vec::new(), &mut places));
        Document::of(file, value, places)
    }

    /// Reads TOML.
    pub(crate) fn toml(file: &str, text: &str) -> Result<Document, ConfigError> {
        let lines = Lines::of(text);
        let table = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            syntax(file, lines.position(text, start), error.message())
        })?;
        let mut places = Places::of_file(file);
        let mut note =
            |path: &[String], offset: usize| places.note(path, lines.position(text, offset));
        let values = toml_table(table.get_ref(), &mut Vec::new(), &mut note);
        Ok(Document { file: file.to_owned(), values, places })
    }

    /// Takes what a script exported.
    pub(crate) fn exports(file: &str, exports: Value) -> Result<Document, ConfigError> {
        Document::of(file, exports, Places::of_file(file))
    }

    fn of(file: &str, value: Value, places: Places) -> Result<Document, ConfigError> {
        match value {
            Value::Object(values) => Ok(Document { file: file.to_owned(), values, places }),
            _ => Err(ConfigError::NotProfiles { file: file.to_owned() }),
        }
    }
}

/// The name of `path` in messages: relative to `cwd` where it lies inside.
pub(crate) fn display_name(cwd: &Path, path: &Path) -> String {
    path.strip_prefix(cwd).unwrap_or(path).display().to_string()
}

fn syntax(file: &str, position: (usize, usize), reason: &str) -> ConfigError {
    ConfigError::Syntax {
        place: Place { file: file.to_owned(), position: Some(position) },
        reason: reason.trim_end().replace('\n', "; "),
    }
}

/// Blocks of YAML inside each other: the parser has a limit for brackets only, and the stack has one for all.
const MOST_YAML_LEVELS: usize = 100;

/// Whether blocks nest no deeper than may be; else the line that does.
fn yaml_depth(text: &str) -> Result<(), usize> {
    let mut open: Vec<usize> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        while open.last().is_some_and(|outer| *outer >= indent) {
            open.pop();
        }
        open.push(indent);
        // `- - - a` opens a block with each of its signs.
        let signs =
            content.split_ascii_whitespace().take_while(|word| matches!(*word, "-" | "?" | ":"));
        if open.len() + signs.count() > MOST_YAML_LEVELS {
            return Err(index + 1);
        }
    }
    Ok(())
}

fn yaml_value(node: &MarkedYaml<'_>, path: &mut Vec<String>, places: &mut Places) -> Value {
    match &node.data {
        YamlData::Value(scalar) => yaml_scalar(scalar),
        YamlData::Sequence(items) => {
            let mut values = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                note_yaml(item, path, places);
                values.push(yaml_value(item, path, places));
                path.pop();
            }
            Value::Array(values)
        }
        YamlData::Mapping(entries) => {
            let mut values = Map::new();
            for (key, item) in entries {
                path.push(yaml_key(key));
                note_yaml(key, path, places);
                let value = yaml_value(item, path, places);
                if let Some(name) = path.pop() {
                    values.insert(name, value);
                }
            }
            Value::Object(values)
        }
        YamlData::Tagged(_, inner) => yaml_value(inner, path, places),
        YamlData::Representation(text, ..) => Value::String(text.to_string()),
        YamlData::Alias(_) | YamlData::BadValue => Value::Null,
    }
}

fn note_yaml(node: &MarkedYaml<'_>, path: &[String], places: &mut Places) {
    places.note(path, (node.span.start.line(), node.span.start.col() + 1));
}

fn yaml_scalar(scalar: &Scalar<'_>) -> Value {
    match scalar {
        Scalar::Null => Value::Null,
        Scalar::Boolean(flag) => Value::Bool(*flag),
        Scalar::Integer(number) => Value::from(*number),
        Scalar::FloatingPoint(number) => Value::from(number.into_inner()),
        Scalar::String(text) => Value::String(text.to_string()),
    }
}

fn yaml_key(key: &MarkedYaml<'_>) -> String {
    match &key.data {
        YamlData::Value(scalar) => match yaml_scalar(scalar) {
            Value::String(text) => text,
            // As the package `yaml` of cucumber-js has it.
            Value::Null => String::new(),
            other => other.to_string(),
        },
        _ => String::new(),
    }
}

fn toml_table(
    table: &DeTable<'_>,
    path: &mut Vec<String>,
    note: &mut dyn FnMut(&[String], usize),
) -> Map<String, Value> {
    let mut values = Map::new();
    // The parser keeps keys sorted; the order of the file is the one that people read.
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, item) in entries {
        let name = key.get_ref().to_string();
        path.push(name.clone());
        note(path, key.span().start);
        values.insert(name, toml_value(item.get_ref(), path, note));
        path.pop();
    }
    values
}

fn toml_value(
    value: &DeValue<'_>,
    path: &mut Vec<String>,
    note: &mut dyn FnMut(&[String], usize),
) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            i64::from_str_radix(&digits, number.radix())
                .map_or_else(|_| Value::String(digits), Value::from)
        }
        DeValue::Float(number) => {
            number.as_str().replace('_', "").parse::<f64>().map_or(Value::Null, Value::from)
        }
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Array(items) => {
            let mut values = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                note(path, item.span().start);
                values.push(toml_value(item.get_ref(), path, note));
                path.pop();
            }
            Value::Array(values)
        }
        DeValue::Table(table) => Value::Object(toml_table(table, path, note)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_keys_have_places() {
        let document =
            Document::json("c.json", "{\n\t\"default\": {\n\t\t\"tags\": \"@a\"\n\t}\n}").unwrap();
        assert_eq!(Value::Object(document.values), json!({"default": {"tags": "@a"}}));
        assert_eq!(document.places.of(&["default", "tags"]).to_string(), "c.json:3:3");
    }

    #[test]
    fn broken_json_names_the_position() {
        let error = Document::json("c.json", "{\n  \"a\": }").err().unwrap();
        assert_eq!(error.to_string(), "c.json:2:8: expected value");
    }

    #[test]
    fn yaml_values_and_places() {
        let text =
            "default: &base\n  retry: 2\n  paths: [a, 'b']\n  tags: yes\n  ~: 1\nci: *base\n";
        let document = Document::yaml("c.yml", text).unwrap();
        let profile = json!({"retry": 2, "paths": ["a", "b"], "tags": "yes", "": 1});
        assert_eq!(Value::Object(document.values), json!({"default": profile, "ci": profile}));
        assert_eq!(document.places.of(&["default", "paths", "1"]).to_string(), "c.yml:3:14");
    }

    #[test]
    fn toml_values_and_places() {
        let text = "[default]\nretry = 1_0\ntags = \"@a\"\n\n[commands]\nup = { run = \"x\", timeot = 1.5 }\n";
        let document = Document::toml("q.toml", text).unwrap();
        assert_eq!(
            Value::Object(document.values),
            json!({"default": {"retry": 10, "tags": "@a"}, "commands": {"up": {"run": "x", "timeot": 1.5}}})
        );
        assert_eq!(document.places.of(&["commands", "up", "timeot"]).to_string(), "q.toml:6:19");
    }

    #[test]
    fn broken_toml_names_the_position() {
        let error = Document::toml("q.toml", "[default]\nretry = \n").err().unwrap();
        assert!(error.to_string().starts_with("q.toml:2:9: "), "{error}");
    }

    #[test]
    fn a_list_is_no_configuration() {
        assert_eq!(
            Document::json("c.json", "[]").err(),
            Some(ConfigError::NotProfiles { file: "c.json".to_owned() })
        );
    }
}
