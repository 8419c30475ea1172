//! The lines of quickcuke.toml that would declare a call of `child_process`.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde_json::{Value, json};

use super::child::ChildRequest;
use super::command::Commands;
use super::declared::Asked;

/// Stands for a directory that is another one in each run.
const TEMPORARY: &str = "${tmpdir}";

/// A command that would be declared so.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Declaration {
    /// What it may be called, which no declared command is.
    pub name: String,
    /// What runs, in TOML.
    pub run: String,
    /// Where, unless that is the project directory.
    pub cwd: Option<String>,
    /// The variables that it gets.
    pub env: BTreeSet<String>,
}

impl Declaration {
    /// The command, declared.
    pub(super) fn commands(&self) -> Commands {
        let table = toml::from_str(&self.to_string()).ok();
        let table = table.and_then(|mut table: Value| table.get_mut("commands").map(Value::take));
        table.and_then(|table| Commands::parse(&table, "quickcuke.toml").ok()).unwrap_or_default()
    }

    /// The inline table.
    pub fn table(&self) -> String {
        let mut keys = vec![format!("run = {}", self.run)];
        keys.extend(self.cwd.as_ref().map(|cwd| format!("cwd = {}", inline_toml(&json!(cwd)))));
        if !self.env.is_empty() {
            keys.push(format!("env = {}", inline_toml(&json!(self.env))));
        }
        format!("{{ {} }}", keys.join(", "))
    }
}

impl fmt::Display for Declaration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[commands]\n{} = {}", self.name, self.table())
    }
}

impl Commands {
    /// Declares what is asked for, with the directory and the variables that it is to have.
    pub(super) fn declaration(
        &self,
        asked: Asked<'_>,
        cwd: Option<String>,
        env: BTreeSet<String>,
        temporary: Option<&str>,
    ) -> Declaration {
        // In an array: no name of a variable for the shell is meant.
        let text = |text: &str| match temporary {
            Some(temporary) => Value::from(text.replace(temporary, TEMPORARY)),
            None => Value::from(text),
        };
        let (program, run) = match asked {
            Asked::Words(words) => (
                words.first().map_or("", String::as_str),
                words.iter().map(|word| text(word)).collect(),
            ),
            Asked::Text(script) => {
                (script.split_whitespace().next().unwrap_or_default(), text(script))
            }
        };
        let stem = Path::new(program).file_name().map(|name| name.to_string_lossy());
        let mut name: String = stem
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect();
        if name.is_empty() {
            "command".clone_into(&mut name);
        }
        while self.names().any(|known| known == name) {
            name.push('2');
        }
        Declaration { name, run: inline_toml(&run), cwd, env }
    }

    /// Declares a call as it is. Its program gets the variables that it is given, those of `process.env` only if the
    /// call may be permitted.
    pub(super) fn declaration_of(&self, request: &ChildRequest, project: &Path) -> Declaration {
        let words = request.words();
        let is_given = |name: &&String| {
            *name != "PATH" && (request.may_be_permitted || !request.inherited.contains(*name))
        };
        let env = request.env.keys().filter(is_given).cloned().collect();
        let project = project.canonicalize().unwrap_or_else(|_| project.to_owned());
        let cwd = request.cwd.canonicalize().unwrap_or_else(|_| request.cwd.clone());
        let cwd = (cwd != project)
            .then(|| cwd.strip_prefix(&project).unwrap_or(&cwd).to_string_lossy().into_owned());
        let temporary = request.temporary.as_ref().map(|directory| directory.to_string_lossy());
        self.declaration(request.asked(&words), cwd, env, temporary.as_deref())
    }
}

/// A value as TOML has it in a line.
pub(crate) fn inline_toml(value: &Value) -> String {
    match value {
        Value::Object(table) => {
            let key =
                |key: &String| match key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                    true => key.clone(),
                    false => inline_toml(&json!(key)),
                };
            let pairs =
                table.iter().map(|(name, value)| format!("{} = {}", key(name), inline_toml(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(inline_toml).collect::<Vec<_>>().join(", "))
        }
        // The text of a TOML string without line breaks of its own is that of a JSON string but for DEL.
        other => other.to_string().replace('\u{7f}', "\\u007f"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaration(asked: Asked<'_>, temporary: Option<&str>) -> Declaration {
        let declared = json!({ "build": { "run": "npm run build" } });
        let commands = Commands::parse(&declared, "quickcuke.toml").unwrap();
        let env = ["A", "B"].map(str::to_owned).into();
        commands.declaration(asked, Some("db".to_owned()), env, temporary)
    }

    #[test]
    fn tells_how_to_declare_it() {
        let words = ["./bin/build".to_owned(), "a \"b\"".to_owned()];
        let told = declaration(Asked::Words(&words), None).to_string();
        let run = r#"build2 = { run = ["./bin/build", "a \"b\""], cwd = "db", env = ["A", "B"] }"#;
        assert_eq!(told, format!("[commands]\n{run}"));
        let read: Value = toml::from_str(&told).unwrap();
        assert_eq!(read["commands"]["build2"]["run"], json!(words));
        let shell = declaration(Asked::Text("ls | wc"), None);
        assert_eq!((shell.name.as_str(), shell.run.as_str()), ("ls", r#""ls | wc""#));
    }

    #[test]
    fn a_directory_that_changes_is_a_placeholder() {
        let words = ["node".to_owned(), "/tmp/q-1/a.js".to_owned()];
        let told = declaration(Asked::Words(&words), Some("/tmp/q-1"));
        assert_eq!(told.run, r#"["node", "${tmpdir}/a.js"]"#);
    }
}
