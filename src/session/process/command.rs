//! `[commands]` of the configuration: what may run, and how.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Map, Value};

use super::placeholder::Template;
use super::{duration, suggest};

/// How long a persistent command may take to be ready by default.
const READY_TIMEOUT: Duration = Duration::from_secs(30);

const KEYS: [&str; 8] = ["run", "persistent", "ready", "timeout", "env", "cwd", "output", "stdin"];
const READY_KEYS: [&str; 4] = ["port", "line", "http", "timeout"];

/// A mistake in `[commands]`, with its place and its mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: [commands.{name}]: {problem}")]
pub struct CommandSpecError {
    /// The configuration file, as it was given to [`Commands::parse`].
    pub file: String,
    /// The command.
    pub name: String,
    /// What is wrong, where in the table, and what would mend it.
    pub problem: String,
}

/// The declared commands, by name. Nothing else runs.
#[derive(Debug, Clone, Default)]
pub struct Commands {
    specs: Vec<CommandSpec>,
}

/// One declared command.
#[derive(Debug, Clone)]
pub(super) struct CommandSpec {
    pub(super) name: String,
    pub(super) run: Run,
    /// `Some`: it stays, until it is stopped.
    pub(super) persistent: Option<Ready>,
    /// How long it may run, if that is declared.
    pub(super) timeout: Option<Duration>,
    /// Names of variables that the child gets besides `PATH`.
    pub(super) env: Vec<String>,
    /// Relative to the project.
    pub(super) cwd: PathBuf,
    pub(super) output: Form,
    pub(super) stdin: Option<Template>,
}

/// The program.
#[derive(Debug, Clone)]
pub(super) enum Run {
    /// For `sh -c`.
    Script(Template),
    /// Program and arguments.
    Program(Template, Vec<Template>),
}

/// What stdout of a one-shot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Json,
    Lines,
}

/// When a persistent command counts as started.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub(super) sign: Sign,
    pub(super) timeout: Duration,
}

/// What tells that it is ready.
#[derive(Debug, Clone)]
pub(super) enum Sign {
    /// That it runs.
    Running,
    /// That a TCP port of this machine takes connections.
    Port(Template),
    /// That a line of stdout contains the text.
    Line(Template),
    /// That the URL answers with a status below 500.
    Http(Template),
}

impl Commands {
    /// Reads the table `[commands]`; `file` is for messages. Every command with a mistake gives an error.
    pub fn parse(table: &Value, file: &str) -> Result<Self, Vec<CommandSpecError>> {
        let error = |name: &str, problem| CommandSpecError {
            file: file.to_owned(),
            name: name.to_owned(),
            problem,
        };
        let Value::Object(table) = table else {
            let problem =
                "[commands] must be a table of commands: NAME = { run = \"…\" }".to_owned();
            return Err(vec![error("*", problem)]);
        };
        let mut specs = Vec::new();
        let mut errors = Vec::new();
        for (name, spec) in table {
            match CommandSpec::parse(name, spec) {
                Ok(spec) => specs.push(spec),
                Err(problem) => errors.push(error(name, problem)),
            }
        }
        if errors.is_empty() { Ok(Self { specs }) } else { Err(errors) }
    }

    /// The names of the declared commands, in the order of the file.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.specs.iter().map(|spec| spec.name.as_str())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CommandSpec> {
        self.specs.iter()
    }

    pub(super) fn get(&self, name: &str) -> Result<&CommandSpec, super::CommandError> {
        self.specs.iter().find(|spec| spec.name == name).ok_or_else(|| {
            let near = suggest::nearest(name, self.names()).map(ToOwned::to_owned);
            let declared = self.names().map(ToOwned::to_owned).collect();
            super::CommandError::Unknown { name: name.to_owned(), near, declared }
        })
    }
}

