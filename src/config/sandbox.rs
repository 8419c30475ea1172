//! What JavaScript may reach: `[sandbox]` of quickcuke.toml and its options.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};

use super::error::ConfigError;
use super::flags::Flags;
use super::nearest::known_names;
use super::net_host::NetHost;
use super::place::Places;
use super::units::{DURATION, SIZE, parse_duration, parse_size};

/// The keys of `[sandbox]`.
const KEYS: [&str; 8] = ["env", "read", "write", "net", "trust", "memory", "timeout", "isolation"];

/// A permission: nothing, everything, or what is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Allow<T> {
    #[default]
    Nothing,
    Everything,
    Only(Vec<T>),
}

impl<T> Allow<T> {
    /// Allows what either allows.
    fn and(&mut self, more: Allow<T>) {
        match (&mut *self, more) {
            (Allow::Everything, _) | (_, Allow::Nothing) => {}
            (Allow::Only(items), Allow::Only(more)) => items.extend(more),
            (_, more) => *self = more,
        }
    }
}

/// What scenarios share with each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Isolation {
    /// Nothing; the attempts of one scenario share its VM.
    #[default]
    Scenario,
    /// Nothing, attempts included.
    Attempt,
    /// Module state lives as long as the worker, as in cucumber-js.
    Worker,
}

impl Isolation {
    const EXPECTED: &str = "`scenario`, `attempt` or `worker`";

    fn parse(text: &str) -> Option<Isolation> {
        match text {
            "scenario" => Some(Isolation::Scenario),
            "attempt" => Some(Isolation::Attempt),
            "worker" => Some(Isolation::Worker),
            _ => None,
        }
    }
}

/// Permissions and limits of the code that steps run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// Everything is allowed, whatever the permissions say.
    pub trust: bool,
    /// What is asked for and not granted is permitted for this run, and told at its end.
    pub grants: bool,
    /// Names of environment variables that can be read.
    pub env: Allow<String>,
    /// Files and directories that can be read, relative to the working directory.
    pub read: Allow<PathBuf>,
    /// Files and directories that can be written, relative to the working directory.
    pub write: Allow<PathBuf>,
    /// Hosts that can be reached.
    pub net: Allow<NetHost>,
    /// Bytes that one VM may use; 256 MiB by default.
    pub memory: usize,
    /// Deadline of a step or hook that sets none of its own; 5 s by default, as in cucumber-js.
    pub timeout: Duration,
    /// What scenarios share.
    pub isolation: Isolation,
}

impl Default for Sandbox {
    fn default() -> Sandbox {
        Sandbox {
            trust: false,
            grants: false,
            env: Allow::Nothing,
            read: Allow::Nothing,
            write: Allow::Nothing,
            net: Allow::Nothing,
            memory: 256 << 20,
            timeout: Duration::from_secs(5),
            isolation: Isolation::Scenario,
        }
    }
}

impl Sandbox {
    /// Takes over what `[sandbox]` sets.
    pub(crate) fn read_table(
        &mut self,
        table: &Map<String, Value>,
        places: &Places,
    ) -> Result<(), ConfigError> {
        for (key, value) in table {
            let wrong = |expected: &str| ConfigError::Value {
                place: places.of(&["sandbox", key]),
                key: format!("sandbox.{key}"),
                expected: format!("{expected}, but was `{value}`"),
            };
            let list = |what: &str| {
                allow(value).ok_or_else(|| wrong(&format!("true, false or a list of {what}")))
            };
            match key.as_str() {
                "trust" => self.trust = value.as_bool().ok_or_else(|| wrong("true or false"))?,
                "env" => self.env = list("names")?,
                "read" => self.read = paths(list("paths")?),
                "write" => self.write = paths(list("paths")?),
                "net" => {
                    self.net = hosts(list("hosts")?).map_err(|text| {
                        wrong(&format!(
                            "a list of hosts, and `{text}` is not {}",
                            NetHost::EXPECTED
                        ))
                    })?;
                }
                "memory" => self.memory = size(value).ok_or_else(|| wrong(SIZE))?,
                "timeout" => {
                    self.timeout =
                        value.as_str().and_then(parse_duration).ok_or_else(|| wrong(DURATION))?;
                }
                "isolation" => {
                    self.isolation = value
                        .as_str()
                        .and_then(Isolation::parse)
                        .ok_or_else(|| wrong(Isolation::EXPECTED))?;
                }
                _ => {
                    return Err(ConfigError::UnknownKey {
                        place: places.of(&["sandbox", key]),
                        key: key.clone(),
                        table: "[sandbox]".to_owned(),
                        hint: known_names(key, KEYS.into_iter()),
                    });
                }
            }
        }
        Ok(())
    }

