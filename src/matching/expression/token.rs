//! Tokens of a cucumber expression. Positions count code points.

use super::error::{Problem, problem_at};
use crate::matching::ExpressionError;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    StartOfLine,
    EndOfLine,
    WhiteSpace,
    BeginOptional,
    EndOptional,
    BeginParameter,
    EndParameter,
    Alternation,
    Text,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// With the escapes taken away.
    pub text: String,
    pub start: usize,
    /// Exclusive.
    pub end: usize,
}

impl TokenKind {
    fn of(character: char) -> TokenKind {
        match character {
            ' ' => TokenKind::WhiteSpace,
            '/' => TokenKind::Alternation,
            '{' => TokenKind::BeginParameter,
            '}' => TokenKind::EndParameter,
            '(' => TokenKind::BeginOptional,
            ')' => TokenKind::EndOptional,
            _ => TokenKind::Text,
        }
    }

    /// Whether neighbours of this kind make one token.
    fn joins(self) -> bool {
        matches!(self, TokenKind::WhiteSpace | TokenKind::Text)
    }
}

/// The tokens of the expression, between a `StartOfLine` and an `EndOfLine`.
pub(super) fn tokenize(expression: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut tokens = Vec::new();
    let mut current = Token { kind: TokenKind::StartOfLine, text: String::new(), start: 0, end: 0 };
    let mut escaping = false;
    // Backslashes passed but not yet counted into a text token.
    let mut escapes = 0;
    let mut length = 0;
    let mut count = 0;
    for character in expression.chars() {
        count += 1;
        if !escaping && character == '\\' {
            escaping = true;
            escapes += 1;
            continue;
        }
        let kind = if !escaping {
            TokenKind::of(character)
        } else if matches!(character, ' ' | '\\' | '/' | '{' | '}' | '(' | ')') {
            TokenKind::Text
        } else {
            let index = current.start + length + escapes;
            return Err(problem_at(expression, index..index + 1, Problem::CannotEscape));
        };
        escaping = false;
        if kind != current.kind || !kind.joins() {
            let start = finish(&mut current, length, &mut escapes);
            let next = Token { kind, text: String::new(), start, end: start };
            tokens.push(std::mem::replace(&mut current, next));
            length = 0;
        }
        current.text.push(character);
        length += 1;
    }
    finish(&mut current, length, &mut escapes);
    tokens.push(current);
    if escaping {
        let index = count - 1;
        return Err(problem_at(expression, index..index + 1, Problem::EscapedEndOfLine));
    }
    tokens.push(Token {
        kind: TokenKind::EndOfLine,
        text: String::new(),
        start: count,
        end: count,
    });
    Ok(tokens)
}

/// Sets the token's end and returns it.
fn finish(token: &mut Token, length: usize, escapes: &mut usize) -> usize {
    let escapes = if token.kind == TokenKind::Text { std::mem::take(escapes) } else { 0 };
    token.end = token.start + length + escapes;
    token.end
}
