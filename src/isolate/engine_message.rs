//! What the engine complains of, in the words of V8, which name the expression.
//!
//! Authors, their tests and their tools know V8's messages; QuickJS's name nothing. Where the words need a value that
//! nobody has any more, the expression is in its place.

use super::modules::{Called, Culprit, Fault};

/// An error of the engine's own, as it is thrown.
#[derive(Debug, Clone, Copy)]
pub(super) struct EngineError<'a> {
    pub(super) message: &'a str,
    /// The function in which it was thrown: a name that may be empty, and whether it is native.
    pub(super) function: &'a str,
    pub(super) is_native: bool,
}

/// V8's message, or `None` if this one is not known. `culprit` reads off the author's text what is at fault.
pub(super) fn in_words_of_v8(
    error: EngineError<'_>,
    culprit: impl Fn(Fault<'_>) -> Option<Culprit>,
) -> Option<String> {
    plain(error.message)
        .map(str::to_owned)
        .or_else(|| of_property(error.message, &culprit))
        .or_else(|| of_expression(error, &culprit))
}

/// Where V8 says that an error with a message of its own was thrown: at the property, or at the `=`.
pub(super) fn place_of(message: &str) -> Option<Called<'_>> {
    let quoted = |text: &'static str| message.split_once(text)?.1.strip_suffix("')");
    if message.starts_with("Cannot read properties of ") {
        return quoted(" (reading '").map(Called::Read);
    }
    let assigned = message == "Assignment to constant variable."
        || message.starts_with("Cannot set properties of ")
        || message.starts_with("Cannot assign to read only property ");
    assigned.then_some(Called::Assigned)
}

/// Messages that say the same in other words.
fn plain(message: &str) -> Option<&'static str> {
    Some(match message {
        "this is not initialized" => {
            "Must call super constructor in derived class before accessing 'this' or returning from derived constructor"
        }
        "invalid 'instanceof' right operand" => "Right-hand side of 'instanceof' is not callable",
        "empty array" => "Reduce of empty array with no initial value",
        "cannot convert symbol to string" => "Cannot convert a Symbol value to a string",
        "cannot convert symbol to number" => "Cannot convert a Symbol value to a number",
        "bigint argument with unary +" => "Cannot convert a BigInt value to a number",
        "BigInt are forbidden in JSON.stringify" => "Do not know how to serialize a BigInt",
        "circular reference" => "Converting circular structure to JSON",
        "invalid array length" => "Invalid array length",
        "expecting hex digit" => "URI malformed",
        "Date value is NaN" => "Invalid time value",
        "toPrimitive" => "Cannot convert object to primitive value",
        "promise self resolution" => "Chaining cycle detected for promise #<Promise>",
        "iterator must return an object" => "Result of the Symbol.iterator method is not an object",
        "invalid value used as WeakMap key" => "Invalid value used as weak map key",
        "invalid value used as WeakSet key" => "Invalid value used in weak set",
        "cannot invoke a running generator" => "Generator is already running",
        _ => return None,
    })
}