    /// Takes over what the command line sets: permissions add to those of the file, the rest replaces it.
    pub(crate) fn read_flags(&mut self, flags: &Flags) -> Result<(), ConfigError> {
        self.grants = flags.grants;
        self.trust = (self.trust || flags.trust) && !self.grants;
        self.env.and(listed(&flags.allow_env));
        self.read.and(paths(listed(&flags.allow_read)));
        self.write.and(paths(listed(&flags.allow_write)));
        let net = hosts(listed(&flags.allow_net));
        self.net.and(net.map_err(|text| wrong_option("--allow-net", &text, NetHost::EXPECTED))?);
        if let Some(text) = &flags.memory {
            self.memory = parse_size(text).ok_or_else(|| wrong_option("--memory", text, SIZE))?;
        }
        if let Some(text) = &flags.timeout {
            self.timeout =
                parse_duration(text).ok_or_else(|| wrong_option("--timeout", text, DURATION))?;
        }
        if let Some(text) = &flags.isolation {
            self.isolation = Isolation::parse(text)
                .ok_or_else(|| wrong_option("--isolation", text, Isolation::EXPECTED))?;
        }
        Ok(())
    }
}

fn wrong_option(option: &str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::OptionValue { option: option.to_owned(), value: value.to_owned(), expected }
}

fn size(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => parse_size(text),
        _ => {
            value.as_u64().filter(|bytes| *bytes > 0).and_then(|bytes| usize::try_from(bytes).ok())
        }
    }
}

fn allow(value: &Value) -> Option<Allow<String>> {
    match value {
        Value::Bool(true) => Some(Allow::Everything),
        Value::Bool(false) => Some(Allow::Nothing),
        Value::Array(items) => {
            let names: Option<Vec<String>> =
                items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
            names.map(Allow::Only)
        }
        _ => None,
    }
}

/// What `--allow-…` was given; `*` is everything.
fn listed(names: &[String]) -> Allow<String> {
    if names.is_empty() {
        Allow::Nothing
    } else if names.iter().any(|name| name == "*") {
        Allow::Everything
    } else {
        Allow::Only(names.to_vec())
    }
}

fn paths(names: Allow<String>) -> Allow<PathBuf> {
    match names {
        Allow::Nothing => Allow::Nothing,
        Allow::Everything => Allow::Everything,
        Allow::Only(names) => Allow::Only(names.into_iter().map(PathBuf::from).collect()),
    }
}

/// The hosts of these names, or the name that is none.
fn hosts(names: Allow<String>) -> Result<Allow<NetHost>, String> {
    Ok(match names {
        Allow::Nothing => Allow::Nothing,
        Allow::Everything => Allow::Everything,
        Allow::Only(names) => Allow::Only(
            names
                .into_iter()
                .map(|name| NetHost::parse(&name).ok_or(name))
                .collect::<Result<_, _>>()?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(table: Value) -> Result<Sandbox, String> {
        let Value::Object(table) = table else { panic!("an object") };
        let mut sandbox = Sandbox::default();
        sandbox
            .read_table(&table, &Places::of_file("q.toml"))
            .map(|()| sandbox)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn reads_the_table() {
        let sandbox = read(
            json!({"env": ["A"], "read": true, "memory": "1MiB", "timeout": "2s", "isolation": "worker"}),
        );
        assert_eq!(
            sandbox.unwrap(),
            Sandbox {
                env: Allow::Only(vec!["A".to_owned()]),
                read: Allow::Everything,
                memory: 1 << 20,
                timeout: Duration::from_secs(2),
                isolation: Isolation::Worker,
                ..Sandbox::default()
            }
        );
    }

    #[test]
    fn names_wrong_keys_and_values() {
        assert_eq!(
            read(json!({"memry": 1})).unwrap_err(),
            "q.toml: unknown key `memry` in [sandbox] (did you mean `memory`?)"
        );
        assert_eq!(
            read(json!({"env": "A"})).unwrap_err(),
            "q.toml: `sandbox.env` must be true, false or a list of names, but was `\"A\"`"
        );
        assert_eq!(
            read(json!({"timeout": 5})).unwrap_err(),
            "q.toml: `sandbox.timeout` must be a duration such as \"500ms\", \"30s\" or \"2m\", but was `5`"
        );
    }

    #[test]
    fn names_what_is_no_host() {
        let expected =
            "a host such as `example.com`, `localhost:8080`, `127.0.0.1` or `[::1]:8080`";
        assert_eq!(
            read(json!({"net": ["a.b", "https://a.b"]})).unwrap_err(),
            format!(
                "q.toml: `sandbox.net` must be a list of hosts, and `https://a.b` is not {expected}, but was \
                 `[\"a.b\",\"https://a.b\"]`"
            )
        );
        let flags = Flags::parse_arguments(["--allow-net=a.b/c"]).unwrap();
        assert_eq!(
            Sandbox::default().read_flags(&flags).unwrap_err().to_string(),
            format!("--allow-net: `a.b/c` is not {expected}")
        );
    }

    #[test]
    fn options_add_permissions() {
        let mut sandbox = read(json!({"env": ["A"], "net": ["b"]})).unwrap();
        let flags =
            Flags::parse_arguments(["--allow-env=B", "--allow-net", "--isolation", "attempt"])
                .unwrap();
        sandbox.read_flags(&flags).unwrap();
        assert_eq!(sandbox.env, Allow::Only(vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(sandbox.net, Allow::Everything);
        assert_eq!(sandbox.isolation, Isolation::Attempt);
        let flags = Flags::parse_arguments(["--isolation", "none"]).unwrap();
        assert_eq!(
            sandbox.read_flags(&flags).unwrap_err().to_string(),
            "--isolation: `none` is not `scenario`, `attempt` or `worker`"
        );
    }
}
