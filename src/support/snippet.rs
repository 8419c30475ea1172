//! The code that is suggested for an undefined step, in the words of cucumber-js.

use serde::Deserialize;
use serde_json::Value;

use crate::matching::{GeneratedExpression, ParameterTypeRegistry, generate_expressions};
use crate::messages::{PickleStep, PickleStepType, Snippet, StepBlock};

const CALLBACK: &str = "callback";
const CALLBACK_TYPE: &str = "(error?: unknown, result?: string) => void";

/// How a suggested step function gives back its outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Interface {
    AsyncAwait,
    Callback,
    Promise,
    #[default]
    Synchronous,
}

impl Interface {
    /// The `snippetInterface` among the format options; the default where there is none.
    pub(crate) fn from_format_options(options: &Value) -> Self {
        options
            .get("snippetInterface")
            .and_then(|name| Self::deserialize(name).ok())
            .unwrap_or_default()
    }
}

/// What a snippet is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Language {
    #[default]
    JavaScript,
    TypeScript,
}

impl Language {
    /// That of a file by its name.
    pub(super) fn of_file(name: &str) -> Language {
        match name.rsplit('.').next() {
            Some("ts" | "tsx" | "mts" | "cts") => Language::TypeScript,
            _ => Language::JavaScript,
        }
    }

    /// A parameter with its type, if the language has types.
    fn parameter(self, name: &str, type_name: &str) -> String {
        match self {
            Language::JavaScript => name.to_owned(),
            Language::TypeScript => format!("{name}: {type_name}"),
        }
    }
}

/// One snippet for each expression that the step's text suggests, the likeliest first.
pub(super) fn snippets(
    step: &PickleStep,
    parameter_types: &ParameterTypeRegistry,
    interface: Interface,
    language: Language,
) -> Vec<Snippet> {
    let name = match language {
        Language::JavaScript => "javascript",
        Language::TypeScript => "typescript",
    };
    generate_expressions(&step.text, parameter_types)
        .iter()
        .map(|expression| Snippet {
            language: name.into(),
            code: definition(step, expression, interface, language),
        })
        .collect()
}

/// A step definition. The first line holds the whole head of the function.
fn definition(
    step: &PickleStep,
    expression: &GeneratedExpression,
    interface: Interface,
    language: Language,
) -> String {
    let types = expression.parameters.iter().map(|parameter| match parameter.type_name {
        Some("Number") => "number",
        Some("BigInt") => "bigint",
        Some("String") => "string",
        // A transformer of the author's gives what it likes.
        _ => "unknown",
    });
    let mut names: Vec<String> = expression
        .parameter_names()
        .zip(types)
        .map(|(name, type_name)| language.parameter(&name, type_name))
        .collect();
    let blocks = step.argument.iter().flat_map(|argument| argument.blocks());
    names.extend(blocks.map(|block| match block {
        StepBlock::DataTable(_) => language.parameter("dataTable", "DataTable"),
        StepBlock::DocString(_) => language.parameter("docString", "string"),
    }));
    let (function, body) = match interface {
        Interface::AsyncAwait => ("async function", "return 'pending';"),
        Interface::Callback => {
            names.push(language.parameter(CALLBACK, CALLBACK_TYPE));
            ("function", "callback(null, 'pending');")
        }
        Interface::Promise => ("function", "return Promise.resolve('pending');"),
        Interface::Synchronous => ("function", "return 'pending';"),
    };
    let define = match step.kind {
        PickleStepType::Action => "When",
        PickleStepType::Outcome => "Then",
        PickleStepType::Context | PickleStepType::Unknown => "Given",
    };
    let pattern = expression.source.replace('\\', "\\\\").replace('\'', "\\'");
    let names = names.join(", ");
    format!(
        "{define}('{pattern}', {function} ({names}) {{\n  \
         // Write code here that turns the phrase above into concrete actions\n  {body}\n}});"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{AstNodeIds, IdGenerator, PickleDocString, PickleStepArgument};

    fn codes(kind: PickleStepType, interface: Interface, language: Language) -> Vec<String> {
        let content = String::new();
        let doc_string =
            PickleDocString { argument_index: None, media_type: None, content, line: 4 };
        let argument = PickleStepArgument { doc_string: Some(doc_string), data_table: None };
        let id = IdGenerator::default().next();
        let step = PickleStep {
            argument: Some(Box::new(argument)),
            ast_node_ids: AstNodeIds { node: id, row: None },
            id,
            kind,
            text: "it's 5 / x".to_owned(),
            line: 3,
        };
        let snippets = snippets(&step, &ParameterTypeRegistry::new(), interface, language);
        snippets.into_iter().map(|snippet| snippet.code).collect()
    }

    #[test]
    fn a_snippet_is_quoted_and_named_after_its_keyword() {
        let codes = codes(PickleStepType::Action, Interface::Synchronous, Language::JavaScript);
        insta::assert_snapshot!(codes[0], @r"
        When('it\'s {int} \\/ x', function (int, docString) {
          // Write code here that turns the phrase above into concrete actions
          return 'pending';
        });
        ");
        assert!(codes[1].starts_with(r"When('it\'s {float} \\/ x', function (float, docString) {"));
    }

    #[test]
    fn each_interface_has_its_way_of_being_pending() {
        for (interface, head, body) in [
            (Interface::AsyncAwait, "async function (int, docString)", "return 'pending';"),
            (
                Interface::Callback,
                "function (int, docString, callback)",
                "callback(null, 'pending');",
            ),
            (Interface::Promise, "function (int, docString)", "return Promise.resolve('pending');"),
        ] {
            let code = &codes(PickleStepType::Unknown, interface, Language::JavaScript)[0];
            assert!(
                code.starts_with("Given(") && code.contains(head) && code.contains(body),
                "{code}"
            );
        }
    }

    #[test]
    fn a_snippet_in_typescript_has_types() {
        let language = Language::of_file("steps/a.mts");
        let codes = codes(PickleStepType::Action, Interface::Callback, language);
        assert_eq!(
            codes[0].lines().next(),
            Some(
                r"When('it\'s {int} \\/ x', function (int: number, docString: string, callback: (error?: unknown, result?: string) => void) {"
            )
        );
        assert_eq!(Language::of_file("steps/a.ts.js"), Language::JavaScript);
    }
}
