//! Checks one profile, or the command line, against the table of keys. The wording is cucumber-js's where it has one.

use serde_json::{Map, Value};

use super::error::ConfigError;
use super::format::split_descriptor;
use super::keys::{self, Kind};
use super::nearest::{did_you_mean, known_names, nearest};
use super::order::{Order, Shard};
use super::place::Places;
use super::workers::{self, WORKERS};

/// The keys of a profile that mean nothing, each with its place and the nearest key that does.
pub(crate) fn unknown_keys(
    profile: &Map<String, Value>,
    name: &str,
    places: &Places,
) -> Vec<ConfigError> {
    let unknown = profile.keys().filter(|key| keys::find(key).is_none());
    let error = |key: &String| ConfigError::UnknownKey {
        place: places.of(&[name, key]),
        key: key.clone(),
        table: format!("profile \"{name}\""),
        hint: known_names(key, keys::names()),
    };
    unknown.map(error).collect()
}

/// Checks the values of a profile. [`unknown_keys`] checks its keys.
pub(crate) fn check_profile(
    profile: &Map<String, Value>,
    source_name: &str,
    name: &str,
    places: &Places,
    languages: &[&str],
) -> Result<(), ConfigError> {
    let mut reasons = Vec::new();
    let mut first = None;
    for key in &keys::KEYS {
        let Some(value) = profile.get(key.name) else { continue };
        check(value, key.kind, key.name, languages, &mut reasons);
        if first.is_none() && !reasons.is_empty() {
            first = Some(key.name);
        }
    }
    match first {
        Some(key) => Err(ConfigError::Schema {
            place: places.of(&[name, key]),
            source_name: source_name.to_owned(),
            reasons,
        }),
        None => Ok(()),
    }
}

