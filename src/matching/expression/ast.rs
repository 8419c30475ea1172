//! The syntax tree of a cucumber expression.

use std::ops::Range;

#[derive(Debug)]
pub(super) struct Node {
    pub kind: NodeKind,
    /// Code points of the expression.
    pub span: Range<usize>,
}

#[derive(Debug)]
pub(super) enum NodeKind {
    /// Unescaped.
    Text(String),
    Optional(Vec<Node>),
    Alternation(Vec<Alternative>),
    /// The parameter type's name.
    Parameter(String),
}

#[derive(Debug)]
pub(super) struct Alternative {
    pub nodes: Vec<Node>,
    pub span: Range<usize>,
}

impl Node {
    pub fn is_text(&self) -> bool {
        matches!(self.kind, NodeKind::Text(_))
    }
}
