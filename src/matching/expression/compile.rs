//! Turns the syntax tree into the source of a JavaScript regular expression.

use super::ast::{Node, NodeKind};
use super::error::{Problem, problem_at};
use super::parser::parse;
use crate::matching::{ExpressionError, ParameterTypeRegistry};

pub(super) struct Compiled {
    pub regexp: String,
    /// Indexes into the registry, one per parameter.
    pub parameter_types: Vec<usize>,
}

pub(super) fn compile(
    expression: &str,
    registry: &ParameterTypeRegistry,
) -> Result<Compiled, ExpressionError> {
    let nodes = parse(expression)?;
    let compiled = Compiled { regexp: "^".to_owned(), parameter_types: Vec::new() };
    let mut compiler = Compiler { expression, registry, compiled };
    compiler.nodes(&nodes)?;
    compiler.compiled.regexp.push('$');
    Ok(compiler.compiled)
}

struct Compiler<'a> {
    expression: &'a str,
    registry: &'a ParameterTypeRegistry,
    compiled: Compiled,
}

impl Compiler<'_> {
    fn nodes(&mut self, nodes: &[Node]) -> Result<(), ExpressionError> {
        nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), ExpressionError> {
        match &node.kind {
            NodeKind::Text(text) => {
                for character in text.chars() {
                    if r"\^[({$.|?*+})]".contains(character) {
                        self.push("\\");
                    }
                    self.compiled.regexp.push(character);
                }
            }
            NodeKind::Optional(nodes) => {
                self.check_optional(node, nodes)?;
                self.push("(?:");
                self.nodes(nodes)?;
                self.push(")?");
            }
            NodeKind::Alternation(alternatives) => {
                for alternative in alternatives {
                    let problem = if alternative.nodes.is_empty() {
                        Problem::EmptyAlternative
                    } else if !alternative.nodes.iter().any(Node::is_text) {
                        Problem::AlternativeOfOptionalsOnly
                    } else {
                        continue;
                    };
                    return Err(problem_at(self.expression, alternative.span.clone(), problem));
                }
                for (index, alternative) in alternatives.iter().enumerate() {
                    self.push(if index == 0 { "(?:" } else { "|" });
                    self.nodes(&alternative.nodes)?;
                }
                self.push(")");
            }
            NodeKind::Parameter(name) => self.parameter(node, name)?,
        }
        Ok(())
    }

    fn check_optional(&self, optional: &Node, nodes: &[Node]) -> Result<(), ExpressionError> {
        let parameter = nodes.iter().find(|node| matches!(node.kind, NodeKind::Parameter(_)));
        let nested = nodes.iter().find(|node| matches!(node.kind, NodeKind::Optional(_)));
        let (node, problem) = if let Some(parameter) = parameter {
            (parameter, Problem::ParameterInOptional)
        } else if let Some(nested) = nested {
            (nested, Problem::OptionalInOptional)
        } else if !nodes.iter().any(Node::is_text) {
            (optional, Problem::EmptyOptional)
        } else {
            return Ok(());
        };
        Err(problem_at(self.expression, node.span.clone(), problem))
    }

    fn parameter(&mut self, node: &Node, name: &str) -> Result<(), ExpressionError> {
        let Some((index, parameter_type)) = self.registry.lookup_by_name(name) else {
            return Err(problem_at(
                self.expression,
                node.span.clone(),
                Problem::UndefinedParameterType(name),
            ));
        };
        self.compiled.parameter_types.push(index);
        match parameter_type.regexps() {
            [only] => self.compiled.regexp.push_str(&format!("({only})")),
            several => self.compiled.regexp.push_str(&format!("((?:{}))", several.join(")|(?:"))),
        }
        Ok(())
    }

    fn push(&mut self, text: &str) {
        self.compiled.regexp.push_str(text);
    }
}
