//! Builds the syntax tree of a cucumber expression from its tokens.
//!
//! ```text
//! expression   := ( alternation | optional | parameter | text )*
//! alternation  := (?<= ' ' | '}' | start ) alternative* ( '/' alternative* )+ (?= ' ' | '{' | end )
//! alternative  := optional | text
//! optional     := '(' ( optional | parameter | text )* ')'
//! parameter    := '{' name '}'
//! text         := ' ' | ')' | '}' | any other character
//! ```

use super::ast::{Alternative, Node, NodeKind};
use super::error::{Problem, problem_at};
use super::token::{Token, TokenKind, tokenize};
use crate::matching::ExpressionError;

pub(super) fn parse(expression: &str) -> Result<Vec<Node>, ExpressionError> {
    let tokens = tokenize(expression)?;
    Parser { expression, tokens: &tokens, at: 1 }.expression()
}

struct Parser<'a> {
    expression: &'a str,
    tokens: &'a [Token],
    /// The last token is `EndOfLine`, and no rule consumes it.
    at: usize,
}

impl Parser<'_> {
    fn expression(mut self) -> Result<Vec<Node>, ExpressionError> {
        let mut nodes = Vec::new();
        while self.kind() != TokenKind::EndOfLine {
            let node = match self.alternation()? {
                Some(alternation) => alternation,
                None => self.node()?,
            };
            nodes.push(node);
        }
        Ok(nodes)
    }

    fn node(&mut self) -> Result<Node, ExpressionError> {
        match self.kind() {
            TokenKind::BeginOptional => self.optional(),
            TokenKind::BeginParameter => self.parameter(),
            TokenKind::Alternation => Err(self.problem(self.at, Problem::AlternationInOptional)),
            _ => Ok(self.text()),
        }
    }

    /// An alternation, or nothing and no token consumed if none starts here.
    fn alternation(&mut self) -> Result<Option<Node>, ExpressionError> {
        let before = self.tokens[self.at - 1].kind;
        if !matches!(
            before,
            TokenKind::StartOfLine | TokenKind::WhiteSpace | TokenKind::EndParameter
        ) {
            return Ok(None);
        }
        let first = self.at;
        let start = self.tokens[first].start;
        let mut alternatives = Vec::new();
        let mut current = Alternative { nodes: Vec::new(), span: start..start };
        while !matches!(
            self.kind(),
            TokenKind::WhiteSpace | TokenKind::EndOfLine | TokenKind::BeginParameter
        ) {
            if self.kind() == TokenKind::Alternation {
                let separator = &self.tokens[self.at];
                current.span.end = separator.start;
                let next = Alternative { nodes: Vec::new(), span: separator.end..separator.end };
                alternatives.push(std::mem::replace(&mut current, next));
                self.at += 1;
            } else {
                current.nodes.push(self.node()?);
            }
        }
        if alternatives.is_empty() {
            self.at = first;
            return Ok(None);
        }
        let end = self.tokens[self.at].start;
        current.span.end = end;
        alternatives.push(current);
        Ok(Some(Node { kind: NodeKind::Alternation(alternatives), span: start..end }))
    }

    /// Nesting is not allowed, but an unclosed parenthesis within is reported before that; so the nest is read
    /// with a stack of its own, and of what lies deeper than one level only the extent is kept.
    fn optional(&mut self) -> Result<Node, ExpressionError> {
        let mut open: Vec<(usize, Vec<Node>)> = vec![(self.at, Vec::new())];
        self.at += 1;
        while let Some(depth) = open.len().checked_sub(1) {
            let node = match self.kind() {
                TokenKind::BeginOptional => {
                    open.push((self.at, Vec::new()));
                    self.at += 1;
                    continue;
                }
                TokenKind::EndOfLine => {
                    return Err(self.problem(open[depth].0, Problem::UnclosedOptional));
                }
                TokenKind::EndOptional => {
                    let end = self.tokens[self.at].end;
                    self.at += 1;
                    let Some((begin, nodes)) = open.pop() else { break };
                    let span = self.tokens[begin].start..end;
                    if open.is_empty() {
                        return Ok(Node { kind: NodeKind::Optional(nodes), span });
                    }
                    Node { kind: NodeKind::Optional(Vec::new()), span }
                }
                _ => self.node()?,
            };
            if let Some((_, nodes)) = open.last_mut() {
                nodes.push(node);
            }
        }
        Ok(self.text())
    }

    fn parameter(&mut self) -> Result<Node, ExpressionError> {
        let begin = self.at;
        let mut name = String::new();
        loop {
            self.at += 1;
            match self.kind() {
                TokenKind::WhiteSpace | TokenKind::Text => {
                    name.push_str(&self.tokens[self.at].text)
                }
                TokenKind::EndParameter => break,
                TokenKind::EndOfLine => return Err(self.problem(begin, Problem::UnclosedParameter)),
                _ => return Err(self.problem(self.at, Problem::IllegalParameterName)),
            }
        }
        let span = self.tokens[begin].start..self.tokens[self.at].end;
        self.at += 1;
        Ok(Node { kind: NodeKind::Parameter(name), span })
    }

    fn text(&mut self) -> Node {
        let token = &self.tokens[self.at];
        self.at += 1;
        Node { kind: NodeKind::Text(token.text.clone()), span: token.start..token.end }
    }

    fn kind(&self) -> TokenKind {
        self.tokens[self.at].kind
    }

    fn problem(&self, token: usize, problem: Problem<'_>) -> ExpressionError {
        let token = &self.tokens[token];
        problem_at(self.expression, token.start..token.end, problem)
    }
}
