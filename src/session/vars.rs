//! Variables of a session.

use serde_json::{Map, Value};

/// String keys with JSON values, in the order in which the keys came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vars(Map<String, Value>);

impl Vars {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    /// Sets a key; one that was there keeps its place.
    pub fn set(&mut self, key: impl Into<String>, value: Value) {
        self.0.insert(key.into(), value);
    }

    /// Whether the key is set, to null included.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Removes a key. False: it was not there.
    pub fn delete(&mut self, key: &str) -> bool {
        self.0.shift_remove(key).is_some()
    }

    /// The keys in the order in which they came.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Removes every key.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keeps_the_order_in_which_keys_came() {
        let mut vars = Vars::default();
        for key in ["b", "a", "c"] {
            vars.set(key, json!(key));
        }
        vars.set("b", json!([1]));
        assert!(vars.delete("a"));
        assert!(!vars.delete("a"));
        vars.set("a", Value::Null);
        assert_eq!(vars.keys().collect::<Vec<_>>(), ["b", "c", "a"]);
        assert_eq!(vars.get("b"), Some(&json!([1])));
        assert!(vars.has("a"));
        vars.clear();
        assert!(!vars.has("a"));
    }
}