/// Messages with the name of a property or a variable.
fn of_property(message: &str, culprit: &impl Fn(Fault<'_>) -> Option<Culprit>) -> Option<String> {
    if let Some((property, of)) = between(message, "cannot read property '", "' of ") {
        let iterated = |how: &str| match culprit(Fault::Iterated) {
            Some(Culprit::Value(value) | Culprit::Spread(value)) => format!("{value} is not {how}"),
            _ => format!("{of} is not {how} (cannot read property Symbol({property}))"),
        };
        return Some(match property {
            "Symbol.iterator" => iterated("iterable"),
            "Symbol.asyncIterator" => iterated("async iterable"),
            _ => format!("Cannot read properties of {of} (reading '{property}')"),
        });
    }
    if let Some((property, of)) = between(message, "cannot set property '", "' of ") {
        return Some(format!("Cannot set properties of {of} (setting '{property}')"));
    }
    if let Some((property, "")) = between(message, "private class field '", "' does not exist") {
        return Some(match culprit(Fault::Written) {
            Some(Culprit::Property { .. }) => format!(
                "Cannot write private member {property} to an object whose class did not declare it"
            ),
            _ => format!(
                "Cannot read private member {property} from an object whose class did not declare it"
            ),
        });
    }
    if let Some(variable) = message.strip_suffix(" is not initialized") {
        return Some(format!("Cannot access '{variable}' before initialization"));
    }
    let (name, _) = between(message, "'", "' is read-only")?;
    Some(match culprit(Fault::Written) {
        Some(Culprit::Variable) => "Assignment to constant variable.".to_owned(),
        Some(Culprit::Property { object, .. }) => {
            format!("Cannot assign to read only property '{name}' of object '{object}'")
        }
        _ => format!("Cannot assign to read only property '{name}' of object"),
    })
}

/// Messages that name nothing.
fn of_expression(
    error: EngineError<'_>,
    culprit: &impl Fn(Fault<'_>) -> Option<Culprit>,
) -> Option<String> {
    let EngineError { function, is_native, .. } = error;
    let message = error.message.strip_prefix(function).unwrap_or(error.message).trim_start();
    match (message, is_native) {
        ("not a function", true) => match (function, culprit(Fault::Argument(function))?) {
            ("Promise", Culprit::Value(value)) => {
                Some(format!("Promise resolver {value} is not a function"))
            }
            (_, Culprit::Value(value)) => Some(format!("{value} is not a function")),
            _ => None,
        },
        ("value is not iterable", true) => match culprit(Fault::Argument(function))? {
            Culprit::Value(value) => Some(format!("{value} is not iterable")),
            _ => None,
        },
        ("must be called with new", true) if function == "Promise" => {
            Some("Promise constructor cannot be invoked without 'new'".to_owned())
        }
        ("must be called with new", true) => Some(format!("Constructor {function} requires 'new'")),
        ("cannot convert BigInt to number", true) => {
            Some("Cannot convert a BigInt value to a number".to_owned())
        }
        ("cannot convert BigInt to number", false) => {
            Some("Cannot mix BigInt and other types, use explicit conversions".to_owned())
        }
        ("regexp must have the 'g' flag", true) => {
            Some(format!("String.prototype.{function} called with a non-global RegExp argument"))
        }
        ("regexp not supported", true) => Some(format!(
            "First argument to String.prototype.{function} must not be a regular expression"
        )),
        (_, true) => None,
        ("not a function", false) => match culprit(Fault::Called)? {
            Culprit::Constructed(value) => Some(format!("{value} is not a constructor")),
            Culprit::Value(value) => Some(format!("{value} is not a function")),
            _ => None,
        },
        (text, false) if text.ends_with("not a constructor") => match culprit(Fault::Called)? {
            Culprit::Constructed(value) => Some(format!("{value} is not a constructor")),
            _ => None,
        },
        ("value is not iterable", false) => match culprit(Fault::Iterated)? {
            Culprit::Value(value) => Some(format!("{value} is not iterable")),
            Culprit::Spread(_) => Some(
                "Spread syntax requires ...iterable[Symbol.iterator] to be a function".to_owned(),
            ),
            _ => None,
        },
        ("Cannot convert undefined or null to object", false) => {
            let Culprit::Destructured { property, value } = culprit(Fault::Destructured)? else {
                return None;
            };
            let is = match value.as_deref() {
                Some("null") => "null",
                None | Some("undefined" | "(void 0)") => "undefined",
                Some(_) => "undefined or null",
            };
            let value = value.unwrap_or_else(|| "undefined".to_owned());
            let property =
                property.map(|name| format!("property '{name}' of ")).unwrap_or_default();
            Some(format!("Cannot destructure {property}'{value}' as it is {is}."))
        }
        ("object is not extensible", false) => match culprit(Fault::Written)? {
            Culprit::Property { key, .. } => {
                Some(format!("Cannot add property {key}, object is not extensible"))
            }
            _ => None,
        },
        ("no setter for property", false) => match culprit(Fault::Written)? {
            Culprit::Property { key, object } => {
                Some(format!("Cannot set property {key} of {object} which has only a getter"))
            }
            _ => None,
        },
        ("could not delete property", false) => match culprit(Fault::Deleted)? {
            Culprit::Property { key, object } => {
                Some(format!("Cannot delete property '{key}' of {object}"))
            }
            _ => None,
        },
        ("invalid 'in' operand", false) => match culprit(Fault::SearchedIn)? {
            Culprit::Property { key, object } => {
                Some(format!("Cannot use 'in' operator to search for '{key}' in {object}"))
            }
            _ => None,
        },
        ("parent class must be constructor", false) => match culprit(Fault::Extended)? {
            Culprit::Value(value) => {
                Some(format!("Class extends value {value} is not a constructor or null"))
            }
            _ => None,
        },
        ("invalid brand on object" | "expecting <brand> private field", false) => {
            match culprit(Fault::Class)? {
                Culprit::Value(name) => {
                    Some(format!("Receiver must be an instance of class {name}"))
                }
                _ => None,
            }
        }
        ("class constructors must be invoked with 'new'", false) => {
            Some(format!("Class constructor {function} cannot be invoked without 'new'"))
        }
        _ => None,
    }
}

/// `before X middle Y` as (X, Y).
fn between<'a>(message: &'a str, before: &str, middle: &str) -> Option<(&'a str, &'a str)> {
    message.strip_prefix(before)?.rsplit_once(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str, found: Option<Culprit>) -> Option<String> {
        let error = EngineError { message: text, function: "f", is_native: false };
        in_words_of_v8(error, |_| found.clone())
    }

    #[test]
    fn messages_are_those_of_v8() {
        let value = || Some(Culprit::Value("a.b".to_owned()));
        let property = || Some(Culprit::Property { object: "o".to_owned(), key: "k".to_owned() });
        for (text, found, expected) in [
            ("not a function", value(), "a.b is not a function"),
            (
                "not a function",
                Some(Culprit::Constructed("B".to_owned())),
                "B is not a constructor",
            ),
            ("value is not iterable", value(), "a.b is not iterable"),
            (
                "cannot read property 'it's' of null",
                None,
                "Cannot read properties of null (reading 'it's')",
            ),
            ("cannot read property 'Symbol.iterator' of undefined", value(), "a.b is not iterable"),
            (
                "cannot set property 'x' of undefined",
                None,
                "Cannot set properties of undefined (setting 'x')",
            ),
            ("q is not initialized", None, "Cannot access 'q' before initialization"),
            ("'x' is read-only", Some(Culprit::Variable), "Assignment to constant variable."),
            (
                "'x' is read-only",
                property(),
                "Cannot assign to read only property 'x' of object 'o'",
            ),
            ("could not delete property", property(), "Cannot delete property 'k' of o"),
            (
                "class constructors must be invoked with 'new'",
                None,
                "Class constructor f cannot be invoked without 'new'",
            ),
        ] {
            assert_eq!(message(text, found).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(message("not a function", None), None);
        assert_eq!(message("something of the author's", value()), None);
    }
}