impl CommandSpec {
    fn parse(name: &str, spec: &Value) -> Result<Self, String> {
        let table = match spec {
            Value::Object(table) => table,
            _ => return Err("must be a table: { run = \"…\" }".to_owned()),
        };
        known_keys(table, &KEYS, "key")?;
        let persistent = match table.get("persistent") {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => return Err("`persistent` must be true or false".to_owned()),
        };
        let ready = table.get("ready").map(Ready::parse).transpose()?;
        if !persistent {
            if ready.is_some() {
                return Err("`ready` needs `persistent = true`".to_owned());
            }
        } else if let Some(key) =
            ["timeout", "output"].into_iter().find(|key| table.contains_key(*key))
        {
            let instead = if key == "timeout" {
                "; the time to get ready is ready = { timeout = \"…\" }"
            } else {
                ""
            };
            return Err(format!(
                "`{key}` is for a command that ends, and this one is persistent{instead}"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            run: Run::parse(table.get("run"))?,
            persistent: persistent
                .then(|| ready.unwrap_or(Ready { sign: Sign::Running, timeout: READY_TIMEOUT })),
            timeout: time(table, "timeout")?,
            env: env(table.get("env"))?,
            cwd: text(table, "cwd")?.map(PathBuf::from).unwrap_or_default(),
            output: Form::parse(text(table, "output")?)?,
            stdin: template(table, "stdin")?,
        })
    }

    /// The placeholders of the whole table, each once.
    pub(super) fn placeholders(&self) -> BTreeSet<&str> {
        let mut templates: Vec<&Template> = self.stdin.iter().chain(self.run.templates()).collect();
        match self.persistent.as_ref().map(|ready| &ready.sign) {
            Some(Sign::Port(sign) | Sign::Line(sign) | Sign::Http(sign)) => templates.push(sign),
            Some(Sign::Running) | None => {}
        }
        templates.into_iter().flat_map(Template::names).collect()
    }

    /// Refuses a value that no placeholder takes.
    pub(super) fn check(&self, values: &Map<String, Value>) -> Result<(), String> {
        let known = self.placeholders();
        let Some(unknown) = values.keys().find(|name| !known.contains(name.as_str())) else {
            return Ok(());
        };
        Err(match suggest::nearest(unknown, known.iter().copied()) {
            Some(near) => {
                format!("there is no placeholder ${{{unknown}}}; did you mean ${{{near}}}?")
            }
            None if known.is_empty() => {
                format!("there is no placeholder ${{{unknown}}}; this command takes no values")
            }
            None => {
                let known: Vec<String> = known.iter().map(|name| format!("${{{name}}}")).collect();
                format!("there is no placeholder ${{{unknown}}}; there are {}", known.join(", "))
            }
        })
    }
}

impl Run {
    /// The script, or the program and its arguments.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Template> {
        let (first, rest) = match self {
            Self::Script(script) => (script, &[][..]),
            Self::Program(program, arguments) => (program, arguments.as_slice()),
        };
        std::iter::once(first).chain(rest)
    }

    fn parse(run: Option<&Value>) -> Result<Self, String> {
        let shape = "`run` must be a text for the shell or an array: [\"program\", \"argument\"]";
        match run {
            None => Err(
                "`run` is missing: run = \"program argument\" or run = [\"program\", \"argument\"]"
                    .to_owned(),
            ),
            Some(Value::String(script)) if script.trim().is_empty() => {
                Err("`run` is empty".to_owned())
            }
            Some(Value::String(script)) => {
                Template::script(script).map(Self::Script).map_err(in_key("run"))
            }
            Some(Value::Array(items)) => {
                let mut texts = items.iter().map(|item| match item {
                    Value::String(text) => Template::plain(text).map_err(in_key("run")),
                    _ => Err(shape.to_owned()),
                });
                let program = texts.next().ok_or("`run` is empty")??;
                Ok(Self::Program(program, texts.collect::<Result<_, _>>()?))
            }
            Some(_) => Err(shape.to_owned()),
        }
    }
}

