//! The code that is suggested for an undefined step, in the words of cucumber-js.

use serde::Deserialize;
use serde_json::Value;

use crate::matching::{GeneratedExpression, ParameterTypeRegistry, generate_expressions};
use crate::messages::{PickleStep, PickleStepType, Snippet, StepBlock};

const CALLBACK: &str = "callback";

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

/// One snippet for each expression that the step's text suggests, the likeliest first.
pub(super) fn snippets(
    step: &PickleStep,
    parameter_types: &ParameterTypeRegistry,
    interface: Interface,
) -> Vec<Snippet> {
    let code = |expression: &GeneratedExpression| javascript(step, expression, interface);
    generate_expressions(&step.text, parameter_types)
        .iter()
        .map(|expression| Snippet { language: "javascript".into(), code: code(expression) })
        .collect()
}

/// A step definition in JavaScript. The first line holds the whole head of the function.
fn javascript(step: &PickleStep, expression: &GeneratedExpression, interface: Interface) -> String {
    let mut names: Vec<String> = expression.parameter_names().collect();
    let blocks = step.argument.iter().flat_map(|argument| argument.blocks());
    names.extend(blocks.map(|block| match block {
        StepBlock::DataTable(_) => "dataTable".to_owned(),
        StepBlock::DocString(_) => "docString".to_owned(),
    }));
    let (function, body) = match interface {
        Interface::AsyncAwait => ("async function", "return 'pending';"),
        Interface::Callback => {
            names.push(CALLBACK.to_owned());
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

    fn codes(kind: PickleStepType, interface: Interface) -> Vec<String> {
        let doc_string =
            PickleDocString { argument_index: None, media_type: None, content: String::new() };
        let argument = PickleStepArgument { doc_string: Some(doc_string), data_table: None };
        let id = IdGenerator::default().next();
        let step = PickleStep {
            argument: Some(Box::new(argument)),
            ast_node_ids: AstNodeIds { node: id, row: None },
            id,
            kind,
            text: "it's 5 / x".to_owned(),
        };
        let snippets = snippets(&step, &ParameterTypeRegistry::new(), interface);
        snippets.into_iter().map(|snippet| snippet.code).collect()
    }

    #[test]
    fn a_snippet_is_quoted_and_named_after_its_keyword() {
        let codes = codes(PickleStepType::Action, Interface::Synchronous);
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
            let code = &codes(PickleStepType::Unknown, interface)[0];
            assert!(
                code.starts_with("Given(") && code.contains(head) && code.contains(body),
                "{code}"
            );
        }
    }
}
