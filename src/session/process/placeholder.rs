//! Texts with `${name}` placeholders, and the values that fill them.

use serde_json::{Map, Value};

use super::shell;

/// How a value is written into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// As it is: an argument of its own, no shell reads it.
    None,
    /// For `sh` outside quotes.
    Bare,
    /// For `sh` between double quotes.
    Double,
    /// For `sh` between single quotes.
    Single,
}

/// A text parsed into its literal parts and its placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder(String, Quoting),
}

impl Template {
    /// A text that no shell reads: `${name}` anywhere is a placeholder.
    ///
    /// Errors: `${` that is not followed by a name and `}`.
    pub(super) fn plain(text: &str) -> Result<Self, String> {
        Self::parse(text, |_| Ok(Quoting::None))
    }

    /// A script for `sh -c`. Every place is one where quoting is sound; a place where it is not is an error.
    pub(super) fn script(text: &str) -> Result<Self, String> {
        let mut scanner = shell::Scanner::default();
        Self::parse(text, |literal| {
            scanner.read(literal);
            scanner.quoting()
        })
    }

    fn parse(
        text: &str,
        mut quoting: impl FnMut(&str) -> Result<Quoting, String>,
    ) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (literal, from) = rest.split_at(at);
            let (name, after) = from
                .strip_prefix("${")
                .and_then(|inner| inner.split_once('}'))
                .filter(|(name, _)| is_name(name))
                .ok_or_else(|| {
                    format!("\"${{\" in \"{text}\" does not begin a placeholder; write ${{name}}, or $NAME for a variable of the shell")
                })?;
            let quoting = quoting(literal).map_err(|problem| format!("${{{name}}} {problem}"))?;
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(Part::Placeholder(name.to_owned(), quoting));
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The names of the placeholders, in order, with repetitions.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(name, _) => Some(name.as_str()),
            Part::Literal(_) => None,
        })
    }

    /// Whether there is no placeholder.
    pub(super) fn is_literal(&self) -> bool {
        self.names().next().is_none()
    }

    /// Whether this text is the template with some values in place, those in `values` among them; adds the others.
    ///
    /// A value for the shell must be quoted as [`Template::fill`] quotes it, or need no quotes. A text that could be read
    /// in very many ways may not be recognised.
    pub(super) fn matches(&self, text: &str, values: &mut Map<String, Value>) -> bool {
        let mut found = values.clone();
        let mut attempts = MOST_ATTEMPTS;
        let is_match = read_values(&self.parts, text, &mut found, &mut attempts);
        if is_match {
            *values = found;
        }
        is_match
    }

    /// The text with the values in place. Errors: a value is missing, or no scalar, or holds a NUL.
    pub(super) fn fill(&self, values: &Map<String, Value>) -> Result<String, String> {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Placeholder(name, quoting) => {
                    text.push_str(&shell::quote(&scalar(name, values.get(name))?, *quoting));
                }
            }
        }
        Ok(text)
    }
}

/// Most readings of one text that are tried.
const MOST_ATTEMPTS: u32 = 10_000;

/// Reads a text as these parts; the shortest values are tried first.
fn read_values(
    parts: &[Part],
    text: &str,
    values: &mut Map<String, Value>,
    attempts: &mut u32,
) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Literal(literal), rest @ ..] => text
            .strip_prefix(literal.as_str())
            .is_some_and(|text| read_values(rest, text, values, attempts)),
        [Part::Placeholder(name, quoting), rest @ ..] => {
            // Only where what comes next may stand: at a literal part, at the end, or anywhere.
            let mut ends: &mut dyn Iterator<Item = usize> = match rest {
                [] => &mut std::iter::once(text.len()),
                [Part::Literal(literal), ..] => {
                    &mut text.match_indices(literal.as_str()).map(|(at, _)| at)
                }
                [Part::Placeholder(..), ..] => {
                    &mut text.char_indices().map(|(at, _)| at).chain([text.len()])
                }
            };
            Iterator::any(&mut ends, |end| {
                let Some(left) = attempts.checked_sub(1) else { return false };
                *attempts = left;
                let (value, after) = text.split_at(end);
                let Some(value) = shell::unquote(value, *quoting).map(Value::from) else {
                    return false;
                };
                match values.get(name) {
                    Some(known) => *known == value && read_values(rest, after, values, attempts),
                    None => {
                        values.insert(name.clone(), value);
                        let is_match = read_values(rest, after, values, attempts);
                        if !is_match {
                            values.shift_remove(name);
                        }
                        is_match
                    }
                }
            })
        }
    }
}

fn scalar(name: &str, value: Option<&Value>) -> Result<String, String> {
    let kind = match value {
        None => return Err(format!("${{{name}}} has no value; give it: {{ {name}: … }}")),
        Some(Value::String(text)) if text.contains('\0') => "a text with a NUL character",
        Some(Value::String(text)) => return Ok(text.clone()),
        Some(Value::Number(number)) => return Ok(number.to_string()),
        Some(Value::Bool(flag)) => return Ok(flag.to_string()),
        Some(Value::Null) => "null",
        Some(Value::Array(_)) => "an array",
        Some(Value::Object(_)) => "an object",
    };
    Err(format!("the value of ${{{name}}} is {kind}; it must be a string, a number or a boolean"))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fill(template: &Template, values: Value) -> Result<String, String> {
        template.fill(values.as_object().unwrap())
    }

    #[test]
    fn fills_scalars_in() {
        let template = Template::plain("-p ${port} ${host}${port}:${on}").unwrap();
        let values = json!({ "port": 80, "host": "a b'", "on": true });
        assert_eq!(fill(&template, values).unwrap(), "-p 80 a b'80:true");
        assert_eq!(template.names().collect::<Vec<_>>(), ["port", "host", "port", "on"]);
    }

    #[test]
    fn refuses_missing_and_composite_values() {
        let template = Template::plain("${a}").unwrap();
        assert!(fill(&template, json!({})).unwrap_err().contains("${a} has no value"));
        for (value, kind) in [
            (json!(null), "null"),
            (json!([1]), "an array"),
            (json!({}), "an object"),
            (json!("\0"), "NUL"),
        ] {
            assert!(fill(&template, json!({ "a": value })).unwrap_err().contains(kind));
        }
    }

    #[test]
    fn refuses_what_only_looks_like_a_placeholder() {
        for text in ["${", "${}", "${a", "${PORT:-80}", "${1}"] {
            assert!(Template::plain(text).unwrap_err().contains("placeholder"), "{text}");
        }
        assert_eq!(fill(&Template::plain("$a {b} $").unwrap(), json!({})).unwrap(), "$a {b} $");
    }

    #[test]
    fn quotes_for_the_place_in_a_script() {
        let template = Template::script("echo ${v} \"<${v}>\" '<${v}>' -x=${v}").unwrap();
        let text = fill(&template, json!({ "v": "a'b\"$(c)`d`\\" })).unwrap();
        assert_eq!(
            text,
            r#"echo 'a'\''b"$(c)`d`\' "<a'b\"\$(c)\`d\`\\>" '<a'\''b"$(c)`d`\>' -x='a'\''b"$(c)`d`\'"#
        );
    }
}