impl Form {
    fn parse(form: Option<&str>) -> Result<Self, String> {
        match form {
            None | Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            Some("lines") => Ok(Self::Lines),
            Some(other) => {
                Err(format!("`output` is \"{other}\"; it must be \"text\", \"json\" or \"lines\""))
            }
        }
    }
}

impl Ready {
    fn parse(ready: &Value) -> Result<Self, String> {
        let Value::Object(table) = ready else {
            return Err("`ready` must be a table: { port = 8080 }, { line = \"…\" } or { http = \"http://…\" }".to_owned());
        };
        known_keys(table, &READY_KEYS, "key of `ready`")?;
        let mut signs = Vec::new();
        if let Some(port) = table.get("port") {
            let port = match port {
                Value::Number(number) => number.to_string(),
                Value::String(text) => text.clone(),
                _ => return Err("`ready.port` must be a port number or \"${name}\"".to_owned()),
            };
            let port_template = Template::plain(&port).map_err(in_key("ready.port"))?;
            if port_template.names().next().is_none()
                && !port.parse::<u16>().is_ok_and(|port| port > 0)
            {
                return Err(format!(
                    "`ready.port` is {port}; it must be a port number from 1 to 65535 or \"${{name}}\""
                ));
            }
            signs.push(Sign::Port(port_template));
        }
        signs.extend(
            template(table, "line")
                .map_err(|e| e.replace("`line`", "`ready.line`"))?
                .map(Sign::Line),
        );
        signs.extend(
            template(table, "http")
                .map_err(|e| e.replace("`http`", "`ready.http`"))?
                .map(Sign::Http),
        );
        if signs.len() > 1 {
            return Err(
                "`ready` has more than one of `port`, `line` and `http`; keep one".to_owned()
            );
        }
        let sign = signs.pop().ok_or("`ready` needs one of `port`, `line` and `http`")?;
        Ok(Self { sign, timeout: time(table, "timeout")?.unwrap_or(READY_TIMEOUT) })
    }
}

fn known_keys(table: &Map<String, Value>, known: &[&str], what: &str) -> Result<(), String> {
    let Some(unknown) = table.keys().find(|key| !known.contains(&key.as_str())) else {
        return Ok(());
    };
    let near = suggest::nearest(unknown, known.iter().copied());
    let near = near.map(|near| format!("did you mean \"{near}\"? ")).unwrap_or_default();
    Err(format!("unknown {what} \"{unknown}\"; {near}known are {}", known.join(", ")))
}

fn text<'a>(table: &'a Map<String, Value>, key: &str) -> Result<Option<&'a str>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("`{key}` must be a text")),
    }
}

fn template(table: &Map<String, Value>, key: &str) -> Result<Option<Template>, String> {
    text(table, key)?.map(Template::plain).transpose().map_err(in_key(key))
}

fn time(table: &Map<String, Value>, key: &str) -> Result<Option<Duration>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => duration::parse(text).map(Some).map_err(in_key(key)),
        Some(other) => Err(format!("`{key}` is {other}; write it with its unit: \"30s\"")),
    }
}

fn env(names: Option<&Value>) -> Result<Vec<String>, String> {
    let shape = "`env` must be an array of names of variables: env = [\"HOME\"]";
    let Some(names) = names else { return Ok(Vec::new()) };
    let names = names.as_array().ok_or(shape)?;
    names
        .iter()
        .map(|name| {
            let name = name.as_str().ok_or(shape)?;
            if name.is_empty() || name.contains(['=', '\0']) {
                return Err(format!("`env`: \"{name}\" is no name of a variable; its value comes from the environment"));
            }
            Ok(name.to_owned())
        })
        .collect()
}

fn in_key(key: &str) -> impl Fn(String) -> String {
    move |problem| format!("`{key}`: {problem}")
}

#[cfg(test)]
mod tests;
