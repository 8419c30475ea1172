//! Tag expressions: `@smoke and not (@slow or @broken)`.

use std::collections::HashSet;
use std::fmt;

use super::tag_tokens::{is_white_space, tokenize};

/// A boolean expression over tags. Without any operand it is true for all tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagExpression {
    /// Operands before their operators; the last is the root. A flat list, so that nesting costs no stack.
    nodes: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Tag(String),
    Not(usize),
    And(usize, usize),
    Or(usize, usize),
}

/// A tag expression that does not parse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Tag expression \"{expression}\" could not be parsed because of syntax error: {problem}.")]
pub struct TagExpressionError {
    pub expression: String,
    pub problem: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Open,
    Or,
    And,
    Not,
}

impl TagExpression {
    /// # Errors
    /// If operators, operands and parentheses do not fit together, or a backslash is before anything but a
    /// parenthesis, a backslash or white space.
    pub fn parse(expression: &str) -> Result<TagExpression, TagExpressionError> {
        let fail =
            |problem: String| TagExpressionError { expression: expression.to_owned(), problem };
        let tokens = tokenize(expression)
            .map_err(|character| fail(format!("Illegal escape before \"{character}\"")))?;
        let mut parser = Parser { nodes: Vec::new(), operands: Vec::new(), operators: Vec::new() };
        let mut wants_operand = true;
        for token in tokens {
            let takes_operand = !matches!(token.as_str(), "and" | "or" | ")");
            if takes_operand != wants_operand {
                return Err(fail(format!(
                    "Expected {}",
                    if wants_operand { "operand" } else { "operator" }
                )));
            }
            wants_operand = !matches!(token.as_str(), ")")
                && (!takes_operand || matches!(token.as_str(), "not" | "("));
            match token.as_str() {
                "not" => parser.operators.push(Operator::Not),
                "(" => parser.operators.push(Operator::Open),
                "and" => parser.binary(Operator::And).map_err(&fail)?,
                "or" => parser.binary(Operator::Or).map_err(&fail)?,
                ")" => parser.close().map_err(&fail)?,
                _ => parser.push(Node::Tag(token)),
            }
        }
        while let Some(operator) = parser.operators.pop() {
            parser.apply(operator).map_err(&fail)?;
        }
        Ok(TagExpression { nodes: parser.nodes })
    }

    /// Whether the tags, each with its `@`, satisfy the expression.
    pub fn matches<'t>(&self, tags: impl Iterator<Item = &'t str>) -> bool {
        let tags: HashSet<&str> = tags.collect();
        let mut values: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            values.push(match node {
                Node::Tag(tag) => tags.contains(tag.as_str()),
                Node::Not(operand) => !values[*operand],
                Node::And(left, right) => values[*left] && values[*right],
                Node::Or(left, right) => values[*left] || values[*right],
            });
        }
        values.last().copied().unwrap_or(true)
    }
}

/// Shunting-yard.
struct Parser {
    nodes: Vec<Node>,
    operands: Vec<usize>,
    operators: Vec<Operator>,
}

impl Parser {
    fn push(&mut self, node: Node) {
        self.operands.push(self.nodes.len());
        self.nodes.push(node);
    }

    fn binary(&mut self, operator: Operator) -> Result<(), String> {
        while let Some(before) = self.operators.pop_if(|before| *before >= operator) {
            self.apply(before)?;
        }
        self.operators.push(operator);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        loop {
            match self.operators.pop() {
                Some(Operator::Open) => return Ok(()),
                Some(operator) => self.apply(operator)?,
                None => return Err("Unmatched )".to_owned()),
            }
        }
    }

    fn apply(&mut self, operator: Operator) -> Result<(), String> {
        let mut operand = || self.operands.pop().ok_or_else(|| "Expected operand".to_owned());
        let node = match operator {
            Operator::Open => return Err("Unmatched (".to_owned()),
            Operator::Not => Node::Not(operand()?),
            Operator::And | Operator::Or => {
                let right = operand()?;
                let left = operand()?;
                if operator == Operator::And {
                    Node::And(left, right)
                } else {
                    Node::Or(left, right)
                }
            }
        };
        self.push(node);
        Ok(())
    }
}

impl fmt::Display for TagExpression {
    /// Every operation in parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        enum Part {
            Text(&'static str),
            Node(usize),
        }
        let mut parts: Vec<Part> =
            self.nodes.len().checked_sub(1).map(Part::Node).into_iter().collect();
        while let Some(part) = parts.pop() {
            let node = match part {
                Part::Text(text) => {
                    f.write_str(text)?;
                    continue;
                }
                Part::Node(index) => &self.nodes[index],
            };
            // What comes first goes on last.
            match *node {
                Node::Tag(ref tag) => {
                    for character in tag.chars() {
                        match character {
                            '\\' | '(' | ')' => write!(f, "\\{character}")?,
                            _ if is_white_space(character) => f.write_str("\\ ")?,
                            _ => write!(f, "{character}")?,
                        }
                    }
                }
                Node::Not(operand)
                    if matches!(self.nodes[operand], Node::And(..) | Node::Or(..)) =>
                {
                    parts.extend([Part::Node(operand), Part::Text("not ")]);
                }
                Node::Not(operand) => {
                    parts.extend([Part::Text(" )"), Part::Node(operand), Part::Text("not ( ")]);
                }
                Node::And(left, right) | Node::Or(left, right) => {
                    let operator = if matches!(node, Node::And(..)) { " and " } else { " or " };
                    parts.extend([
                        Part::Text(" )"),
                        Part::Node(right),
                        Part::Text(operator),
                        Part::Node(left),
                    ]);
                    parts.push(Part::Text("( "));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expression: &str) -> String {
        TagExpression::parse(expression)
            .map_or_else(|error| error.problem, |parsed| parsed.to_string())
    }

    #[test]
    fn precedence_and_escapes() {
        assert_eq!(shown("a and b or not c and d"), "( ( a and b ) or ( not ( c ) and d ) )");
        assert_eq!(shown("not (a or b) and not not c"), "( not ( a or b ) and not ( not ( c ) ) )");
        assert_eq!(shown(r"@a\ b\(1\) or \\"), r"( @a\ b\(1\) or \\ )");
        assert_eq!(shown("  "), "");
    }

    #[test]
    fn errors() {
        assert_eq!(
            TagExpression::parse("@a @b").unwrap_err().to_string(),
            r#"Tag expression "@a @b" could not be parsed because of syntax error: Expected operator."#
        );
        assert_eq!(shown("@a and"), "Expected operand");
        assert_eq!(shown("or @a"), "Expected operand");
        assert_eq!(shown("(@a"), "Unmatched (");
        assert_eq!(shown("@a)"), "Unmatched )");
        assert_eq!(shown(r"@\a"), r#"Illegal escape before "a""#);
    }

    #[test]
    fn evaluation() {
        let matches = |expression: &str, tags: &[&str]| {
            TagExpression::parse(expression).unwrap().matches(tags.iter().copied())
        };
        assert!(matches("@a and not (@b or @c)", &["@a", "@d"]));
        assert!(!matches("@a and not (@b or @c)", &["@a", "@c"]));
        assert!(matches("", &[]));
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = "not (".repeat(100_000) + "@a" + &")".repeat(100_000);
        let parsed = TagExpression::parse(&deep).unwrap();
        assert!(parsed.matches(["@a"].into_iter()));
        assert!(parsed.to_string().len() > deep.len());
    }
}