/// Checks what the command line gave. Its keys are known and its types right, so what is left are values.
pub(crate) fn check_options(
    values: &Map<String, Value>,
    languages: &[&str],
) -> Result<(), ConfigError> {
    let mut reasons = Vec::new();
    for key in &keys::KEYS {
        if let Some(value) = values.get(key.name) {
            check(value, key.kind, &option_name(key.name), languages, &mut reasons);
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(ConfigError::Options { reasons }) }
}

/// `dryRun` as `--dry-run`.
fn option_name(key: &str) -> String {
    let mut name = "--".to_owned();
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

fn check(value: &Value, kind: Kind, name: &str, languages: &[&str], reasons: &mut Vec<String>) {
    if value.is_null() {
        reasons.push(format!("{name} cannot be null"));
        return;
    }
    match kind {
        Kind::Flag => expect(value, value.is_boolean(), "boolean", name, reasons),
        Kind::Text => expect(value, value.is_string(), "string", name, reasons),
        Kind::Texts | Kind::Names | Kind::Formats => {
            let Value::Array(items) = value else {
                return expect(value, false, "array", name, reasons);
            };
            for (index, item) in items.iter().enumerate() {
                check_item(item, kind, &format!("{name}[{index}]"), languages, reasons);
            }
        }
        Kind::Count | Kind::Workers => match value.as_f64() {
            None if kind == Kind::Workers && value.is_string() => {
                if value.as_str().and_then(workers::parse).is_none() {
                    reasons.push(format!("{name} must be {WORKERS}, but was {value}"));
                }
            }
            None => expect(value, false, "number", name, reasons),
            Some(number) if number.fract() != 0.0 => {
                reasons.push(format!("{name} must be an integer"))
            }
            Some(number) if number < 0.0 => {
                reasons.push(format!("{name} must be greater than or equal to 0"))
            }
            Some(_) => {}
        },
        Kind::Object(members) => {
            let Value::Object(object) = value else {
                return expect(value, false, "object", name, reasons);
            };
            for (member, kind) in members {
                if let Some(value) = object.get(*member) {
                    check(value, *kind, &format!("{name}.{member}"), languages, reasons);
                }
            }
        }
        Kind::Language | Kind::Order | Kind::Shard => match value {
            Value::String(text) => check_text(text, kind, name, languages, reasons),
            _ => expect(value, false, "string", name, reasons),
        },
        Kind::Cache => {
            if !(value.is_string() || *value == Value::Bool(false)) {
                reasons.push(format!(
                    "{name} must be a directory or false, but the final value was: `{value}`."
                ));
            }
        }
    }
}

fn check_item(item: &Value, kind: Kind, name: &str, languages: &[&str], reasons: &mut Vec<String>) {
    match (kind, item) {
        (Kind::Names, Value::String(text)) if text.trim().is_empty() => {
            reasons.push(format!("{name} is a required field"));
        }
        (Kind::Formats, Value::String(text)) if split_descriptor(text).is_none() => {
            reasons.push(format!(
                "Could not parse \"{text}\"; wrap each part in double quotes if it contains a colon"
            ));
        }
        (Kind::Formats, Value::Array(parts)) => match parts.len() {
            0 => reasons.push(format!("{name} field must have at least 1 items")),
            1 | 2 => {
                for (index, part) in parts.iter().enumerate() {
                    check(part, Kind::Text, &format!("{name}[{index}]"), languages, reasons);
                }
            }
            _ => reasons.push(format!("{name} field must have less than or equal to 2 items")),
        },
        _ => check(item, Kind::Text, name, languages, reasons),
    }
}

fn check_text(text: &str, kind: Kind, name: &str, languages: &[&str], reasons: &mut Vec<String>) {
    match kind {
        Kind::Language if !languages.is_empty() && !languages.contains(&text) => reasons.push(format!(
            "{name} must be one of the languages that `--i18n-languages` lists, but was `{text}`{}",
            did_you_mean(nearest(text, languages.iter().copied()))
        )),
        Kind::Order if Order::parse(text).is_none() => reasons.push(format!(
            "{name} must be `defined`, `reverse`, `random` or `random:SEED`, but was `{text}`{}",
            did_you_mean(nearest(text, ["defined", "reverse", "random"]))
        )),
        // Empty is what cucumber-js has for no shard.
        Kind::Shard if !text.is_empty() && Shard::parse(text).is_none() => reasons.push(format!(
            "the shard option must be in the format <index>/<total> (e.g. 1/3), with an index from 1 to the total, \
             but {name} was `{text}`"
        )),
        _ => {}
    }
}

fn expect(value: &Value, holds: bool, kind: &str, name: &str, reasons: &mut Vec<String>) {
    if !holds {
        reasons
            .push(format!("{name} must be a `{kind}` type, but the final value was: `{value}`."));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(profile: Value) -> String {
        let Value::Object(profile) = profile else { panic!("an object") };
        let checked = check_profile(
            &profile,
            "Profile \"default\"",
            "default",
            &Places::of_file("c.json"),
            &["en", "en-au"],
        );
        checked.map_or_else(|error| error.to_string(), |()| "ok".to_owned())
    }

    #[test]
    fn accepts_what_cucumber_js_accepts() {
        assert_eq!(
            message(
                json!({"format": ["a", ["b", "c:d"]], "formatOptions": {"foo": 1}, "parallel": 2, "order": "random",
                "language": "en", "worldParameters": {"a": [1]}, "strict": false, "cache": false})
            ),
            "ok"
        );
    }

    #[test]
    fn wrong_types_read_as_in_cucumber_js() {
        let prefix = "c.json: Profile \"default\" configuration value failed schema validation: ";
        for (profile, reason) in [
            (
                json!({"backtrace": "x"}),
                "backtrace must be a `boolean` type, but the final value was: `\"x\"`.",
            ),
            (
                json!({"format": [1]}),
                "format[0] must be a `string` type, but the final value was: `1`.",
            ),
            (json!({"format": [[]]}), "format[0] field must have at least 1 items"),
            (
                json!({"format": [["a", "b", "c"]]}),
                "format[0] field must have less than or equal to 2 items",
            ),
            (json!({"parallel": 1.5}), "parallel must be an integer"),
            (json!({"parallel": -1}), "parallel must be greater than or equal to 0"),
            (
                json!({"parallel": "half"}),
                "parallel must be a whole number, `auto` or a percentage such as `50%`, but was \"half\"",
            ),
            (json!({"tags": null}), "tags cannot be null"),
            (json!({"plugin": [""]}), "plugin[0] is a required field"),
            (
                json!({"strict": "no", "dryRun": 0}),
                "dryRun must be a `boolean` type, but the final value was: `0`. \
                 strict must be a `boolean` type, but the final value was: `\"no\"`.",
            ),
        ] {
            assert_eq!(message(profile), format!("{prefix}{reason}"));
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest() {
        let Value::Object(profile) = json!({"tags": "", "requireModules": []}) else {
            panic!("an object")
        };
        let unknown = unknown_keys(&profile, "default", &Places::of_file("c.json"));
        assert_eq!(
            unknown.iter().map(ToString::to_string).collect::<Vec<_>>(),
            [
                "c.json: unknown key `requireModules` in profile \"default\" (did you mean `requireModule`?)"
            ]
        );
    }

    #[test]
    fn options_are_named_as_on_the_command_line() {
        let Value::Object(values) = json!({"language": "en-ua", "order": "x"}) else {
            panic!("an object")
        };
        assert_eq!(
            check_options(&values, &["en", "en-au"]).unwrap_err().to_string(),
            "--language must be one of the languages that `--i18n-languages` lists, but was `en-ua` \
             (did you mean `en-au`?)\n--order must be `defined`, `reverse`, `random` or `random:SEED`, but was `x`"
        );
    }
}
