//! Merging partial configurations, by the rules of cucumber-js's `merge_configurations`.
//!
//! A later configuration wins over an earlier one, but lists of paths and names are appended, tag expressions are
//! and-ed, and objects are merged key by key. The rules for lists and tag expressions go by the key alone, at any
//! depth, as upstream has it.

use serde_json::{Map, Value};

/// Keys whose lists are appended.
const APPENDED: [&str; 7] =
    ["format", "import", "loader", "name", "paths", "require", "requireModule"];
/// Keys whose strings are and-ed.
const TAG_EXPRESSIONS: [&str; 2] = ["tags", "retryTagFilter"];

/// Merges `later` over `target`.
pub(crate) fn merge(target: &mut Map<String, Value>, later: Map<String, Value>) {
    merge_maps(target, later, true);
}

/// Merges plain data, without the rules for lists and tag expressions: what repeating a JSON option does.
pub(crate) fn merge_plain(target: &mut Map<String, Value>, later: Map<String, Value>) {
    merge_maps(target, later, false);
}

fn merge_maps(target: &mut Map<String, Value>, later: Map<String, Value>, by_key: bool) {
    for (key, value) in later {
        if key == "__proto__" {
            continue;
        }
        let slot = target.entry(key.as_str()).or_insert(Value::Null);
        if by_key && truthy(slot) && truthy(&value) {
            if APPENDED.contains(&key.as_str()) {
                append(slot, value);
                continue;
            }
            if TAG_EXPRESSIONS.contains(&key.as_str())
                && let (Value::String(earlier), Value::String(later)) = (&*slot, &value)
            {
                *slot = Value::String(format!(
                    "{} and {}",
                    parenthesised(earlier),
                    parenthesised(later)
                ));
                continue;
            }
        }
        merge_value(slot, value, by_key);
    }
}

/// Objects merge key by key, other lists item by item, anything else is replaced.
fn merge_value(slot: &mut Value, later: Value, by_key: bool) {
    match (&mut *slot, later) {
        (Value::Object(target), Value::Object(later)) => merge_maps(target, later, by_key),
        (Value::Array(target), Value::Array(later)) => {
            for (index, value) in later.into_iter().enumerate() {
                match target.get_mut(index) {
                    Some(item) => merge_value(item, value, by_key),
                    None => target.push(value),
                }
            }
        }
        (_, later) => *slot = later,
    }
}

fn append(slot: &mut Value, later: Value) {
    let mut items = match slot.take() {
        Value::Array(items) => items,
        single => vec![single],
    };
    match later {
        Value::Array(more) => items.extend(more),
        single => items.push(single),
    }
    *slot = Value::Array(items);
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Wraps an expression unless it stands in parentheses already. cucumber-js looks at the first and last character
/// only, which changes the meaning of `(@a) or (@b)`: an `or` outside of all parentheses is wrapped here.
fn parenthesised(expression: &str) -> String {
    let mut depth = 0_i32;
    let mut loose_or = false;
    for word in expression.replace('(', " ( ").replace(')', " ) ").split_whitespace() {
        match word {
            "(" => depth += 1,
            ")" => depth -= 1,
            "or" if depth == 0 => loose_or = true,
            _ => {}
        }
    }
    if expression.starts_with('(') && expression.ends_with(')') && !loose_or {
        expression.to_owned()
    } else {
        format!("({expression})")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn merged(earlier: Value, later: Value) -> Value {
        let (Value::Object(mut target), Value::Object(later)) = (earlier, later) else {
            panic!("objects")
        };
        merge(&mut target, later);
        Value::Object(target)
    }

    #[test]
    fn appends_lists_of_paths() {
        assert_eq!(
            merged(json!({"paths": ["a"], "format": ["x"]}), json!({"paths": ["b"]})),
            json!({"paths": ["a", "b"], "format": ["x"]})
        );
    }

    #[test]
    fn merges_other_lists_item_by_item() {
        assert_eq!(
            merged(
                json!({"worldParameters": {"l": [1, 2, 3]}}),
                json!({"worldParameters": {"l": [9]}})
            ),
            json!({"worldParameters": {"l": [9, 2, 3]}})
        );
    }

    #[test]
    fn ands_tag_expressions() {
        assert_eq!(
            merged(json!({"tags": "@a"}), json!({"tags": "(@b)"})),
            json!({"tags": "(@a) and (@b)"})
        );
        assert_eq!(merged(json!({"tags": ""}), json!({"tags": "@b"})), json!({"tags": "@b"}));
    }

    #[test]
    fn keeps_the_meaning_of_an_or_between_parentheses() {
        assert_eq!(
            merged(json!({"tags": "(@a) or (@b)"}), json!({"tags": "@c"})),
            json!({"tags": "((@a) or (@b)) and (@c)"})
        );
    }

    #[test]
    fn merges_objects_and_replaces_the_rest() {
        assert_eq!(
            merged(
                json!({"worldParameters": {"a": {"b": 1}, "c": 1}, "retry": 1}),
                json!({"worldParameters": {"a": {"d": 2}, "c": null}, "retry": 2})
            ),
            json!({"worldParameters": {"a": {"b": 1, "d": 2}, "c": null}, "retry": 2})
        );
    }
}
