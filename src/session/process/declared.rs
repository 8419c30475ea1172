//! Which declared command a call of `child_process` is.
//!
//! A call may run what `commands.run` would run with some values, and nothing else: the program and its arguments, or
//! the text for the shell, are those of a declared command with its placeholders filled. The name of a command without
//! placeholders stands for it, too. What runs then is the declared command, filled with the values that were found. Its
//! declared `stdin`, `timeout`, `output` and `ready` are for `commands`: a child is read and waited for by its caller.

use serde_json::{Map, Value};

use super::command::{CommandSpec, Commands, Run};
use super::placeholder::Template;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked<'a> {
    /// A program and its arguments.
    Words(&'a [String]),
    /// A text for the shell.
    Text(&'a str),
}

impl Commands {
    /// The declared command that this is, with the values that make it so.
    pub(super) fn find(&self, asked: Asked<'_>) -> Option<(&CommandSpec, Map<String, Value>)> {
        let by_name = self.find_by_name(asked).map(|spec| (spec, Map::new()));
        by_name.or_else(|| self.iter().find_map(|spec| Some((spec, values_of(&spec.run, asked)?))))
    }

    /// The command without placeholders whose name this is.
    pub(super) fn find_by_name(&self, asked: Asked<'_>) -> Option<&CommandSpec> {
        let name = match asked {
            Asked::Text(name) => name.trim(),
            Asked::Words([name]) => name,
            Asked::Words(_) => return None,
        };
        self.iter().find(|spec| spec.name == name && spec.run.templates().all(Template::is_literal))
    }
}

/// The values with which a declared command is what is asked for.
fn values_of(run: &Run, asked: Asked<'_>) -> Option<Map<String, Value>> {
    let mut values = Map::new();
    let is_same = match (run, asked) {
        (Run::Script(script), Asked::Text(text)) => script.matches(text, &mut values),
        (Run::Program(..), Asked::Words(words)) => {
            run.templates().count() == words.len()
                && run
                    .templates()
                    .zip(words)
                    .all(|(template, word)| template.matches(word, &mut values))
        }
        // What is only words is the same for the shell and without it.
        (Run::Script(script), Asked::Words(words)) => {
            is_plain(words) && script.matches(&words.join(" "), &mut values)
        }
        (Run::Program(..), Asked::Text(text)) => {
            // A line break would end the command.
            let words = text.trim().split([' ', '\t']).filter(|word| !word.is_empty());
            let words: Vec<String> = words.map(str::to_owned).collect();
            return if is_plain(&words) { values_of(run, Asked::Words(&words)) } else { None };
        }
    };
    is_same.then_some(values)
}

/// Whether the shell takes these words as they are.
fn is_plain(words: &[String]) -> bool {
    let has_assignment = words.first().is_none_or(|word| word.contains('='));
    !has_assignment
        && words.iter().all(|word| {
            !word.is_empty()
                && word.chars().all(|c| c.is_ascii_alphanumeric() || "_@%+:,./=-".contains(c))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn commands() -> Commands {
        let declared = json!({
            "checkout": { "run": ["git", "checkout", "${branch}"] },
            "copy": { "run": ["cp", "${name}.in", "${name}.out"] },
            "say": { "run": "echo ${word} \"<${other}>\" | tr a b" },
            "build": { "run": "npm run build" },
            "grep": { "run": ["grep", "-r", "a b"] },
        });
        Commands::parse(&declared, "quickcuke.toml").unwrap()
    }

    fn words(words: &[&str]) -> Option<(String, Value)> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        found(Asked::Words(&words))
    }

    fn text(text: &str) -> Option<(String, Value)> {
        found(Asked::Text(text))
    }

    fn found(asked: Asked<'_>) -> Option<(String, Value)> {
        let commands = commands();
        let (spec, values) = commands.find(asked)?;
        Some((spec.name.clone(), Value::Object(values)))
    }

    #[track_caller]
    fn is(found: Option<(String, Value)>, name: &str, values: Value) {
        assert_eq!(found, Some((name.to_owned(), values)));
    }

    #[test]
    fn a_program_with_its_placeholders_filled() {
        is(words(&["git", "checkout", "a b"]), "checkout", json!({ "branch": "a b" }));
        is(words(&["git", "checkout", ""]), "checkout", json!({ "branch": "" }));
        is(words(&["cp", "x.in", "x.out"]), "copy", json!({ "name": "x" }));
        is(words(&["grep", "-r", "a b"]), "grep", json!({}));
        for other in [
            &["git", "checkout"][..],
            &["git", "checkout", "a", "b"],
            &["git", "push", "a"],
            &["/usr/bin/git", "checkout", "a"],
            &["cp", "x.in", "y.out"],
            &["cp", "x.in", ".out"],
            &["grep", "-r", "a", "b"],
            &["npm", "run"],
            &[],
        ] {
            assert_eq!(words(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_text_for_the_shell_with_its_placeholders_quoted() {
        let values = |word: &str, other: &str| json!({ "word": word, "other": other });
        is(text("echo hi \"<a b>\" | tr a b"), "say", values("hi", "a b"));
        is(text(r#"echo 'it'\''s; $(x)' "<\$x>" | tr a b"#), "say", values("it's; $(x)", "$x"));
        for other in [
            "echo $(id) \"<x>\" | tr a b",
            "echo hi there \"<x>\" | tr a b",
            "echo hi; rm \"<x>\" | tr a b",
            "echo 'hi' 'there' \"<x>\" | tr a b",
            "echo 'a'b \"<x>\" | tr a b",
            "echo hi \"<$(id)>\" | tr a b",
            "echo hi \"<`id`>\" | tr a b",
            "echo hi \"<x\\>\" | tr a b",
            "echo hi \"<x>\" | tr a b; id",
            "echo  \"<x>\" | tr a b",
            "echo hi \"<x>\" \"<y>\" | tr a b",
        ] {
            assert_eq!(text(other), None, "{other}");
        }
    }

    #[test]
    fn plain_words_are_the_same_with_a_shell_and_without() {
        is(words(&["npm", "run", "build"]), "build", json!({}));
        is(text("git checkout main"), "checkout", json!({ "branch": "main" }));
        assert_eq!(text("git checkout a;id"), None);
        assert_eq!(text("git checkout $x"), None);
        assert_eq!(text("git checkout\nid"), None);
        assert_eq!(text("X=1 checkout a"), None);
        assert_eq!(words(&["npm", "run", "build; id"]), None);
    }

    #[test]
    fn a_name_stands_for_a_command_without_placeholders() {
        is(words(&["build"]), "build", json!({}));
        is(text("grep"), "grep", json!({}));
        assert_eq!(words(&["checkout"]), None);
        assert_eq!(words(&["build", "x"]), None);
    }

    #[test]
    fn a_match_takes_no_time_without_end() {
        let declared = json!({ "it": { "run": ["${a}x${b}x${c}x${d}x${e}x${f}x${g}x${h}y"] } });
        let commands = Commands::parse(&declared, "quickcuke.toml").unwrap();
        assert!(commands.find(Asked::Words(&["x".repeat(10_000)])).is_none());
    }
}
